import type { WriteAction, WriteAnswer, WriteSender, VaultAddress } from '../model/arm-ports.ts';
import { sendChange, type ArmExchange, exchangeWithArm } from './arm-exchange.ts';
import type { AzureConnection } from './connection.ts';
import { versionOf } from './recycle-bin.ts';
import { atVault } from './vault-plane.ts';
import type { KeyVaultManagementClient, ManagedHsm, VaultPatchParameters } from '@azure/arm-keyvault';
import { type JsonObject, isJsonObject } from '../model/json.ts';
import type { Refusal } from '../model/refusal.ts';
import { refuseChanges } from '../remediation/patchable.ts';
import { knownType } from '../resource-types/known-type.ts';
import { exchangeWithClient, type OnResponse } from './vaults.ts';
import { isTransientStatus, mostFailures } from '../model/retry.ts';
import { redact } from '../reporters/text/redaction.ts';
import { readErrorBody } from './error-body.ts';
import { refusal } from './refusal.ts';

/**
 * Sends every kind of write to ARM, or to the data plane of a vault: no other request changes anything in Azure. `pollMs` is
 * the pause between polls of an operation, where Azure asks for none.
 */
export function armWriteSender(connection: AzureConnection, pollMs = 2000): WriteSender {
  return {
    async send(action, signal) {
      if (action.kind === 'patch') return patchVault(connection, action, { pollMs, signal });
      return 'object' in action
        ? sendToVault(connection, action)
        : sendToRecycleBin(connection, action, { pollMs, signal });
    },
  };
}

/**
 * Changes a vault or a managed HSM by PATCH; a PUT would take away what it does not name. `signal` ends the waiting for a
 * long-running operation, not the request.
 */
async function patchVault(
  connection: AzureConnection,
  { vault, body }: Extract<WriteAction, { readonly kind: 'patch' }>,
  { pollMs, signal }: FollowOptions,
): Promise<WriteAnswer> {
  const client = await connection.keyVault(vault.subscriptionId);
  const sent = await exchangeWithClient(connection, (onResponse) =>
    update(client, vault, { body, pollMs, signal, onResponse }),
  );
  if (sent.kind === 'answered') return { kind: 'accepted', requestId: sent.requestId, followed: true };
  const { refusal: refused, acceptedAs: requestId } = sent;
  if (requestId === undefined) return { kind: 'refused', refusal: refused };
  // It is on its way, whatever became of asking: it must not be sent again.
  if (!isFinal(refused)) return unfollowed(requestId, refused);
  // An operation that has failed says so in an answer that has not.
  return { kind: 'failedLater', refusal: { ...refused, status: refused.status || 200, requestId } };
}

interface Update {
  readonly body: JsonObject;
  readonly pollMs: number;
  readonly signal: AbortSignal;
  readonly onResponse: OnResponse;
}

/** A vault answers at once; a managed HSM by a long-running operation, which is waited for. */
async function update(
  client: KeyVaultManagementClient,
  { type, resourceGroup, name }: VaultAddress,
  { body, pollMs, signal, onResponse }: Update,
): Promise<void> {
  if (!isPatch(body, type)) throw new Error(`a body that may not be sent reached the writer: ${type}`);
  if (knownType(type)?.operations === 'vaults') {
    await client.vaults.update(resourceGroup, name, body, { onResponse });
    return;
  }
  const options = { updateIntervalInMs: pollMs, onResponse };
  const operation = client.managedHsms.update(resourceGroup, name, body, options);
  await operation.submitted();
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(followForMs)]);
  await operation.pollUntilDone({ abortSignal });
}

/** Every property that passes has the SDK's own name for it, and Azure checks its value. */
function isPatch(body: JsonObject, type: string): body is JsonObject & VaultPatchParameters & ManagedHsm {
  return refuseChanges(body, type) === undefined;
}

/** The operation itself has failed; anything else is a failure to ask. */
function isFinal({ status, code }: Refusal): boolean {
  if (code === 'OperationFailed') return true;
  return status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status);
}

/** Sends a recovery or a purge, and follows what Azure accepts to its end. */
async function sendToRecycleBin(
  connection: AzureConnection,
  action: Extract<WriteAction, { readonly kind: 'recover' | 'purge' }>,
  options: FollowOptions,
): Promise<WriteAnswer> {
  const { id, vault } = action.deleted;
  const { armEndpoint } = connection.cloud;
  const version = `?api-version=${versionOf(vault.type)}`;
  const sent = await sendChange(
    connection,
    action.kind === 'purge'
      ? { method: 'POST', url: `${armEndpoint}${encodeURI(id)}/purge${version}` }
      : { method: 'PUT', url: `${armEndpoint}${encodeURI(vault.id)}${version}`, body: action.body },
  );
  if (sent.kind === 'refused') return sent;
  const { requestId, location, status } = sent;
  if (status !== 202) return { kind: 'accepted', requestId, followed: true };
  return location === undefined
    ? unfollowed(requestId)
    : followOperation(connection, { requestId, location }, options);
}

