import type { Subscription } from '../../model/source.ts';

/** A subscription that Resource Graph shows. */
export interface VisibleSubscription extends Subscription {
  /** `Enabled`, `Disabled`, `Warned`, …; empty when Azure does not say. */
  readonly state: string;
}

/** Rows of a subscription: those that are to be read, and the query's tallies of the others, in their order. */
export interface RowCounts extends RowSet {
  readonly tallies: readonly number[];
}

/** What Resource Graph shows of a scope at one moment. The maps are by subscription id in lower case. */
export interface Snapshot {
  readonly visible: ReadonlyMap<string, VisibleSubscription>;
  readonly counts: ReadonlyMap<string, RowCounts>;
}

/** Puts together what was seen of several scopes. Where they overlap, the larger count stands. */
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

/** How many rows of a subscription are to be read. */
export function rowsIn(id: string, { counts }: Snapshot): number {
  return counts.get(id)?.rows ?? 0;
}

/** True where both show the same rows to be read, whatever they tally of the others. */
export function showSameRows(id: string, one: Snapshot, other: Snapshot): boolean {
  return isSameSet(setOf(id, one), setOf(id, other));
}

/** A set of rows, by how many they are and the sum of their marks: two sets that agree in both are the same. */
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
