import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError, UsageError } from '../../model/errors.ts';
import { isGuid } from '../../model/guid.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { absentGroup, unlistedGroup, unlistedTenant, unreadableGroup, unreadableName } from './gaps.ts';
import type { LiveQuery } from './query.ts';
import type { FirstPage } from './first-page.ts';
import { combineSnapshots, emptyScopeError, emptyScopeOperation, type ReadScope } from './read-scope.ts';
import { snapshotScope } from './scope-snapshot.ts';
import type { TargetSnapshot } from './snapshot.ts';
import {
  type Named,
  suggestAmong,
  suggestVisible,
  targetSubscriptions,
  visibleGroups,
} from './named-scope.ts';
import {
  snapshotListed,
  snapshotTarget,
  targetGroup,
  type TargetRequest,
  targetTenant,
} from './target-snapshot.ts';

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
  readonly firstPage: FirstPage;
}

/** The snapshot of one thing that was named, or of the whole tenant. */
interface TakenSnapshot {
  readonly snapshot: TargetSnapshot;
  /** The id of the management group that it is of. */
  readonly group?: string;
  readonly unreadable: readonly Unreadable[];
  /** The names among them that Azure does not know. */
  readonly absent?: readonly string[];
}

/** Takes the first snapshot of everything named. Throws `AzureError` when nothing of it is visible. */
export async function takeFirstSnapshot(
  connection: AzureConnection,
  session: Session,
  request: NamedRequest,
): Promise<ReadScope> {
  const { named, query, firstPage } = request;
  const { subscriptions } = named;
  const groups = unique(named.managementGroups);
  const isOneTarget = groups.length + Math.min(1, subscriptions.length) <= 1;
  const asking = { query, ...(isOneTarget ? { ask: askWithPage(firstPage) } : {}) };
  const taken = await Promise.all([
    ...(groups.length + subscriptions.length === 0 ? [snapshotTenant(connection, session, asking)] : []),
    ...(subscriptions.length > 0
      ? [snapshotSubscriptions(connection, session, { ...asking, subscriptions })]
      : []),
    ...groups.map((name) => snapshotGroup(connection, session, { ...asking, name })),
  ]);
  const snapshots = taken.map(({ snapshot }) => snapshot);
  const readScope = {
    ...combineSnapshots(snapshots, query),
    managementGroups: taken.flatMap(({ group }) => group ?? []),
    unreadable: taken.flatMap(({ unreadable }) => unreadable),
    absent: new Set(taken.flatMap(({ absent = [] }) => absent)),
  };
  const error = emptyScopeError(readScope, snapshots);
  if (error === undefined) return readScope;
  if (error.operation !== emptyScopeOperation) throw error;
  const suggest = suggestVisible(connection, session);
  const meant = await Promise.all(subscriptions.filter(isGuid).map(suggest));
  const { message, operation, status, code, requestId } = error;
  const hint = `${meant.join('')} ${error.hint}`.trim();
  throw new AzureError(message, { operation, status, code, requestId, hint });
}

/** Takes the snapshot of a scope, and asks for its first page without waiting for the counts. */
function askWithPage(firstPage: FirstPage): typeof snapshotScope {
  return (connection, session, { scope, query }) => {
    const answer = snapshotScope(connection, session, { scope, query });
    firstPage.ask(scope, query);
    return answer;
  };
}

/** The query of a snapshot, and the way of asking it in each scope. */
type Asking = Pick<TargetRequest, 'query' | 'ask'>;

async function snapshotTenant(
  connection: AzureConnection,
  session: Session,
  asking: Asking,
): Promise<TakenSnapshot> {
  const target = targetTenant(connection, session);
  const snapshot = await snapshotListed(connection, session, {
    ...asking,
    scope: { kind: 'tenant' },
    target,
  });
  const { unlisted } = snapshot.target;
  return { snapshot, unreadable: unlisted === undefined ? [] : [unlistedTenant(unlisted)] };
}

async function snapshotSubscriptions(
  connection: AzureConnection,
  session: Session,
  { subscriptions, ...asking }: Asking & Pick<NamedScope, 'subscriptions'>,
): Promise<TakenSnapshot> {
  const target = await targetSubscriptions(connection, session, subscriptions);
  const snapshot = await snapshotTarget(connection, session, { ...asking, target });
  const unreadable = target.unknown.map(async (name) => unreadableName(name, await target.suggest(name)));
  return { snapshot, unreadable: await Promise.all(unreadable), absent: target.unknown };
}

async function snapshotGroup(
  connection: AzureConnection,
  session: Session,
  request: Asking & { readonly name: string },
): Promise<TakenSnapshot> {
  const { name } = request;
  const { id, snapshot, suggestion } = await findGroup(connection, session, request);
  const [refusal] = snapshot.refused;
  const { expected, unlisted } = snapshot.target;
  // It was named, so that all below it is expected; what is not known to be there would not be missed.
  if (expected === undefined && refusal !== undefined && snapshot.seen.length === 0) {
    if (unlisted?.status !== 404)
      return { snapshot, group: id, unreadable: [unreadableGroup(name, refusal.error, suggestion)] };
    return { snapshot, group: id, unreadable: [absentGroup(name, suggestion)], absent: [name] };
  }
  return { snapshot, group: id, unreadable: unlisted === undefined ? [] : [unlistedGroup(name, unlisted)] };
}

/** Azure knows no letter case in ids of management groups. */
function unique(names: readonly string[]): readonly string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

/** A management group as it was found, with a question after the one that may be meant where it was not. */
interface FoundGroup {
  readonly id: string;
  readonly snapshot: TargetSnapshot;
  readonly suggestion: string;
}

/** Tries the name as an id first, then as a display name. */
async function findGroup(
  connection: AzureConnection,
  session: Session,
  { name, ...asking }: Asking & { readonly name: string },
): Promise<FoundGroup> {
  const first = await snapshotById(name);
  if (first.refused.length === 0 || first.target.expected !== undefined)
    return { id: name, snapshot: first, suggestion: '' };
  const groups = await visibleGroups(connection, session);
  const id = idOfGroup(name, groups);
  if (id === undefined || id.toLowerCase() === name.toLowerCase())
    return { id: name, snapshot: first, suggestion: suggestAmong(groups)(name) };
  return { id, snapshot: await snapshotById(id), suggestion: '' };

  function snapshotById(groupId: string): Promise<TargetSnapshot> {
    const scope = { kind: 'managementGroup', id: groupId } as const;
    const target = targetGroup(connection, session, groupId);
    return snapshotListed(connection, session, { ...asking, scope, target });
  }
}

/**
 * The id of the management group with that display name; `undefined` when none shows. Azure itself takes ids only, and
 * people know names. Throws `UsageError` when several groups share the name.
 */
function idOfGroup(displayName: string, groups: readonly Named[]): string | undefined {
  const called = groups.filter(({ name }) => name.toLowerCase() === displayName.toLowerCase());
  if (called.length <= 1) return called[0]?.id;
  throw new UsageError(
    `${called.length} management groups are called ${JSON.stringify(displayName)}`,
    `Name the one that is meant by its id: ${called.map(({ id }) => id).join(', ')}.`,
  );
}
