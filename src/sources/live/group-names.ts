import type { AzureConnection } from '../../azure/connection.ts';
import { readRows } from '../../azure/graph-sequence.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError, UsageError } from '../../model/errors.ts';
import { isJsonObject } from '../../model/json.ts';
import { managementGroupsQuery } from './query.ts';

/**
 * The id of the management group with that display name; `undefined` when none shows. Azure itself takes ids only, and
 * people know names. Throws `UsageError` when several groups share the name.
 */
export async function findGroupByName(
  connection: AzureConnection,
  session: Session,
  displayName: string,
): Promise<string | undefined> {
  const ids = await groupsCalled(connection, session, displayName.toLowerCase());
  if (ids.length <= 1) return ids[0];
  throw new UsageError(
    `${ids.length} management groups are called ${JSON.stringify(displayName)}`,
    `Name the one that is meant by its id: ${ids.join(', ')}.`,
  );
}

async function groupsCalled(
  connection: AzureConnection,
  session: Session,
  name: string,
): Promise<readonly string[]> {
  try {
    const rows = await readRows(connection, session, {
      operation: 'look up management groups by name',
      query: managementGroupsQuery,
      scope: { kind: 'tenant' },
    });
    return rows.flatMap((row) => {
      const { name: id, properties } = isJsonObject(row) ? row : {};
      const shown = isJsonObject(properties) ? properties['displayName'] : undefined;
      return typeof shown === 'string' && shown.toLowerCase() === name && typeof id === 'string' ? [id] : [];
    });
  } catch (error) {
    if (error instanceof AzureError) return [];
    throw error;
  }
}
