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

/** A pass over subscriptions, and what they showed before and after it. */
export interface Comparison {
  readonly ids: readonly string[];
  readonly before: Snapshot;
  readonly after: LaterSnapshot;
  readonly pass: PagesResult;
}

/** Which of them reading again may settle, and what they show by now. */
export interface ComparisonResult {
  readonly ids: readonly string[];
  readonly shown: Snapshot;
}

/** Settles the subscriptions of which exactly the rows have come that they show, and notes why the others are not. */
export function compare(read: Read, comparison: Comparison): ComparisonResult {
  const { ledger, state } = read;
  const { ids, after } = comparison;
  const withGaps = ledger.incomplete.withGaps();
  const left: string[] = [];
  for (const id of ids) {
    const discrepancy = isComplete(read, id, comparison)
      ? gapsIn(withGaps.has(id))
      : explain(read, id, comparison);
    if (discrepancy === undefined) {
      state.discrepancies.delete(id);
      ledger.incomplete.discard(id);
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

/** True when the rows that came are those that show, and Azure does not say that there are more. */
function isComplete({ ledger, query, state }: Read, id: string, { after, pass }: Comparison): boolean {
  if (hasDisappeared(id, after, state.readScope) || after.failureOf(id) !== undefined) return false;
  if (isTruncated(state.discrepancies.get(id), id, pass)) return false;
  const shown = setOf(id, after);
  if (isSameSet(ledger.received(id), shown)) return true;
  // Rows that came earlier and have gone since do no harm, unless they are counted now among those that pass.
  const readsAll = query.pushedDown === undefined || state.changed.has(id);
  return readsAll && isSameSet(ledger.receivedInPass(id), shown);
}

function explain({ ledger, state }: Read, id: string, { before, after, pass }: Comparison): Discrepancy {
  const refusal = after.failureOf(id);
  if (refusal !== undefined) return { kind: 'failed', failure: refusal };
  if (hasDisappeared(id, after, state.readScope)) return { kind: 'disappeared' };
  const failure = pass.failureOf(id);
  const rows = rowsIn(id, after);
  const truncated = isTruncated(state.discrepancies.get(id), id, pass);
  const isShort = ledger.received(id).rows < rows && showSameRows(id, before, after);
  return isShort || truncated ? { kind: 'short', rows, truncated, failure } : { kind: 'changed', failure };
}

/** A pass that failed does not take back that Azure kept rows back in the one before. */
function isTruncated(earlier: Discrepancy | undefined, id: string, pass: PagesResult): boolean {
  const wasTruncated = earlier?.kind === 'short' && earlier.truncated;
  return pass.isTruncated(id) || (wasTruncated && pass.failureOf(id) !== undefined);
}

function hasDisappeared(id: string, after: Snapshot, readScope: Snapshot | undefined): boolean {
  return readScope?.visible.has(id) === true && !after.visible.has(id);
}
