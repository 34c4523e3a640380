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
  const { outlook, ledger } = record;
  const late = [...ledger.subscriptions()].filter((id) => !outlook.expected.has(id));
  return [
    ...[...outlook.expected].map(([key, { id, name }]) => accountFor({ key, id, name }, record)),
    ...late.map((id) => latecomer(id, ledger.count(id))),
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

/** Rows of it came along with those of others, and nobody knows whether they are all. */
function latecomer(id: string, rows: number): Account {
  const reason = 'It came into sight when the scan had begun, and not all of it may have been read.';
  return {
    coverage: { id, name: id, state: 'partial', expectedRows: 0, rows },
    gap: unfinishedSubscription(id, reason, 'Run the scan again.'),
  };
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
  if (unsettled !== undefined) return stateOfUnsettled(subscription, unsettled, record);
  if (['disabled', 'deleted'].includes(visible.state.toLowerCase())) return { state: 'disabled' };
  return { state: rows === 0 ? 'empty' : 'read' };
}

function stateOfUnseen({ key, id, rows, expectedRows }: Rows, record: ReadRecord): Accounting {
  const failure = record.outlook.failures.get(key);
  if (failure !== undefined)
    return { state: 'partial', gap: unfinishedSubscription(id, `${failure.message}.`, failure.hint) };
  if (rows > 0 || expectedRows > 0) {
    const reason = 'Only some of its resource groups can be read; how many vaults it holds cannot be known.';
    return { state: 'partial', gap: deniedSubscription(id, reason) };
  }
  return { state: 'denied', gap: deniedSubscription(id, record.denials.get(key) ?? 'It cannot be read.') };
}

function stateOfUnsettled(
  { id, rows, expectedRows, passed }: Rows,
  unsettled: Unsettled,
  { failure }: ReadRecord,
): Accounting {
  const partial = (reason: string, hint: string): Accounting => ({
    state: 'partial',
    gap: unfinishedSubscription(id, reason, hint),
  });
  switch (unsettled.kind) {
    case 'failed':
      return partial(`${unsettled.error.message}.`, unsettled.error.hint);
    case 'gone': {
      const reason = `It could be seen when the scan began, and no longer: ${rows} of ${expectedRows} rows were read.`;
      const state = rows === 0 ? 'denied' : 'partial';
      return { state, gap: unfinishedSubscription(id, reason, readerHint(id)) };
    }
    case 'changed':
      return partial(
        'Its vaults changed each time that it was read; some may not have been seen.',
        againHint,
      );
    // Its rows that are not whole are told of one by one.
    case 'spoiled':
      return { state: 'partial' };
    case 'short': {
      const expected = unsettled.rows + passed;
      const missing =
        rows < expected ? `${rows} of ${expected} rows were read` : `more than the ${rows} that were read`;
      if (failure !== undefined) return partial(`${failure.message}; ${missing}.`, failure.hint);
      const reason = `Resource Graph keeps rows back: ${missing}.`;
      return { state: 'truncated', gap: unfinishedSubscription(id, reason, againHint) };
    }
  }
}

const againHint = 'Run the scan again; if this stays, scan the subscription on its own (--subscription).';
