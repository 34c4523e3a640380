import type { PagesResult } from './read-pages.ts';
import type { Discrepancy, Progress, Reader } from './progress.ts';
import type { ReceivedRows } from './received-rows.ts';
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

/** The state after a comparison, the subscriptions that a further read may complete, and their latest snapshot. */
export interface ComparisonResult {
  readonly progress: Progress;
  readonly ids: readonly string[];
  readonly shown: Snapshot;
}

/** The rows received, and the state before a comparison. */
interface Current {
  readonly received: ReceivedRows;
  readonly progress: Progress;
}

/** Compares the rows received with the later snapshot, and finds the discrepancy of each subscription where they differ. */
export function compare({ received }: Reader, progress: Progress, comparison: Comparison): ComparisonResult {
  const { ids, after } = comparison;
  const [discrepancies, changed] = [new Map(progress.discrepancies), new Set(progress.changed)];
  const [lastShown, tallies] = [new Map(progress.lastShown), new Map(progress.tallies)];
  const withGaps = received.incomplete.withGaps();
  const incomplete: string[] = [];
  for (const id of ids) {
    const discrepancy = isComplete({ received, progress }, id, comparison)
      ? gapsIn(withGaps.has(id))
      : explain({ received, progress }, id, comparison);
    if (discrepancy === undefined) {
      discrepancies.delete(id);
      received.incomplete.discard(id);
    } else {
      discrepancies.set(id, discrepancy);
      if (discrepancy.kind !== 'failed') incomplete.push(id);
      if (discrepancy.kind === 'changed') changed.add(id);
    }
    const counted = after.counts.get(id)?.tallies;
    lastShown.set(id, rowsIn(id, after) + passedIn(counted, progress.query));
    if (!changed.has(id) && after.visible.has(id)) tallies.set(id, counted ?? []);
  }
  return {
    progress: { ...progress, discrepancies, changed, lastShown, tallies },
    ids: incomplete,
    shown: after,
  };
}

function gapsIn(withGaps: boolean): Discrepancy | undefined {
  return withGaps ? { kind: 'gaps' } : undefined;
}

/** True when the rows received are those of the snapshot, and Azure does not say that there are more. */
function isComplete({ received, progress }: Current, id: string, { after, pass }: Comparison): boolean {
  if (hasDisappeared(id, after, progress.readScope) || after.failureOf(id) !== undefined) return false;
  if (isTruncated(progress.discrepancies.get(id), id, pass)) return false;
  const shown = setOf(id, after);
  if (isSameSet(received.received(id), shown)) return true;
  // Rows that were received earlier and deleted since do no harm, unless they are counted now among those that pass.
  const readsAll = progress.query.pushedDown === undefined || progress.changed.has(id);
  return readsAll && isSameSet(received.receivedInPass(id), shown);
}

function explain(
  { received, progress }: Current,
  id: string,
  { before, after, pass }: Comparison,
): Discrepancy {
  const refusal = after.failureOf(id);
  if (refusal !== undefined) return { kind: 'failed', failure: refusal };
  if (hasDisappeared(id, after, progress.readScope)) return { kind: 'disappeared' };
  const failure = pass.failureOf(id);
  const rows = rowsIn(id, after);
  const truncated = isTruncated(progress.discrepancies.get(id), id, pass);
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
