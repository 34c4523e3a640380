import type { KeyVaultManagementClient, VaultsGetOptionalParams } from '@azure/arm-keyvault';

import { isJsonObject, type JsonObject } from '../model/json.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { Refusal } from '../model/refusal.ts';
import type { VaultAddress } from '../model/arm-ports.ts';
import type { AzureConnection } from './connection.ts';
import { refusal, toRefusal } from './refusal.ts';

/** ARM's answer to a GET of one vault: the body as received, which the SDK client would reduce to the fields it knows. */
type ArmRead =
  | { readonly kind: 'found'; readonly body: JsonObject }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

/** Reads one vault or managed HSM from ARM. The request is sent once; only a refused token is renewed. */
export async function readFromArm(
  connection: AzureConnection,
  vault: VaultAddress,
  signal: AbortSignal,
): Promise<ArmRead> {
  const client = await connection.keyVault(vault.subscriptionId);
  const got = await exchangeWithClient(connection, (onResponse) =>
    get(client, vault, { abortSignal: signal, onResponse }).catch((error: unknown) => {
      throw signal.aborted ? new DOMException('interrupted', 'AbortError') : error;
    }),
  );
  if (got.kind === 'refused') return toRead(got.refusal);
  if (isJsonObject(got.body)) return { kind: 'found', body: got.body };
  return { kind: 'failed', refusal: malformed };
}

/** The observer of an answer as it was received. */
export type OnResponse = NonNullable<VaultsGetOptionalParams['onResponse']>;
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

type Exchanged =
  | { readonly kind: 'answered'; readonly body: unknown; readonly requestId: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly acceptedAs?: string };

/** Runs one request of the SDK client and keeps what the client drops. A refused token is renewed, once. */
export async function exchangeWithClient(
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
