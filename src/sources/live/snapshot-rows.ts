import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { readChain } from '../rows/subscription-row.ts';
import type { LiveQuery } from './query.ts';
import type { RowCounts, Snapshot, VisibleSubscription } from './snapshot.ts';

/** A row of a look: what it is about, and what it says. `addsUp` is false where rows are in none of the counts. */
export type SnapshotRow =
  | { readonly key: string; readonly visible: VisibleSubscription }
  | { readonly key: string; readonly counts: RowCounts; readonly addsUp: boolean };

/** Reads a row of `lookQuery`; `undefined` when it is not one. */
export function readSnapshotRow(row: Json, query: LiveQuery): SnapshotRow | undefined {
  if (!isJsonObject(row)) return undefined;
  const { id, subscriptionId } = row;
  if (typeof subscriptionId !== 'string' || subscriptionId === '') return undefined;
  const key = subscriptionId.toLowerCase();
  if (id === subscriptionId) return readCounts(row, key, query);
  return { key, visible: readVisible(row, subscriptionId) };
}

/** Reads a row about a subscription; state and management groups stand in columns, or in its `properties`. */
export function readVisible(row: JsonObject, id: string): VisibleSubscription {
  const { name, properties } = row;
  const inside = isJsonObject(properties) ? properties : undefined;
  const state = row['state'] ?? inside?.['state'];
  return {
    id,
    name: typeof name === 'string' && name !== '' ? name : id,
    state: typeof state === 'string' ? state : '',
    managementGroups: readChain(row['chain'] ?? inside?.['managementGroupAncestorsChain']),
  };
}

/** Sorts rows by what they tell. */
export function toSnapshot(rows: readonly SnapshotRow[]): Snapshot {
  return {
    visible: new Map(rows.flatMap((row) => ('visible' in row ? [[row.key, row.visible] as const] : []))),
    counts: new Map(rows.flatMap((row) => ('counts' in row ? [[row.key, row.counts] as const] : []))),
  };
}

function readCounts(row: JsonObject, key: string, { pushedDown }: LiveQuery): SnapshotRow | undefined {
  const { rows, checksum } = row;
  const tallied = pushedDown?.tallies ?? [];
  const tallies = tallied.map((_, index) => row[`t${index}`]);
  const total = pushedDown === undefined ? rows : row['total'];
  if (!isCount(rows) || !isCount(checksum) || !isCount(total) || !tallies.every(isCount)) return undefined;
  const counted = tallied.reduce(
    (sum, { ruleId }, index) => sum + (ruleId === undefined ? (tallies[index] ?? 0) : 0),
    rows,
  );
  return { key, counts: { rows, checksum, tallies }, addsUp: counted === total };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number';
}
