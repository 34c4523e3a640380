import { isJsonObject } from '../src/model/json.ts';
import { armError } from './responses.ts';
import type { World } from './world.ts';

/** Refuses a request without a valid bearer token; undefined when it may go on. */
export function refuseUnauthenticated(headers: Headers, world: World): Response | undefined {
  const header = headers.get('authorization');
  if (header === null) {
    return unauthorized(
      world,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const claims = claimsOf(header.replace(/^Bearer /i, ''));
  const expiry = isJsonObject(claims) ? claims['exp'] : undefined;
  if (typeof expiry !== 'number') {
    return unauthorized(world, 'InvalidAuthenticationToken', 'The access token is invalid.');
  }
  if (expiry * 1000 > world.now()) return undefined;
  const [ended, now] = [new Date(expiry * 1000), new Date(world.now())].map((time) => time.toISOString());
  return unauthorized(
    world,
    'ExpiredAuthenticationToken',
    `The access token expiry UTC time '${ended}' is earlier than current UTC time '${now}'.`,
  );
}

/** A token in the shape of a JWT, with the claims that clients read. It is signed by nobody. */
export function issueToken(
  world: World,
  audience: string,
): { readonly token: string; readonly lifetimeMs: number } {
  const lifetimeMs = world.options.tokenLifetimeMs ?? 3_600_000;
  const issued = Math.floor(world.now() / 1000);
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${world.tenant.tenantId}/`,
    iat: issued,
    nbf: issued,
    exp: issued + Math.floor(lifetimeMs / 1000),
    appid: world.principal.clientId,
    idtyp: 'app',
    oid: world.principal.objectId,
    tid: world.tenant.tenantId,
    ver: '1.0',
  };
  const [header, payload] = [{ typ: 'JWT', alg: 'RS256', kid: 'emulator' }, claims].map(encode);
  return {
    token: `${header}.${payload}.${Buffer.from('not a signature').toString('base64url')}`,
    lifetimeMs,
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** The claims of a token, which nobody has signed; undefined for what is none. */
export function claimsOf(token: string): unknown {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return claims;
  } catch {
    return undefined;
  }
}

function unauthorized(world: World, code: string, message: string): Response {
  const authority = `https://login.microsoftonline.com/${world.tenant.tenantId}`;
  const challenge = `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message}"`;
  return armError({ status: 401, code, message, headers: { 'www-authenticate': challenge } });
}
