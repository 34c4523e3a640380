import type { AzureError } from '../../model/errors.ts';
import type { SubscriptionCoverage, SubscriptionState, Unreadable } from '../../model/coverage.ts';
import {
  deniedSubscription,
  notAsked,
  readerHint,
  unfinishedSubscription,
  unprovenSubscription,
  type Denial,
} from './gaps.ts';
import type { Evidence } from './evidence.ts';
import type { ReadScope } from './read-scope.ts';
import type { Discrepancy, Progress } from './progress.ts';
import type { ReceivedRows } from './received-rows.ts';
import type { MissingRights } from './rights.ts';
import { passedIn, rowsIn } from './snapshot.ts';

/** Everything that is known at the end of a read. Subscription ids are in lower case. */
export interface ReadRecord extends Progress {
  readonly readScope: ReadScope;
  readonly received: ReceivedRows;
  /** The rights on a subscription that lack evidence; all of them, until Azure was asked. */
  readonly missingIn: Evidence['missingIn'];
  /** The reasons why subscriptions are not visible, where Azure gave one. */
  readonly denials: ReadonlyMap<string, Denial>;
  /** False for a read that was interrupted. */
  readonly finished: boolean;
}

/** The coverage of a subscription, and the gap to report for it if there is one. */
export interface SubscriptionResult {
  readonly coverage: SubscriptionCoverage;
  readonly gap: Unreadable | undefined;
}

/** Compares the expected subscriptions with the rows received, one by one. */
export function reconcile(record: ReadRecord): readonly SubscriptionResult[] {
  const { readScope, received, late } = record;
  const unexpected = new Set(
    [...late, ...received.subscriptions()].filter((id) => !readScope.expected.has(id)),
  );
  return [
    ...[...readScope.expected].map(([key, { id, name }]) => resultFor({ key, id, name }, record)),
    ...[...unexpected].map((id) => ({
      coverage: { id, name: id, state: 'partial' as const, expectedRows: 0, rows: received.count(id) },
      gap: lateSubscription(id),
    })),
  ];
}

interface Expected {
  readonly key: string;
  readonly id: string;
  readonly name: string;
}

function resultFor({ key, id, name }: Expected, record: ReadRecord): SubscriptionResult {
  const { readScope, received, query, tallies } = record;
  const passed = passedIn(tallies.get(key), query);
  const expectedRows = rowsIn(key, readScope) + passedIn(readScope.counts.get(key)?.tallies, query);
  const rows = received.count(key) + passed;
  const { state, gap } = stateOf({ key, id, rows, expectedRows, passed }, record);
  return { coverage: { id, name, state, expectedRows, rows }, gap };
}

interface Rows {
  readonly key: string;
  readonly id: string;
  readonly rows: number;
  readonly expectedRows: number;
  /** The rows among them that were counted and not returned. */
  readonly passed: number;
}

interface StateAndGap {
  readonly state: SubscriptionState;
  readonly gap?: Unreadable;
}

function stateOf(subscription: Rows, record: ReadRecord): StateAndGap {
  const { key, id, rows } = subscription;
  const { late, readScope, finished } = record;
  if (late.has(key)) return { state: 'partial', gap: lateSubscription(id) };
  const discrepancy = record.discrepancies.get(key);
  const visible = readScope.visible.get(key);
  if (visible === undefined && discrepancy?.kind !== 'disappeared')
    return stateOfInvisible(subscription, record);
  // Before the second snapshot, nothing is known to be complete.
  if (!finished) return { state: 'partial' };
  if (discrepancy !== undefined) return stateOfDiscrepancy(subscription, discrepancy);
  const missing = record.missingIn(key);
  if (missing !== undefined) return stateOfUnproven(subscription, missing);
  if (['disabled', 'deleted'].includes(visible?.state.toLowerCase() ?? '')) return { state: 'disabled' };
  return { state: rows === 0 ? 'empty' : 'read' };
}

function stateOfInvisible({ key, id, rows, expectedRows }: Rows, record: ReadRecord): StateAndGap {
  const failure = record.readScope.failures.get(key);
  if (failure !== undefined)
    return { state: 'partial', gap: unfinishedSubscription(id, `${failure.message}.`, failure.hint) };
  const missing = record.missingIn(key);
  if ((rows > 0 || expectedRows > 0) && missing !== undefined)
    return { state: 'partial', gap: unprovenSubscription(id, missing) };
  if (rows > 0 || expectedRows > 0) {
    const reason = 'Only some of its resource groups can be read, so how many vaults it holds is not known.';
    return { state: 'partial', gap: deniedSubscription(id, reason) };
  }
  const { reason, hint } = record.denials.get(key) ?? notAsked(id);
  return { state: 'denied', gap: deniedSubscription(id, reason, hint) };
}

/** A row proves a right on that row; a visible subscription proves none. */
function stateOfUnproven({ id, rows }: Rows, missing: MissingRights): StateAndGap {
  const isPartlyRead = rows > 0 || missing.holdsOthers;
  return { state: isPartlyRead ? 'partial' : 'denied', gap: unprovenSubscription(id, missing) };
}

function stateOfDiscrepancy({ id, rows, expectedRows, passed }: Rows, discrepancy: Discrepancy): StateAndGap {
  const partial = (reason: string, hint: string): StateAndGap => ({
    state: 'partial',
    gap: unfinishedSubscription(id, reason, hint),
  });
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
        ? partial('Its vaults changed each time it was read, so some may not have been seen.', againHint)
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

function lateSubscription(id: string): Unreadable {
  const reason = 'It became visible after the scan had begun, and may not have been read completely.';
  return unfinishedSubscription(id, reason, 'Run the scan again.');
}

const againHint = 'Run the scan again; if this stays, scan the subscription on its own (--subscription).';
