import type { AzureError } from '../../model/errors.ts';
import type { SubscriptionCoverage, SubscriptionState, Unreadable } from '../../model/report.ts';
import type { MissingRights } from './evidence.ts';
import { deniedSubscription, readerHint, unfinishedSubscription, unprovenSubscription } from './gaps.ts';
import type { Outlook } from './find-scope.ts';
import { passedIn } from './passed.ts';
import type { LiveQuery } from './query.ts';
import type { ReadState, Unsettled } from './read.ts';
import type { RowLedger } from './received-rows.ts';
import { rowsIn } from './snapshot.ts';

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
  const { key, id, rows } = subscription;
  const { late, outlook, finished } = record;
  if (late.has(key)) return { state: 'partial', gap: latecomer(id) };
  const unsettled = record.unsettled.get(key);
  const visible = outlook.visible.get(key);
  if (visible === undefined && unsettled?.kind !== 'gone') return stateOfUnseen(subscription, record);
  // As long as nothing was looked at again, nothing is known to be whole.
  if (!finished) return { state: 'partial' };
  if (unsettled !== undefined) return stateOfUnsettled(subscription, unsettled);
  const missing = record.missingIn(key);
  if (missing !== undefined) return stateOfUnproven(subscription, missing);
  if (['disabled', 'deleted'].includes(visible?.state.toLowerCase() ?? '')) return { state: 'disabled' };
  return { state: rows === 0 ? 'empty' : 'read' };
}

function stateOfUnseen({ key, id, rows, expectedRows }: Rows, record: ReadRecord): Accounting {
  const failure = record.outlook.failures.get(key);
  if (failure !== undefined)
    return { state: 'partial', gap: unfinishedSubscription(id, `${failure.message}.`, failure.hint) };
  const missing = record.missingIn(key);
  if ((rows > 0 || expectedRows > 0) && missing !== undefined)
    return { state: 'partial', gap: unprovenSubscription(id, missing) };
  if (rows > 0 || expectedRows > 0) {
    const reason = 'Only some of its resource groups can be read, so how many vaults it holds is not known.';
    return { state: 'partial', gap: deniedSubscription(id, reason) };
  }
  const { reason, hint } = record.denials.get(key) ?? unexplained;
  return { state: 'denied', gap: deniedSubscription(id, reason, hint) };
}

const unexplained = { reason: 'It cannot be read.', hint: undefined };

/** A row proves a right on that row, and a subscription that shows proves none. */
function stateOfUnproven({ id, rows }: Rows, missing: MissingRights): Accounting {
  const isPartlyRead = rows > 0 || missing.holdsOthers;
  return { state: isPartlyRead ? 'partial' : 'denied', gap: unprovenSubscription(id, missing) };
}

function stateOfUnsettled({ id, rows, expectedRows, passed }: Rows, unsettled: Unsettled): Accounting {
  const partial = (reason: string, hint: string): Accounting => ({
    state: 'partial',
    gap: unfinishedSubscription(id, reason, hint),
  });
  switch (unsettled.kind) {
    // The resources that came with gaps are told of one by one.
    case 'gaps':
      return { state: 'partial' };
    case 'gone': {
      const seen = rows < expectedRows ? `; ${rows} of ${expectedRows} rows were read` : '';
      const reason = `It was visible when the scan began, and no longer is${seen}.`;
      return { ...partial(reason, readerHint(id)), state: rows === 0 ? 'denied' : 'partial' };
    }
    case 'failed':
      return partial(`${unsettled.failure.message}.`, unsettled.failure.hint);
    case 'changed':
      return unsettled.failure === undefined
        ? partial('Its vaults changed each time it was read, so some may not have been seen.', againHint)
        : partial(`${unsettled.failure.message}.`, unsettled.failure.hint);
    case 'short':
      return stateOfShort({ id, rows, expected: unsettled.rows + passed }, unsettled.failure);
  }
}

function stateOfShort(
  { id, rows, expected }: { readonly id: string; readonly rows: number; readonly expected: number },
  failure: AzureError | undefined,
): Accounting {
  const seen = rows < expected ? `${rows} of ${expected} rows were read` : undefined;
  if (failure !== undefined) {
    const reason = `${failure.message}${seen === undefined ? '' : `; ${seen}`}.`;
    return { state: 'partial', gap: unfinishedSubscription(id, reason, failure.hint) };
  }
  const reason = `Resource Graph keeps rows back: ${seen ?? `more than the ${rows} that were read`}.`;
  return { state: 'truncated', gap: unfinishedSubscription(id, reason, againHint) };
}

function latecomer(id: string): Unreadable {
  const reason = 'It became visible after the scan had begun, and may not have been read completely.';
  return unfinishedSubscription(id, reason, 'Run the scan again.');
}

const againHint = 'Run the scan again; if this stays, scan the subscription on its own (--subscription).';
