import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Lock, Preconditions } from '../model/preconditions.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import { readPermissions } from './permissions.ts';

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
    permissions: (vaultId, signal) =>
      unlessRefused(() => readPermissions(connection, { scope: vaultId, what: vaultId }, signal)),
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