/**
 * Sends a recovery (`POST /deletedsecrets/{name}/recover`) or a purge (`DELETE /deletedsecrets/{name}`), once. A recovery is
 * accepted long before the object is there; a purge is answered when it is done.
 */
async function sendToVault(
  connection: AzureConnection,
  { kind, object }: Extract<WriteAction, { readonly kind: 'recoverObject' | 'purgeObject' }>,
): Promise<WriteAnswer> {
  const at = atVault(connection, object.plane);
  if ('refusal' in at) return { kind: 'refused', refusal: at.refusal };
  const entry = `${at.endpoint}/deleted${object.type}s/${encodeURIComponent(object.name)}`;
  const isPurge = kind === 'purgeObject';
  const sent = await sendChange(at.connection, {
    method: isPurge ? 'DELETE' : 'POST',
    url: `${entry}${isPurge ? '' : '/recover'}?api-version=7.4`,
  });
  return sent.kind === 'refused' ? sent : { kind: 'accepted', requestId: sent.requestId, followed: isPurge };
}

/** A long-running operation that Azure has accepted. */
interface AcceptedOperation {
  readonly requestId: string;
  /** The address at which Azure reports the state of the operation. */
  readonly location: string;
}

/** The pace of following an operation; `signal` ends it. */
interface FollowOptions {
  /** The pause between polls, where Azure asks for none: the 202 of a purge has no `Retry-After`. */
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

/**
 * Follows a long-running operation to its end, which its own body tells: an operation that has failed is answered with
 * 200 and `{"status": "Failed"}`, which the SDK's poller takes for success.
 */
async function followOperation(
  connection: AzureConnection,
  { requestId, location }: AcceptedOperation,
  { pollMs, signal }: FollowOptions,
): Promise<WriteAnswer> {
  const { clock, cloud } = connection;
  if (!isAt(location, cloud.armEndpoint)) return unfollowed(requestId);
  const until = clock.now() + followForMs;
  for (let failures = 0; !signal.aborted && clock.now() < until;) {
    const poll = await exchangeWithArm(connection, { method: 'GET', url: location, signal });
    const state = stateOf(poll);
    if (state.kind === 'succeeded') return { kind: 'accepted', requestId, followed: true };
    if (state.kind === 'failed') return { kind: 'failedLater', refusal: { ...state.refusal, requestId } };
    failures = poll.kind === 'refused' ? failures + 1 : 0;
    if (state.kind !== 'running' || failures > mostFailures)
      return unfollowed(requestId, poll.kind === 'refused' ? poll.refusal : undefined);
    await clock.sleep(Math.max(pollMs, state.retryAfterMs), signal);
  }
  return unfollowed(requestId);
}

/** The answer about an operation that Azure accepted and that was not followed to its end, for want of a right or another reason. */
function unfollowed(requestId: string, reason?: Refusal): WriteAnswer {
  const answer = { kind: 'accepted', requestId, followed: false } as const;
  return reason?.status === 403 ? { ...answer, denied: reason } : answer;
}

/** An operation that takes longer is looked at in its target instead. */
const followForMs = 30 * 60_000;

/** A token is never sent to another host, nor in the clear. */
function isAt(location: string, endpoint: string): boolean {
  return URL.canParse(location) && new URL(location).origin === new URL(endpoint).origin;
}

type OperationState =
  | { readonly kind: 'running'; readonly retryAfterMs: number }
  | { readonly kind: 'succeeded' | 'unknown' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

function stateOf(poll: ArmExchange): OperationState {
  if (poll.kind === 'refused') return stateOfRefused(poll.refusal);
  const { status, body, retryAfterMs } = poll;
  if (status === 204) return { kind: 'succeeded' };
  if (status === 202) return { kind: 'running', retryAfterMs };
  if (!isJsonObject(body)) return { kind: 'unknown' };
  const word = body['status'];
  // Without a status, the answer is the resource that the operation was about.
  if (typeof word !== 'string' || /^succeeded$/i.test(word)) return { kind: 'succeeded' };
  if (!/^(failed|cancell?ed)$/i.test(word)) return { kind: 'running', retryAfterMs };
  const { code, message } = readErrorBody(JSON.stringify(body));
  const said = { code: code || word, message: redact(message || `the operation ended as ${word}`) };
  return { kind: 'failed', refusal: refusal({ status: 200, ...said }) };
}

function stateOfRefused(refused: Refusal): OperationState {
  const { status, retryAfterMs = 0 } = refused;
  if (status === 429 || isTransientStatus(status)) return { kind: 'running', retryAfterMs };
  // A refusal to tell is not the operation's own word: what it was about must tell.
  return { kind: 'unknown' };
}
