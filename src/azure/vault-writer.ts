import type {
  KeyVaultManagementClient,
  ManagedHsm,
  VaultPatchParameters,
  VaultsGetOptionalParams,
} from '@azure/arm-keyvault';

import { isJsonObject, type JsonObject } from '../model/json.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { Refusal } from '../model/refusal.ts';
import type { VaultAddress, WriteAnswer } from '../model/arm-ports.ts';
import { refuseChanges } from '../remediation/patchable.ts';
import type { AzureConnection } from './connection.ts';
import { refusal, toRefusal } from './refusal.ts';

/** ARM's answer to a GET of one vault: the body as received, which the SDK client would reduce to the fields it knows. */
type ArmRead =
  | { readonly kind: 'found'; readonly body: JsonObject }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

/** Single vaults and managed HSMs in ARM. Each request is sent once; only a refused token is renewed. */
export interface ArmVaults {
  read(vault: VaultAddress, signal: AbortSignal): Promise<ArmRead>;
  /** `signal` ends the waiting for a long-running operation, not the request. */
  patch(vault: VaultAddress, body: JsonObject, signal: AbortSignal): Promise<WriteAnswer>;
}

/**
 * Reads by GET and changes by PATCH; there is no PUT here, for it would take away what it does not name.
 * `pollMs` is the pause between polls of a long-running operation, where Azure asks for none.
 */
export function armVaults(connection: AzureConnection, pollMs = 2000): ArmVaults {
  return {
    async read(vault, signal) {
      const got = await exchange(connection, (onResponse) =>
        get(connection.keyVault(vault.subscriptionId), vault, { abortSignal: signal, onResponse }).catch(
          (error: unknown) => {
            throw signal.aborted ? new DOMException('interrupted', 'AbortError') : error;
          },
        ),
      );
      if (got.kind === 'refused') return toRead(got.refusal);
      if (isJsonObject(got.body)) return { kind: 'found', body: got.body };
      return { kind: 'failed', refusal: malformed };
    },
    async patch(vault, body, signal) {
      const sent = await exchange(connection, (onResponse) =>
        update(connection.keyVault(vault.subscriptionId), vault, { body, pollMs, signal, onResponse }),
      );
      if (sent.kind === 'answered') return { kind: 'accepted', requestId: sent.requestId, followed: true };
      const { refusal: refused, acceptedAs: requestId } = sent;
      if (requestId === undefined) return { kind: 'refused', refusal: refused };
      // It is on its way, whatever became of asking: it must not be sent again.
      if (!isFinal(refused)) return { kind: 'accepted', requestId, followed: false };
      // An operation that has failed says so in an answer that has not.
      return { kind: 'failedLater', refusal: { ...refused, status: refused.status || 200, requestId } };
    },
  };
}

/** An operation that takes longer is looked at in the vault instead. */
const followForMs = 30 * 60_000;

type OnResponse = NonNullable<VaultsGetOptionalParams['onResponse']>;
type RawResponse = Parameters<OnResponse>[0];

async function get(
  client: KeyVaultManagementClient,
  { type, resourceGroup, name }: VaultAddress,
  options: { readonly abortSignal: AbortSignal; readonly onResponse: OnResponse },
): Promise<void> {
  const operations = knownType(type)?.operations;
  if (operations === undefined) throw new Error(`ARM is not asked about resources of type ${type}`);
  await client[operations].get(resourceGroup, name, options);
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

type Exchanged =
  | { readonly kind: 'answered'; readonly body: unknown; readonly requestId: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly acceptedAs?: string };

/** Runs one request and keeps what the client drops. A refused token is renewed, once. */
async function exchange(
  connection: AzureConnection,
  run: (onResponse: OnResponse) => Promise<void>,
): Promise<Exchanged> {
  const once = async (): Promise<Exchanged> => {
    const seen: { response?: RawResponse } = {};
    try {
      await run((response) => {
        seen.response = response;
      });
      return answered(seen.response);
    } catch (error) {
      if (isUnread(error, seen.response)) return answered(seen.response);
      const refused = toRefusal(error, connection.cloud);
      const acceptedAs = isAccepted(seen.response) ? requestIdOf(seen.response) : undefined;
      return { kind: 'refused', refusal: refused, ...(acceptedAs === undefined ? {} : { acceptedAs }) };
    }
  };
  const first = await once();
  if (first.kind !== 'refused' || first.acceptedAs !== undefined || first.refusal.status !== 401)
    return first;
  connection.renewToken();
  return once();
}

/** The request was accepted; what failed is asking what came of it. */
function isAccepted(response: RawResponse | undefined): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300;
}

/** The operation itself has failed; anything else is a failure to ask. */
function isFinal({ status, code }: Refusal): boolean {
  if (code === 'OperationFailed') return true;
  return status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status);
}

function answered(response: RawResponse | undefined): Exchanged {
  return { kind: 'answered', body: response?.parsedBody, requestId: requestIdOf(response) };
}

/** The client trips over an answer that is not what it expects; the request was carried out all the same. */
function isUnread(error: unknown, response: RawResponse | undefined): boolean {
  return error instanceof TypeError && (response?.status === 200 || response?.status === 201);
}

function requestIdOf(response: RawResponse | undefined): string {
  return (
    response?.headers.get('x-ms-request-id') ?? response?.headers.get('x-ms-correlation-request-id') ?? ''
  );
}

/** Only ARM's own words that the vault, or its group, is not there count as its absence. */
function toRead(refused: Refusal): ArmRead {
  const absent = refused.status === 404 && /^(ResourceNotFound|ResourceGroupNotFound)$/i.test(refused.code);
  return absent ? { kind: 'notFound' } : { kind: 'failed', refusal: refused };
}

const malformed = refusal({ status: 0, code: 'MalformedAnswer', message: 'the answer is not a resource' });
