import type { PagesResult } from './read-pages.ts';
import type { Discrepancy, Read } from './read.ts';
import {
  isSameSet,
  passedIn,
  rowsIn,
  setOf,
  showSameRows,
  type LaterSnapshot,
  type Snapshot,
} from './snapshot.ts';

/** The rows of one pass over subscriptions, with the snapshots before and after it. */
export interface Comparison {
  readonly ids: readonly string[];
  readonly before: Snapshot;
  readonly after: LaterSnapshot;
  readonly pass: PagesResult;
}

/** The subscriptions that a further read may complete, and the latest snapshot of all. */
export interface ComparisonResult {
  readonly ids: readonly string[];
  readonly shown: Snapshot;
}

/** Compares the rows received with the later snapshot, and records the discrepancy of each subscription where they differ. */
export function compare(read: Read, comparison: Comparison): ComparisonResult {
  const { received, state } = read;
  const { ids, after } = comparison;
  const withGaps = received.incomplete.withGaps();
  const left: string[] = [];
  for (const id of ids) {
    const discrepancy = isComplete(read, id, comparison)
      ? gapsIn(withGaps.has(id))
      : explain(read, id, comparison);
    if (discrepancy === undefined) {
      state.discrepancies.delete(id);
      received.incomplete.discard(id);
    } else {
      state.discrepancies.set(id, discrepancy);
      if (discrepancy.kind !== 'failed') left.push(id);
      if (discrepancy.kind === 'changed') state.changed.add(id);
    }
    const passed = passedIn(after.counts.get(id)?.tallies, read.query);
    state.lastShown.set(id, rowsIn(id, after) + passed);
    if (!state.changed.has(id) && after.visible.has(id))
      state.tallies.set(id, after.counts.get(id)?.tallies ?? []);
  }
  return { ids: left, shown: after };
}

function gapsIn(withGaps: boolean): Discrepancy | undefined {
  return withGaps ? { kind: 'gaps' } : undefined;
}

/** True when the rows received are those of the snapshot, and Azure does not say that there are more. */
function isComplete({ received, query, state }: Read, id: string, { after, pass }: Comparison): boolean {
  if (hasDisappeared(id, after, state.readScope) || after.failureOf(id) !== undefined) return false;
  if (isTruncated(state.discrepancies.get(id), id, pass)) return false;
  const shown = setOf(id, after);
  if (isSameSet(received.received(id), shown)) return true;
  // Rows that were received earlier and deleted since do no harm, unless they are counted now among those that pass.
  const readsAll = query.pushedDown === undefined || state.changed.has(id);
  return readsAll && isSameSet(received.receivedInPass(id), shown);
}

function explain({ received, state }: Read, id: string, { before, after, pass }: Comparison): Discrepancy {
  const refusal = after.failureOf(id);
  if (refusal !== undefined) return { kind: 'failed', failure: refusal };
  if (hasDisappeared(id, after, state.readScope)) return { kind: 'disappeared' };
  const failure = pass.failureOf(id);
  const rows = rowsIn(id, after);
  const truncated = isTruncated(state.discrepancies.get(id), id, pass);
  const isShort = received.received(id).rows < rows && showSameRows(id, before, after);
  return isShort || truncated ? { kind: 'short', rows, truncated, failure } : { kind: 'changed', failure };
}

/** A pass that failed does not refute that Azure withheld rows in the one before. */
function isTruncated(earlier: Discrepancy | undefined, id: string, pass: PagesResult): boolean {
  const wasTruncated = earlier?.kind === 'short' && earlier.truncated;
  return pass.isTruncated(id) || (wasTruncated && pass.failureOf(id) !== undefined);
}

function hasDisappeared(id: string, after: Snapshot, readScope: Snapshot | undefined): boolean {
  return readScope?.visible.has(id) === true && !after.visible.has(id);
}
