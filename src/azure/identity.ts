import type { TokenCredential } from '@azure/identity';
import { tryParseJson } from '../documents/json/parse.ts';
import { AzureError } from '../model/errors.ts';
import type { Identity } from '../model/identity.ts';
import { isJsonObject, type Json } from '../model/json.ts';

/**
 * The identity that a token is for; `undefined` where it names no tenant or no object id. The token is read, not verified:
 * Azure verifies it, we only say who acts.
 */
export function identityIn(token: string): Identity | undefined {
  const claims: unknown = tryParseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const [tenantId, objectId] = [claim(claims, 'tid'), claim(claims, 'oid')];
  if (tenantId === undefined || objectId === undefined) return undefined;
  const name = claim(claims, 'upn') ?? claim(claims, 'unique_name');
  const applicationId = claim(claims, 'idtyp') === 'app' ? claim(claims, 'appid') : undefined;
  return {
    tenantId,
    objectId,
    ...(name === undefined ? {} : { name }),
    ...(applicationId === undefined ? {} : { applicationId }),
  };
}

function claim(claims: unknown, name: string): string | undefined {
  const value: Json | undefined = isJsonObject(claims) ? claims[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Tells the listener of the identity in the first token that names one. */
export function identityListener(
  listener: ((identity: Identity) => void) | undefined,
): (token: string) => void {
  let isTold = listener === undefined;
  return (token) => {
    const identity = isTold ? undefined : identityIn(token);
    if (identity === undefined) return;
    isTold = true;
    listener?.(identity);
  };
}

/** The same sign-in, which fails where it is to another tenant: not every credential can be told which one is meant. */
export function inTenant(credential: TokenCredential, tenantId: string): TokenCredential {
  return {
    async getToken(scopes, options) {
      const token = await credential.getToken(scopes, options);
      const identity = identityIn(token?.token ?? '');
      if (identity?.tenantId.toLowerCase() === tenantId.toLowerCase()) return token;
      const found = identity === undefined ? 'a tenant that the token does not name' : identity.tenantId;
      throw new AzureError(
        `the sign-in is to ${found}, and --tenant or the configuration names ${tenantId}`,
        {
          operation: 'sign in',
          status: 0,
          code: 'OtherTenant',
          requestId: '',
          hint: `A service principal has its tenant in AZURE_TENANT_ID. Sign in to it: \`az login --tenant ${tenantId}\``,
        },
      );
    },
  };
}
