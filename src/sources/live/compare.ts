import type { AzureError } from '../../model/errors.ts';
import type { SubscriptionState, Unreadable } from '../../model/coverage.ts';
import { readerHint, unfinishedSubscription } from './gaps.ts';
import type { Discrepancy, PagesResult, ReadState, Reader } from './progress.ts';
import type { ReceivedRows } from './received-rows.ts';
import {
  isSameSet,
  type LaterSnapshot,
  passedIn,
  rowsIn,
  setOf,
  showSameRows,
  type Snapshot,
} from './snapshot.ts';

/** The rows of one pass over subscriptions, with the snapshots before and after it. */
interface Comparison {
  readonly ids: readonly string[];
  readonly before: Snapshot;
  readonly after: LaterSnapshot;
  readonly pass: PagesResult;
}

/** The state after a comparison, the subscriptions that a further read may complete, and their latest snapshot. */
export interface ComparisonResult {
  readonly progress: ReadState;
  readonly ids: readonly string[];
  readonly shown: Snapshot;
}

/** The rows received, and the state before a comparison. */
interface Current {
  readonly received: ReceivedRows;
  readonly progress: ReadState;
}

/** Compares the rows received with the later snapshot, and finds the discrepancy of each subscription where they differ. */
export function compare({ received }: Reader, progress: ReadState, comparison: Comparison): ComparisonResult {
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

/** The rows of a subscription at the end of a read. `key` is its id in lower case. */
export interface SubscriptionRows {
  readonly key: string;
  readonly id: string;
  readonly rows: number;
  readonly expectedRows: number;
  /** The rows among them that were counted and not returned. */
  readonly passed: number;
}

/** The state of a subscription, and the gap to report for it. */
export interface StateAndGap {
  readonly state: SubscriptionState;
  readonly gap?: Unreadable;
}

/** The state of a subscription that is not known to have been read completely. */
export function stateOfDiscrepancy(
  { id, rows, expectedRows, passed }: SubscriptionRows,
  discrepancy: Discrepancy,
): StateAndGap {
  const partial = (reason: string, hint: string): StateAndGap => {
    return { state: 'partial', gap: unfinishedSubscription(id, reason, hint) };
  };
  switch (discrepancy.kind) {
    // The resources received with gaps are reported one by one.
    case 'gaps':
      return { state: 'partial' };
    case 'disappeared': {
      const seen = rows < expectedRows ? `; ${rows} of ${expectedRows} rows were read` : '';
      const reason = `It was visible when the scan began, and is not visible any more${seen}.`;
      return { ...partial(reason, readerHint(id)), state: rows === 0 ? 'denied' : 'partial' };
    }
    case 'failed':
      return partial(`${discrepancy.failure.message}.`, discrepancy.failure.hint);
    case 'changed':
      return discrepancy.failure === undefined
        ? partial('It changed each time it was read, so something in it may not have been seen.', againHint)
        : partial(`${discrepancy.failure.message}.`, discrepancy.failure.hint);
    case 'short':
      return stateOfShort({ id, rows, expected: discrepancy.rows + passed }, discrepancy.failure);
  }
}

function stateOfShort(
  { id, rows, expected }: { readonly id: string; readonly rows: number; readonly expected: number },
  failure: AzureError | undefined,
): StateAndGap {
  const seen = rows < expected ? `${rows} of ${expected} rows were read` : undefined;
  if (failure !== undefined) {
    const reason = `${failure.message}${seen === undefined ? '' : `; ${seen}`}.`;
    return { state: 'partial', gap: unfinishedSubscription(id, reason, failure.hint) };
  }
  const reason = `Resource Graph withheld rows: ${seen ?? `more than the ${rows} that were read`}.`;
  return { state: 'truncated', gap: unfinishedSubscription(id, reason, againHint) };
}

/** The gap of a subscription that became visible after the read had begun. */
export function lateSubscription(id: string): Unreadable {
  const reason = 'It became visible after the scan had begun, and may not have been read completely.';
  return unfinishedSubscription(id, reason, 'Run the scan again.');
}

const againHint = 'Run the scan again; if this stays, scan the subscription on its own (--subscription).';
