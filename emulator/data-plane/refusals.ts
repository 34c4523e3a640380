import type { Json, JsonObject } from '../../src/model/json.ts';
import { textOf } from '../key-vault/store.ts';
import { json } from '../responses.ts';
import type { World } from '../world.ts';

/** An error as a data plane says it. */
interface PlaneFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The code of `innererror`, which is the telling one. */
  readonly inner?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The error body of a data plane. Source: recorded traffic of Azure/azure-sdk-for-js, sdk/keyvault. */
export function planeError(world: World, { status, code, message, inner, headers }: PlaneFailure): Response {
  const error: Json = { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) };
  return json(
    { error },
    {
      status,
      headers: { 'x-ms-request-id': world.newId(), 'x-ms-keyvault-region': 'westeurope', ...headers },
    },
  );
}

/** The caller as the messages of a data plane name it. */
export function callerOf({ principal, tenant }: World): string {
  const issuer = `iss=https://sts.windows.net/${tenant.tenantId}/`;
  return `appid=${principal.clientId};oid=${principal.objectId};${issuer}`;
}

/** A vault as the messages of its data plane name it. */
export function vaultWords(vault: JsonObject): string {
  return `${textOf(vault, 'name')};location=${textOf(vault, 'location')}`;
}
