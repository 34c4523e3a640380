import type { AzureConnection } from '../../azure/connection.ts';
import { readRows } from '../../azure/graph-sequence.ts';
import type { Session } from '../../azure/session.ts';
import { type ArmSubscription, listSubscriptions } from '../../azure/subscriptions.ts';
import { AzureError, UsageError } from '../../model/errors.ts';
import { isGuid } from '../../model/guid.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { unlistedGroup, unlistedTenant, unreadableGroup, unreadableName } from './gaps.ts';
import { type LiveQuery, managementGroupsQuery } from './query.ts';
import { combineSnapshots, emptyScopeError, type ReadScope } from './read-scope.ts';
import { type SnapshotTarget, subscriptionLists, type TargetSnapshot } from './snapshot.ts';
import { snapshotTarget, targetGroup, targetTenant } from './target-snapshot.ts';

/** The scope that the user named; both empty means everything that is visible to the identity. */
export interface NamedScope {
  /** Ids in any letter case, or display names. */
  readonly subscriptions: readonly string[];
  /** Ids, or display names. */
  readonly managementGroups: readonly string[];
}

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
    return rows.flatMap(({ name: id, properties }) => {
      const shown = isJsonObject(properties) ? properties['displayName'] : undefined;
      return typeof shown === 'string' && shown.toLowerCase() === name && typeof id === 'string' ? [id] : [];
    });
  } catch (error) {
    if (error instanceof AzureError) return [];
    throw error;
  }
}

/** Named subscriptions. A display name is looked up among those that the identity may list. */
export async function targetSubscriptions(
  connection: AzureConnection,
  session: Session,
  named: readonly string[],
): Promise<SnapshotTarget & { readonly unknown: readonly string[] }> {
  const isKnownById = named.every((name) => isGuid(name));
  const listed = isKnownById ? [] : uniqueById(await listSubscriptions(connection, session));
  const found = new Map<string, ArmSubscription>();
  const unknown = new Map<string, string>();
  for (const name of named) {
    const subscription = isGuid(name) ? byId(name, listed) : byName(name, listed);
    if (subscription === undefined) unknown.set(name.toLowerCase(), name);
    else found.set(subscription.id.toLowerCase(), subscription);
  }
  return {
    scopes: subscriptionLists([...found.keys()]),
    expected: [...found.values()],
    unknown: [...unknown.values()],
  };
}

/** Azure may list a subscription on two pages when the list changes in between. */
function uniqueById(listed: readonly ArmSubscription[]): readonly ArmSubscription[] {
  return [...new Map(listed.map((one) => [one.id.toLowerCase(), one])).values()];
}

function byId(id: string, listed: readonly ArmSubscription[]): ArmSubscription {
  return listed.find((one) => one.id.toLowerCase() === id.toLowerCase()) ?? { id, name: id };
}

function byName(name: string, listed: readonly ArmSubscription[]): ArmSubscription | undefined {
  const exact = listed.filter((one) => one.name === name);
  const alike =
    exact.length > 0 ? exact : listed.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  if (alike.length <= 1) return alike[0];
  throw new UsageError(
    `${alike.length} subscriptions are called ${JSON.stringify(name)}`,
    `Name the one that is meant by its id: ${alike.map(({ id }) => id).join(', ')}.`,
  );
}
