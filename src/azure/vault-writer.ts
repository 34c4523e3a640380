import type {
  KeyVaultManagementClient,
  ManagedHsm,
  VaultPatchParameters,
  VaultsGetOptionalParams,
} from '@azure/arm-keyvault';

import { isJsonObject, type JsonObject } from '../model/json.ts';
import { isManagedHsm } from '../model/resource.ts';
import type { PatchAnswer, Refusal, VaultAddress } from '../model/vault-writer.ts';
import { refuseChanges } from '../remediation/patchable.ts';
import type { AzureConnection } from './connection.ts';
import { refusal, toRefusal } from './refusal.ts';

/** What ARM answers to a GET of one vault: the body as it came, which the SDK client would cut to what it knows. */
type ArmRead =
  | { readonly kind: 'found'; readonly body: JsonObject }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

/** Single vaults and managed HSMs in ARM. Each request is sent once; only a refused token is renewed. */
export interface ArmVaults {
  read(vault: VaultAddress, signal: AbortSignal): Promise<ArmRead>;
  patch(vault: VaultAddress, body: JsonObject): Promise<PatchAnswer>;
}

/**
 * Reads by GET and changes by PATCH; there is no PUT here, for it would take away what it does not name.
 * `pollMs` is the pause between looks at a long-running operation, where Azure asks for none.
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
    async patch(vault, body) {
      const sent = await exchange(connection, (onResponse) =>
        update(connection.keyVault(vault.subscriptionId), vault, { body, pollMs, onResponse }),
      );
      return sent.kind === 'refused' ? sent : { kind: 'accepted', requestId: sent.requestId };
    },
  };
}

type OnResponse = NonNullable<VaultsGetOptionalParams['onResponse']>;
type RawResponse = Parameters<OnResponse>[0];

async function get(
  client: KeyVaultManagementClient,
  { type, resourceGroup, name }: VaultAddress,
  options: { readonly abortSignal: AbortSignal; readonly onResponse: OnResponse },
): Promise<void> {
  await (isManagedHsm(type)
    ? client.managedHsms.get(resourceGroup, name, options)
    : client.vaults.get(resourceGroup, name, options));
}

interface Update {
  readonly body: JsonObject;
  readonly pollMs: number;
  readonly onResponse: OnResponse;
}

/** A vault answers at once; a managed HSM by a long-running operation, which is waited for. */
async function update(
  client: KeyVaultManagementClient,
  { type, resourceGroup, name }: VaultAddress,
  { body, pollMs, onResponse }: Update,
): Promise<void> {
  if (!isPatch(body, type)) throw new Error(`a body that may not be sent reached the writer: ${type}`);
  await (isManagedHsm(type)
    ? client.managedHsms.update(resourceGroup, name, body, { updateIntervalInMs: pollMs, onResponse })
    : client.vaults.update(resourceGroup, name, body, { onResponse }));
}

/** Every property that passes has the SDK's own name for it, and Azure checks its value. */
function isPatch(body: JsonObject, type: string): body is JsonObject & VaultPatchParameters & ManagedHsm {
  return refuseChanges(body, type) === undefined;
}

type Exchanged =
  | { readonly kind: 'answered'; readonly body: unknown; readonly requestId: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

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
      const refused = toRefusal(error, seen.response?.parsedBody, connection.cloud);
      return { kind: 'refused', refusal: isAccepted(seen.response) ? { ...refused, status: 0 } : refused };
    }
  };
  const first = await once();
  if (first.kind !== 'refused' || first.refusal.status !== 401) return first;
  connection.renewToken();
  return once();
}

/** The request was accepted; what failed is asking what came of it. */
function isAccepted(response: RawResponse | undefined): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300;
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
