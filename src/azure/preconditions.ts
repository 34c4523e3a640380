import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Lock, Permission, Preconditions } from '../model/preconditions.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';

/** Looks for what would make Azure refuse a write. Whoever may not read that is not stopped: it is `undefined`. */
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
      unlessRefused(async () => {
        const rows = await readArmList(
          connection,
          {
            operation: `read your rights on ${vaultId}`,
            path: `${encodeURI(vaultId)}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
          },
          signal,
        );
        return rows.map(toPermission);
      }),
  };
}

const locksPath = '/providers/Microsoft.Authorization/locks';

/** Preconditions are a courtesy: whatever goes wrong here, the write itself will tell. */
async function unlessRefused<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** The id of a lock is that of what it stands on, followed by the lock's own part. */
function toLock(row: JsonObject): readonly Lock[] {
  const { id, name, properties } = row;
  const level = isJsonObject(properties) ? properties['level'] : undefined;
  if (typeof id !== 'string' || (level !== 'ReadOnly' && level !== 'CanNotDelete')) return [];
  const end = id.toLowerCase().lastIndexOf(locksPath.toLowerCase());
  return [{ scope: id.slice(0, Math.max(0, end)), name: typeof name === 'string' ? name : '', level }];
}

function toPermission({ actions, notActions }: JsonObject): Permission {
  return { actions: textsIn(actions), notActions: textsIn(notActions) };
}

function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
