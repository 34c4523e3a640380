import type { SubscriptionCoverage, SubscriptionState, Unreadable } from '../../model/report.ts';
import { deniedSubscription, readerHint, unfinishedSubscription } from './gaps.ts';
import type { Outlook } from './outlook.ts';
import { passedIn } from './passed.ts';
import type { LiveQuery } from './query.ts';
import type { ReadState, Unsettled } from './read.ts';
import type { RowLedger } from './row-ledger.ts';
import { rowsIn } from './sight.ts';

/** Everything that is known at the end of a read. Subscription ids are in lower case. */
export interface ReadRecord extends Omit<ReadState, 'outlook'> {
  readonly outlook: Outlook;
  readonly query: LiveQuery;
  readonly ledger: RowLedger;
}

/** What became of a subscription, and the gap to tell of it if there is one. */
export interface Account {
  readonly coverage: SubscriptionCoverage;
  readonly gap: Unreadable | undefined;
}

/** Compares what was expected with what came, subscription by subscription. */
export function reconcile(record: ReadRecord): readonly Account[] {
  const { outlook, ledger, late } = record;
  const unexpected = new Set([...late, ...ledger.subscriptions()].filter((id) => !outlook.expected.has(id)));
  return [
    ...[...outlook.expected].map(([key, { id, name }]) => accountFor({ key, id, name }, record)),
    ...[...unexpected].map((id) => ({
      coverage: { id, name: id, state: 'partial' as const, expectedRows: 0, rows: ledger.count(id) },
      gap: latecomer(id),
    })),
  ];
}

interface Expected {
  readonly key: string;
  readonly id: string;
  readonly name: string;
}

function accountFor({ key, id, name }: Expected, record: ReadRecord): Account {
  const { outlook, ledger, query, tallies } = record;
  const passed = passedIn(tallies.get(key), query);
  const expectedRows = rowsIn(key, outlook) + passedIn(outlook.counts.get(key)?.tallies, query);
  const rows = ledger.count(key) + passed;
  const { state, gap } = stateOf({ key, id, rows, expectedRows, passed }, record);
  return { coverage: { id, name, state, expectedRows, rows }, gap };
}

interface Rows {
  readonly key: string;
  readonly id: string;
  readonly rows: number;
  readonly expectedRows: number;
  /** Those of them that were counted and not handed over. */
  readonly passed: number;
}

interface Accounting {
  readonly state: SubscriptionState;
  readonly gap?: Unreadable;
}

function stateOf(subscription: Rows, record: ReadRecord): Accounting {
  const { key, rows } = subscription;
  const visible = record.outlook.visible.get(key);
  if (visible === undefined) return stateOfUnseen(subscription, record);
  // As long as nothing was looked at again, nothing is known to be whole.
  if (!record.finished) return { state: 'partial' };
  const unsettled = record.unsettled.get(key);
  if (unsettled !== undefined) return stateOfUnsettled(subscription, unsettled);
  if (['disabled', 'deleted'].includes(visible.state.toLowerCase())) return { state: 'disabled' };
  return { state: rows === 0 ? 'empty' : 'read' };
}

function stateOfUnseen({ key, id, rows, expectedRows }: Rows, record: ReadRecord): Accounting {
  const failure = record.outlook.failures.get(key);
  if (failure !== undefined)
    return { state: 'partial', gap: unfinishedSubscription(id, `${failure.message}.`, failure.hint) };
  if (record.late.has(key)) return { state: 'partial', gap: latecomer(id) };
  if (rows > 0 || expectedRows > 0) {
    const reason = 'Only some of its resource groups can be read; how many vaults it holds cannot be known.';
    return { state: 'partial', gap: deniedSubscription(id, reason) };
  }
  return { state: 'denied', gap: deniedSubscription(id, record.denials.get(key) ?? 'It cannot be read.') };
}

function stateOfUnsettled({ id, rows, expectedRows, passed }: Rows, unsettled: Unsettled): Accounting {
  const gap = (reason: string, hint: string): Unreadable => unfinishedSubscription(id, reason, hint);
  // The resources that came with gaps are told of one by one.
  if (unsettled.kind === 'gaps') return { state: 'partial' };
  if (unsettled.kind === 'gone') {
    const reason = `It could be seen when the scan began, and no longer: ${rows} of ${expectedRows} rows were read.`;
    return { state: rows === 0 ? 'denied' : 'partial', gap: gap(reason, readerHint(id)) };
  }
  const { failure } = unsettled;
  if (unsettled.kind === 'short') {
    const expected = unsettled.rows + passed;
    const missing =
      rows < expected ? `${rows} of ${expected} rows were read` : `more than the ${rows} that were read`;
    return failure === undefined
      ? { state: 'truncated', gap: gap(`Resource Graph keeps rows back: ${missing}.`, againHint) }
      : { state: 'partial', gap: gap(`${failure.message}; ${missing}.`, failure.hint) };
  }
  return failure === undefined
    ? { state: 'partial', gap: gap(changedReason, againHint) }
    : { state: 'partial', gap: gap(`${failure.message}.`, failure.hint) };
}

function latecomer(id: string): Unreadable {
  const reason = 'It came into sight after the scan had begun, and has not been read as a whole.';
  return unfinishedSubscription(id, reason, 'Run the scan again.');
}

const changedReason = 'Its vaults changed each time it was read, so some may not have been seen.';
const againHint = 'Run the scan again; if this stays, scan the subscription on its own (--subscription).';
