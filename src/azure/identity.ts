import { isJsonObject, type Json } from '../model/json.ts';
import type { Identity } from '../model/vault-writer.ts';
import type { AzureConnection } from './connection.ts';
import { describeFailure } from './failure.ts';

/** Who is signed in, from the claims of the token. Throws `AzureError` when nobody is. */
export async function whoAmI({ credential, cloud }: AzureConnection): Promise<Identity> {
  try {
    const token = await credential.getToken(cloud.armScope);
    const claims = claimsOf(token?.token ?? '');
    return { tenantId: claim(claims, 'tid'), objectId: claim(claims, 'oid') };
  } catch (error) {
    throw describeFailure('sign in to Azure', error, cloud);
  }
}

/** The payload of a JWT. It is read, not verified: Azure verifies it, we only say who acts. */
function claimsOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function claim(claims: unknown, name: string): string {
  const value: Json | undefined = isJsonObject(claims) ? claims[name] : undefined;
  return typeof value === 'string' ? value : 'unknown';
}
