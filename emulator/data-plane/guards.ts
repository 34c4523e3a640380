import { BlockList } from 'node:net';
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { claimsOf } from '../authentication.ts';
import { textOf } from '../key-vault/store.ts';
import { mayWithData } from '../rights/rights.ts';
import type { World } from '../world.ts';
import { type Collection, type Plane, propertiesOf } from './objects.ts';
import { callerOf, planeError, vaultWords } from './refusals.ts';

/** 401 with the challenge of Key Vault for a request without a token, or with one that was issued for something else. */
export function refuseToken({ headers }: Request, audience: string, world: World): Response | undefined {
  const header = headers.get('authorization');
  if (header === null)
    return unauthorized(world, audience, 'AKV10000: Request is missing a Bearer or PoP token.');
  const claims = claimsOf(header.replace(/^Bearer /i, ''));
  const { aud, exp } = isJsonObject(claims) ? claims : {};
  if (typeof exp !== 'number' || exp * 1000 <= world.now())
    return unauthorized(
      world,
      audience,
      'AKV10046: Unable to resolve the key used for signature validation.',
    );
  const given = typeof aud === 'string' ? aud : '';
  if (given.replace(/\/$/, '') === audience) return undefined;
  return unauthorized(world, audience, `AKV10022: Invalid audience. Expected ${audience}, found: ${given}.`);
}

function unauthorized(world: World, audience: string, message: string): Response {
  const authority = `https://login.microsoftonline.com/${world.tenant.tenantId}`;
  const challenge = `Bearer authorization="${authority}", resource="${audience}"`;
  return planeError(world, {
    status: 401,
    code: 'Unauthorized',
    message,
    headers: { 'www-authenticate': challenge },
  });
}

/**
 * 403 for a client that the network rules do not let in. The emulated client is outside, at the address in the options.
 * Words as public reports show them: hashicorp/terraform-provider-azurerm#4553, MicrosoftDocs/azure-docs#52649.
 */
export function refuseNetwork({ vault }: Plane, world: World): Response | undefined {
  const { publicNetworkAccess, networkAcls } = propertiesOf(vault);
  const address = world.options.clientAddress ?? '198.51.100.7';
  const of = `\r\nCaller: ${callerOf(world)}\r\nVault: ${vaultWords(vault)}`;
  if (publicNetworkAccess === 'Disabled')
    return planeError(world, {
      status: 403,
      code: 'Forbidden',
      message: `Public network access is disabled and request is not from a trusted service nor via an approved private link.${of}`,
      inner: 'ForbiddenByConnection',
    });
  const isClosed = publicNetworkAccess === 'SecuredByPerimeter' || isDenied(networkAcls, address);
  if (!isClosed) return undefined;
  return planeError(world, {
    status: 403,
    code: 'Forbidden',
    message: `Client address is not authorized and caller is not a trusted service.\r\nClient address: ${address}${of}`,
    inner: 'ForbiddenByFirewall',
  });
}

function isDenied(networkAcls: Json | undefined, address: string): boolean {
  if (!isJsonObject(networkAcls) || networkAcls['defaultAction'] !== 'Deny') return false;
  const open = new BlockList();
  const rules = networkAcls['ipRules'];
  for (const rule of Array.isArray(rules) ? rules.filter(isJsonObject) : []) {
    const [net = '', bits = '32'] = textOf(rule, 'value').split('/');
    open.addSubnet(net, Number(bits));
  }
  return !open.check(address);
}

/** A right on a collection: how roles and how access policies call it. */
export interface PlaneRight {
  readonly dataAction: string;
  readonly permission: string;
}

/**
 * What an operation takes. Lists of secrets take `readMetadata`; an access policy calls what returns a deleted object `get`.
 * Sources: the data actions of the built-in roles, and the REST reference of each operation.
 */
export function rightTo(
  operation: 'list' | 'get' | 'getDeleted' | 'delete' | 'recover' | 'purge',
  collection: Collection,
): PlaneRight {
  const base = `Microsoft.KeyVault/vaults/${collection}`;
  const isSecret = collection === 'secrets';
  const read = isSecret ? `${base}/readMetadata/action` : `${base}/read`;
  switch (operation) {
    case 'list':
      return { dataAction: read, permission: 'list' };
    case 'getDeleted':
      return { dataAction: read, permission: 'get' };
    case 'get':
      return { dataAction: isSecret ? `${base}/getSecret/action` : read, permission: 'get' };
    case 'delete':
      return { dataAction: `${base}/delete`, permission: 'delete' };
    case 'recover':
    case 'purge':
      return { dataAction: `${base}/${operation}/action`, permission: operation };
  }
}

/** A right on a collection, and on one object in it where a request names one. */
interface NeededRight extends PlaneRight {
  readonly collection: Collection;
  readonly name: string | undefined;
}

/** 403 for a principal to whom neither a role nor, where the vault goes by them, an access policy gives a right. */
export function refuseRight({ vault }: Plane, right: NeededRight, world: World): Response | undefined {
  if (propertiesOf(vault)['enableRbacAuthorization'] !== true) return refuseByPolicy(vault, right, world);
  const { dataAction, collection, name } = right;
  const id = textOf(vault, 'id');
  if (mayWithData(world.tenant, dataAction, id)) return undefined;
  const resource = `${id.toLowerCase()}${name === undefined ? '' : `/${collection}/${name.toLowerCase()}`}`;
  return planeError(world, {
    status: 403,
    code: 'Forbidden',
    message:
      'Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role ' +
      'definitions were changed recently, please observe propagation time.\r\n' +
      `Caller: ${callerOf(world)}\r\nAction: '${dataAction}'\r\nResource: '${resource}'\r\n` +
      `Assignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\nVault: ${vaultWords(vault)}\r\n`,
    inner: 'ForbiddenByRbac',
  });
}

function refuseByPolicy(
  vault: JsonObject,
  { collection, permission }: NeededRight,
  world: World,
): Response | undefined {
  const { accessPolicies } = propertiesOf(vault);
  const own = (Array.isArray(accessPolicies) ? accessPolicies : [])
    .filter(isJsonObject)
    .filter(({ objectId }) => objectId === world.principal.objectId);
  if (own.some((policy) => isPermitted(policy, collection, permission))) return undefined;
  return planeError(world, {
    status: 403,
    code: 'Forbidden',
    message:
      `The user, group or application '${callerOf(world)}' does not have ${collection} ${permission} permission on key ` +
      `vault '${vaultWords(vault)}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
    inner: 'ForbiddenByPolicy',
  });
}

/** `all` is all but `purge`. */
function isPermitted({ permissions }: JsonObject, collection: Collection, permission: string): boolean {
  const given = isJsonObject(permissions) ? permissions[collection] : undefined;
  const names = new Set((Array.isArray(given) ? given : []).map((one) => String(one).toLowerCase()));
  return names.has(permission) || (permission !== 'purge' && names.has('all'));
}
