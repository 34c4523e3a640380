import type { AzureConnection } from '../../azure/connection.ts';
import { readRows } from '../../azure/graph-sequence.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError, UsageError } from '../../model/errors.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { unlistedGroup, unlistedTenant, unreadableGroup, unreadableName } from './gaps.ts';
import { managementGroupsQuery, type LiveQuery } from './query.ts';
import { type ReadScope, combineSnapshots, emptyScopeError } from './read-scope.ts';
import type { TargetSnapshot } from './snapshot.ts';
import { snapshotTarget } from './target-snapshot.ts';
import { targetGroup, targetSubscriptions, targetTenant, type NamedScope } from './targets.ts';

export interface NamedRequest {
  readonly named: NamedScope;
  readonly query: LiveQuery;
}

/** Takes the first snapshot of everything named. Throws `AzureError` when nothing of it is visible. */
export async function takeFirstSnapshot(
  connection: AzureConnection,
  session: Session,
  request: NamedRequest,
): Promise<ReadScope> {
  const { named, query } = request;
  const taken: TargetSnapshot[] = [];
  const groups: string[] = [];
  const unreadable: Unreadable[] = [];
  if (named.subscriptions.length === 0 && named.managementGroups.length === 0) {
    const target = await targetTenant(connection, session);
    if (target.unlisted !== undefined) unreadable.push(unlistedTenant(target.unlisted));
    taken.push(await snapshotTarget(connection, session, { target, query }));
  }
  if (named.subscriptions.length > 0) {
    const target = await targetSubscriptions(connection, session, named.subscriptions);
    unreadable.push(...target.unknown.map(unreadableName));
    taken.push(await snapshotTarget(connection, session, { target, query }));
  }
  for (const name of unique(named.managementGroups)) {
    const group = await snapshotGroup(connection, session, { name, query });
    taken.push(group.snapshot);
    groups.push(group.id);
    const [refusal] = group.snapshot.refused;
    const { expected, unlisted } = group.snapshot.target;
    // It was named, so that all below it is expected; what is not known to be there would not be missed.
    if (expected === undefined && refusal !== undefined && group.snapshot.seen.length === 0)
      unreadable.push(unreadableGroup(name, refusal.error));
    else if (unlisted !== undefined) unreadable.push(unlistedGroup(name, unlisted));
  }
  const readScope = { ...combineSnapshots(taken, query), managementGroups: groups, unreadable };
  const error = emptyScopeError(readScope, taken);
  if (error !== undefined) throw error;
  return readScope;
}

/** Azure knows no letter case in ids of management groups. */
function unique(names: readonly string[]): readonly string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

/** Tries the name as an id first, then as a display name. */
async function snapshotGroup(
  connection: AzureConnection,
  session: Session,
  { name, query }: { readonly name: string; readonly query: LiveQuery },
): Promise<{ readonly id: string; readonly snapshot: TargetSnapshot }> {
  const target = await targetGroup(connection, session, name);
  const first = await snapshotTarget(connection, session, { target, query });
  if (first.refused.length === 0 || target.expected !== undefined) return { id: name, snapshot: first };
  const id = await findGroupByName(connection, session, name);
  if (id === undefined || id.toLowerCase() === name.toLowerCase()) return { id: name, snapshot: first };
  const renamed = await targetGroup(connection, session, id);
  return { id, snapshot: await snapshotTarget(connection, session, { target: renamed, query }) };
}

/**
 * The id of the management group with that display name; `undefined` when none shows. Azure itself takes ids only, and
 * people know names. Throws `UsageError` when several groups share the name.
 */
async function findGroupByName(
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
