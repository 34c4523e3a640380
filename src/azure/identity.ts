import type { TokenCredential } from '@azure/identity';

import { tryParseJson } from '../documents/json/parse.ts';
import { AzureError } from '../model/errors.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { Identity } from '../model/identity.ts';
import type { CloudEndpoints } from './cloud-endpoints.ts';
import type { AzureConnection } from './connection.ts';
import { asAzureError } from './azure-error.ts';

/** Reads the identity from the claims of the token. Throws `AzureError` when the sign-in fails, or the token does not identify the caller. */
export async function currentIdentity({ credential, cloud }: AzureConnection): Promise<Identity> {
  const claims = claimsOf(await tokenFrom(credential, cloud));
  const [tenantId, objectId] = [claim(claims, 'tid'), claim(claims, 'oid')];
  if (tenantId !== undefined && objectId !== undefined) return { tenantId, objectId };
  throw new AzureError('could not identify the signed-in user: the token names no tenant or no object id', {
    operation: 'sign in',
    status: 0,
    code: 'UnknownIdentity',
    requestId: '',
    hint: 'Sign in to a tenant of Microsoft Entra ID, as a user, an application or a managed identity.',
  });
}

async function tokenFrom(credential: TokenCredential, cloud: CloudEndpoints): Promise<string> {
  try {
    const token = await credential.getToken(cloud.armScope);
    return token?.token ?? '';
  } catch (error) {
    throw asAzureError('sign in to Azure', error, cloud);
  }
}

/** The payload of a JWT. It is read, not verified: Azure verifies it, we only say who acts. */
function claimsOf(token: string): unknown {
  return tryParseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

function claim(claims: unknown, name: string): string | undefined {
  const value: Json | undefined = isJsonObject(claims) ? claims[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
