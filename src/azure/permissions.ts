import type { TokenCredential } from '@azure/identity';
import { exchangeWithArm } from './arm-exchange.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import type { Session } from './session.ts';
import { sendWithRetry } from './send-with-retry.ts';
import type { CloudEndpoints } from './cloud-endpoints.ts';
import { asAzureError } from './azure-error.ts';
import { identityIn } from './identity.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Permission } from '../model/permission.ts';
import { AzureError } from '../model/errors.ts';
import type { Lock, Preconditions } from '../model/preconditions.ts';
import type { Identity } from '../model/identity.ts';
import { knownType } from '../resource-types/known-type.ts';

/** The scope of permissions: an ARM id of a management group, a subscription, a resource group or a resource. */
export interface PermissionScope {
  readonly scope: string;
  /** The name of the scope in messages. */
  readonly what: string;
  readonly session?: Session;
}

/**
 * The permissions of the caller at a scope, by roles held there or above. An entry that cannot be understood, or that holds only
 * under a condition, grants nothing. Throws `AzureError`, also for want of Microsoft.Authorization/permissions/read.
 * Source: https://learn.microsoft.com/rest/api/authorization/permissions
 */
export async function readPermissions(
  connection: AzureConnection,
  { scope, what, session }: PermissionScope,
  signal: AbortSignal,
): Promise<readonly Permission[]> {
  const list = {
    operation: `read your permissions on ${what}`,
    path: `${encodeURI(scope)}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
    ...(session === undefined ? {} : { session }),
  };
  const rows = await readArmList(connection, list, signal);
  return rows.flatMap(toPermission);
}

function toPermission({ actions, notActions, condition }: JsonObject): readonly Permission[] {
  const [granted, takenAway] = [textsIn(actions), textsIn(notActions ?? [])];
  if (granted === undefined || takenAway === undefined || !isUnset(condition)) return [];
  return [{ actions: granted, notActions: takenAway }];
}

function textsIn(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** Vaults or managed HSMs of a subscription. */
export interface ReadProbe {
  readonly subscriptionId: string;
  /** A resource type of Key Vault. */
  readonly type: string;
}

// No role can be assigned to a resource group that does not exist: only rights on the subscription or above count there.
const noGroup = 'purgeproof-no-such-group';
const noResource = 'purgeproof-none';
const notFound: ReadonlySet<string> = new Set(['ResourceGroupNotFound', 'ResourceNotFound']);

/**
 * True when ARM lets the identity read resources of a type at the scope of a subscription, by asking for one that does not
 * exist: ARM checks rights before anything else, so "not found" is an answer only for those who may read there. False
 * where it says anything else.
 */
export async function mayRead(
  connection: AzureConnection,
  session: Session,
  { subscriptionId, type }: ReadProbe,
): Promise<boolean> {
  const operations = knownType(type)?.operations;
  if (operations === undefined) return false;
  const client = await connection.keyVault(subscriptionId);
  const { get } = client[operations];
  try {
    await sendWithRetry(connection, session, {
      operation: `try to read ${type} in subscription ${subscriptionId}`,
      governed: false,
      run: async (abortSignal) => ({ value: await get(noGroup, noResource, { abortSignal }) }),
    });
    return false;
  } catch (error) {
    if (error instanceof AzureError) return error.status === 404 && notFound.has(error.code);
    throw error;
  }
}

/** Reads the conditions that would make Azure refuse a write. Those that may not be read are `undefined`. */
export function armPreconditions(connection: AzureConnection): Preconditions {
  return {
    locks: (subscriptionId, signal) =>
      unlessRefused(async () => {
        const rows = await readArmList(
          connection,
          {
            operation: `read the locks of subscription ${subscriptionId}`,
            path: `/subscriptions/${encodeURIComponent(subscriptionId)}${locksPath}?api-version=2016-09-01`,
          },
          signal,
        );
        return rows.flatMap(toLock);
      }),
    permissions: (scope, signal) =>
      unlessRefused(() => readPermissions(connection, { scope, what: scope }, signal)),
    async groupExists(id, signal) {
      const url = `${connection.cloud.armEndpoint}${encodeURI(id)}?api-version=2021-04-01`;
      const got = await exchangeWithArm(connection, { method: 'GET', url, signal });
      if (got.kind === 'answered') return true;
      return /^ResourceGroupNotFound$/i.test(got.refusal.code) ? false : undefined;
    },
  };
}

const locksPath = '/providers/Microsoft.Authorization/locks';

/** Preconditions are a courtesy: if this fails, the write itself will show what is wrong. */
async function unlessRefused<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** The id of a lock is the id of the locked scope, followed by the lock's own part. */
function toLock(row: JsonObject): readonly Lock[] {
  const { id, name, properties } = row;
  const level = isJsonObject(properties) ? properties['level'] : undefined;
  if (typeof id !== 'string' || (level !== 'ReadOnly' && level !== 'CanNotDelete')) return [];
  const end = id.toLowerCase().lastIndexOf(locksPath.toLowerCase());
  return [{ scope: id.slice(0, Math.max(0, end)), name: typeof name === 'string' ? name : '', level }];
}

/** Reads the identity from the claims of the token. Throws `AzureError` when the sign-in fails, or the token does not identify the caller. */
export async function currentIdentity({ credential, cloud }: AzureConnection): Promise<Identity> {
  const identity = identityIn(await tokenFrom(credential, cloud));
  if (identity !== undefined) return identity;
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
