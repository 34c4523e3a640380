import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { DeletedRead, DeletedVault, RecycleBin, WriteAction, WriteAnswer } from '../model/arm-ports.ts';
import type { Refusal } from '../model/refusal.ts';
import { isTransientStatus, mostFailures } from '../model/retry.ts';
import { knownType, toDeletedVault } from '../resource-types/known-type.ts';
import type { RecycleBinSpelling } from '../resource-types/resource-type.ts';
import { respell } from '../resource-types/spelling.ts';
import { exchangeWithArm, type ArmExchange } from './arm-exchange.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import { refusal } from './refusal.ts';
import type { Session } from './session.ts';
import { readErrorBody } from './error-body.ts';
import { redact } from '../reporters/text/redaction.ts';

/** The recycle bins of subscriptions, which ARM alone shows. `watched` counts the retries and waits of the lists. */
export function armRecycleBin(
  connection: AzureConnection,
  watched?: Pick<Session, 'cost' | 'onWait'>,
): RecycleBin {
  const { armEndpoint } = connection.cloud;
  return {
    async list(subscriptionId, type, signal) {
      const { collection } = binOf(type);
      const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/Microsoft.KeyVault/${collection}`;
      const list = {
        operation: `read the deleted ${knownType(type)?.words.many ?? 'resources'} of subscription ${subscriptionId}`,
        path: `${path}?api-version=${versionOf(type)}`,
        ...(watched === undefined ? {} : { session: { ...watched, signal } }),
        isEntry: (row: JsonObject) => isEntryOf(subscriptionId, toEntry(row, type)),
      };
      const rows = await readArmList(connection, list, signal);
      // An entry may slide to the next page while pages are read: it is one all the same.
      const entries = rows.flatMap((row) => toEntry(row, type) ?? []);
      return [...new Map(entries.map((entry) => [entry.id.toLowerCase(), entry])).values()];
    },
    async read({ id, vault }, signal) {
      const url = `${armEndpoint}${encodeURI(id)}?api-version=${versionOf(vault.type)}`;
      const got = await exchangeWithArm(connection, { method: 'GET', url, signal });
      if (got.kind === 'answered')
        return got.status === 204 ? notFound : readFrom(got.body, { id, type: vault.type });
      const { status, code } = got.refusal;
      const isAbsent = status === 404 && absentCodes.has(code.toLowerCase());
      return isAbsent ? notFound : { kind: 'failed', refusal: got.refusal };
    },
  };
}

const notFound: DeletedRead = { kind: 'notFound' };

/** ARM's own words for an entry that is not there. Whoever may not read it gets a 403. */
const absentCodes = new Set(['deletedvaultnotfound', 'deletedmanagedhsmnotfound', 'resourcenotfound']);

/** Sends a recovery or a purge, and follows what Azure accepts to its end. */
export async function sendToRecycleBin(
  connection: AzureConnection,
  action: Extract<WriteAction, { readonly kind: 'recover' | 'purge' }>,
  options: FollowOptions,
): Promise<WriteAnswer> {
  const { id, vault } = action.deleted;
  const { armEndpoint } = connection.cloud;
  const version = `?api-version=${versionOf(vault.type)}`;
  const sent = await exchangeWithArm(
    connection,
    action.kind === 'purge'
      ? { method: 'POST', url: `${armEndpoint}${encodeURI(id)}/purge${version}` }
      : { method: 'PUT', url: `${armEndpoint}${encodeURI(vault.id)}${version}`, body: action.body },
  );
  if (sent.kind === 'refused') return sent;
  const { requestId, location, status } = sent;
  if (status !== 202) return { kind: 'accepted', requestId, followed: true };
  return location === undefined
    ? { kind: 'accepted', requestId, followed: false }
    : followOperation(connection, { requestId, location }, options);
}

function binOf(type: string): RecycleBinSpelling {
  const bin = knownType(type)?.recycleBin;
  if (bin === undefined) throw new Error(`ARM shows no recycle bin for resources of type ${type}`);
  return bin;
}

function versionOf(type: string): string {
  return knownType(type)?.apiVersion ?? '';
}

/** An entry in Azure's spelling, which not every gateway keeps; `undefined` where two spellings tell different things. */
function toEntry(row: JsonObject, type: string): DeletedVault | undefined {
  const { body, conflicts } = respell(row);
  return conflicts.length === 0 ? toDeletedVault(body, type) : undefined;
}

/** The recycle bin of a subscription holds what was deleted in it: an entry of another one was not asked for. */
function isEntryOf(subscriptionId: string, entry: DeletedVault | undefined): boolean {
  if (entry === undefined) return false;
  const asked = `/subscriptions/${subscriptionId}/`.toLowerCase();
  return [entry.id, entry.vault.id].every((id) => id.toLowerCase().startsWith(asked));
}

function readFrom(body: unknown, { id, type }: { readonly id: string; readonly type: string }): DeletedRead {
  const deleted = isJsonObject(body) ? toEntry(body, type) : undefined;
  if (deleted?.id.toLowerCase() === id.toLowerCase()) return { kind: 'found', deleted };
  const message =
    deleted === undefined
      ? 'the answer is not an entry of a recycle bin'
      : 'the answer is about another entry of the recycle bin';
  return { kind: 'failed', refusal: refusal({ status: 0, code: 'MalformedAnswer', message }) };
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
  const unfollowed: WriteAnswer = { kind: 'accepted', requestId, followed: false };
  if (!isAt(location, cloud.armEndpoint)) return unfollowed;
  const until = clock.now() + followForMs;
  for (let failures = 0; !signal.aborted && clock.now() < until;) {
    const poll = await exchangeWithArm(connection, { method: 'GET', url: location, signal });
    const state = stateOf(poll);
    if (state.kind === 'succeeded') return { kind: 'accepted', requestId, followed: true };
    if (state.kind === 'failed') return { kind: 'failedLater', refusal: { ...state.refusal, requestId } };
    failures = poll.kind === 'refused' ? failures + 1 : 0;
    if (state.kind !== 'running' || failures > mostFailures) return unfollowed;
    await clock.sleep(Math.max(pollMs, state.retryAfterMs), signal);
  }
  return unfollowed;
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
