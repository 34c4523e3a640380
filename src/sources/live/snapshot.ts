import { countsAll } from '../../model/rows-wanted.ts';
import { createHash } from 'node:crypto';

import type { GraphScope } from '../../azure/graph-query.ts';
import type { AzureError } from '../../model/errors.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { Subscription } from '../../model/source.ts';
import { readChain } from '../rows/subscription-row.ts';
import type { LiveQuery } from './query.ts';

/** A subscription that Resource Graph shows. */
export interface VisibleSubscription extends Subscription {
  /** `Enabled`, `Disabled`, `Warned`, …; empty when Azure does not say. */
  readonly state: string;
}

/** Reads a row about a subscription. */
export function readVisible(row: JsonObject, id: string): VisibleSubscription {
  const { name, properties } = row;
  const { state, managementGroupAncestorsChain } = isJsonObject(properties) ? properties : {};
  return {
    id,
    name: typeof name === 'string' && name !== '' ? name : id,
    state: typeof state === 'string' ? state : '',
    managementGroups: readChain(managementGroupAncestorsChain),
  };
}

/** Rows of a subscription: those that are to be read, and the query's tallies of the others, in their order. */
export interface RowCounts extends RowSet {
  readonly tallies: readonly number[];
}

/** A snapshot of a scope at one moment. The maps are by subscription id in lower case. */
export interface Snapshot {
  readonly visible: ReadonlyMap<string, VisibleSubscription>;
  readonly counts: ReadonlyMap<string, RowCounts>;
}

/** Merges snapshots of several scopes. Where they overlap, the larger count applies. */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const visible = new Map(snapshots.flatMap((snapshot) => [...snapshot.visible]));
  const counts = new Map<string, RowCounts>();
  for (const [id, found] of snapshots.flatMap((snapshot) => [...snapshot.counts])) {
    if (found.rows >= (counts.get(id)?.rows ?? 0)) counts.set(id, found);
  }
  return { visible, counts };
}

/** Every subscription that shows, itself or by its rows. */
export function idsIn({ visible, counts }: Snapshot): ReadonlySet<string> {
  return new Set([...visible.keys(), ...counts.keys()]);
}

/** The number of rows of a subscription that are to be read. */
export function rowsIn(id: string, { counts }: Snapshot): number {
  return counts.get(id)?.rows ?? 0;
}

/** True where both show the same rows to be read; tallies of the others may differ. */
export function showSameRows(id: string, one: Snapshot, other: Snapshot): boolean {
  return isSameSet(setOf(id, one), setOf(id, other));
}

/** A set of rows, by their number and the sum of their checksums: two sets that agree in both are the same. */
export interface RowSet {
  readonly rows: number;
  readonly checksum: number;
}

/** The rows of a subscription that are to be read. */
export function setOf(id: string, { counts }: Snapshot): RowSet {
  return counts.get(id) ?? noRows;
}

/** A set without rows. */
export const noRows: RowSet = { rows: 0, checksum: 0 };

export function isSameSet(one: RowSet, other: RowSet): boolean {
  return one.rows === other.rows && one.checksum === other.checksum;
}

/** A later snapshot of known targets. Subscriptions are by id in lower case. */
export interface LaterSnapshot extends Snapshot {
  /** Every subscription that they hold by now, if it is visible or listed. */
  readonly found: ReadonlySet<string>;
  /** The error for which a subscription that is not visible may exist all the same: the snapshot of its target failed. */
  readonly failureOf: (subscriptionId: string) => AzureError | undefined;
}

/** The snapshots of a target, scope by scope, and the refusals of Resource Graph. */
export interface TargetSnapshot {
  readonly target: SnapshotTarget;
  readonly seen: readonly { readonly scope: GraphScope; readonly snapshot: Snapshot }[];
  readonly refused: readonly { readonly scope: GraphScope; readonly error: AzureError }[];
}

/** The checksum of a row, computed here. As large as the one that Resource Graph computes, so that sums stay whole numbers. */
export function checksumOf(id: string): number {
  return createHash('sha256').update(id.toLowerCase()).digest().readUInt32BE() % 2_147_483_647;
}

/** The number of rows in the tallies that Resource Graph did not return. */
export function passedIn(tallies: readonly number[] | undefined, { pushedDown }: LiveQuery): number {
  return (pushedDown?.tallies ?? []).reduce(
    (sum, tally, index) => sum + (countsAll(tally) ? (tallies?.[index] ?? 0) : 0),
    0,
  );
}

/** A value that applies to a whole scope. */
export interface Scoped<T> {
  readonly scope: GraphScope;
  readonly value: T;
}

/** Finds the value of the scope that may hold a subscription, by its id in lower case: a scope that is not a list may hold any. */
export function byScope<T>(known: readonly Scoped<T>[]): (subscriptionId: string) => T | undefined {
  const listed = new Map(
    known.flatMap(({ scope, value }) =>
      scope.kind === 'subscriptions' ? scope.ids.map((id) => [id, value] as const) : [],
    ),
  );
  const open = known.findLast(({ scope }) => scope.kind !== 'subscriptions');
  return (id) => listed.get(id) ?? open?.value;
}

/** A subscription by its id, and what it is called. */
export interface NamedSubscription {
  readonly id: string;
  readonly name: string;
}

/** Subscriptions; `undefined` where they cannot be listed. */
export type Members = readonly NamedSubscription[] | undefined;

/** One target of a snapshot, and the subscriptions that must be accounted for in it, where they can be listed beforehand. */
export interface SnapshotTarget {
  readonly scopes: readonly GraphScope[];
  readonly expected: Members;
  /** The error for which its subscriptions could not be listed. */
  readonly unlisted?: AzureError;
}

/**
 * Subscriptions a list may hold. Resource Graph refuses more than 1,000; Microsoft advises to stay below 300, and larger
 * lists have been seen to give inconsistent rows.
 * Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
 */
const subscriptionsPerList = 300;

/** Lists of at most `subscriptionsPerList` subscriptions. */
export function subscriptionLists(ids: readonly string[]): readonly GraphScope[] {
  const lists: GraphScope[] = [];
  for (let start = 0; start < ids.length; start += subscriptionsPerList) {
    lists.push({ kind: 'subscriptions', ids: ids.slice(start, start + subscriptionsPerList) });
  }
  return lists;
}

/** A target of an earlier snapshot, and the subscriptions that it held then, by id in lower case. */
export interface KnownTarget {
  readonly target: SnapshotTarget;
  readonly held: ReadonlySet<string>;
}

/** The ids of subscriptions in lower case; none where they cannot be listed. */
export function lowerIds(members: Members): readonly string[] {
  return (members ?? []).map(({ id }) => id.toLowerCase());
}
