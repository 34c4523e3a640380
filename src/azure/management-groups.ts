import { isJsonObject, type JsonObject } from '../model/json.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import type { Session } from './session.ts';
import type { ArmSubscription } from './subscriptions.ts';

/** The oldest version that pages descendants, and one that every cloud has. */
const apiVersion = '2020-05-01';

/**
 * Every subscription anywhere below a management group, whether or not the identity may read inside. Throws
 * `AzureError` (403, 404) when the group itself may not be read.
 */
export async function listDescendants(
  connection: AzureConnection,
  session: Session,
  groupId: string,
): Promise<readonly ArmSubscription[]> {
  const group = `/providers/Microsoft.Management/managementGroups/${encodeURIComponent(groupId)}`;
  const operation = `read what is below management group ${groupId}`;
  const path = `${group}/descendants?api-version=${apiVersion}`;
  const { signal } = session;
  const rows = await readArmList(connection, { operation, path, session, isEntry: isDescendant }, signal);
  return rows.flatMap(toSubscription);
}

function isDescendant({ type, name }: JsonObject): boolean {
  return typeof type === 'string' && typeof name === 'string';
}

function toSubscription({ type, name, properties }: JsonObject): readonly ArmSubscription[] {
  if (typeof type !== 'string' || typeof name !== 'string' || !type.toLowerCase().endsWith('/subscriptions'))
    return [];
  const displayName = isJsonObject(properties) ? properties['displayName'] : undefined;
  return [{ id: name, name: typeof displayName === 'string' ? displayName : name }];
}
