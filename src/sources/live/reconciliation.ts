import type { AzureError } from '../../model/errors.ts';
import type { SubscriptionCoverage, SubscriptionState, Unreadable } from '../../model/report.ts';
import { deniedSubscription, readerHint, unfinishedSubscription } from './gaps.ts';
import type { Outlook } from './outlook.ts';
import { passedIn } from './passed.ts';
import type { LiveQuery } from './query.ts';
import type { SecondLook } from './recheck.ts';
import type { RowLedger } from './row-ledger.ts';

/** Everything that is known at the end of a read. Subscription ids are in lower case. */
export interface ReadRecord {
  readonly outlook: Outlook;
  readonly query: LiveQuery;
  readonly ledger: RowLedger;
  readonly secondLooks: ReadonlyMap<string, SecondLook>;
  /** Subscriptions with rows that are not whole. */
  readonly troubled: ReadonlySet<string>;
  /** Subscriptions of which Azure keeps rows back, however many have come. */
  readonly truncated: ReadonlySet<string>;
  /** Why a subscription that does not show cannot be read, where Azure told. */
  readonly denials: ReadonlyMap<string, string>;
  readonly failure: AzureError | undefined;
  readonly interrupted: boolean;
}

/** What became of a subscription, and the gap to tell of it if there is one. */
export interface Account {
  readonly coverage: SubscriptionCoverage;
  readonly gap: Unreadable | undefined;
}

/** Compares what was expected with what came, subscription by subscription. */
export function reconcile(record: ReadRecord): readonly Account[] {
  const { outlook, ledger, query } = record;
  return [...outlook.expected].map(([key, { id, name }]) => {
    const passed = passedIn(key, outlook, query);
    const expectedRows = (outlook.rows.get(key) ?? 0) + passed;
    const rows = ledger.count(key) + passed;
    const { state, gap } = stateOf({ key, id, rows, expectedRows, passed }, record);
    return { coverage: { id, name, state, expectedRows, rows }, gap };
  });
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
  const { key, rows, expectedRows } = subscription;
  const visible = record.outlook.visible.get(key);
  if (visible === undefined) return stateOfUnseen(subscription, record);
  const isShort = rows < expectedRows || record.truncated.has(key) || record.troubled.has(key);
  if (record.interrupted && isShort) return { state: 'partial' };
  const second = record.secondLooks.get(key);
  const shortfall = second === undefined ? undefined : stateOfShort(subscription, second, record);
  if (shortfall !== undefined) return shortfall;
  if (record.troubled.has(key)) return { state: 'partial' };
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

/** Judges a subscription that was looked at again; `undefined` when everything that is there now has been seen. */
function stateOfShort(
  { key, id, rows, expectedRows, passed }: Rows,
  second: SecondLook,
  record: ReadRecord,
): Accounting | undefined {
  if (second.kind === 'failed')
    return {
      state: 'partial',
      gap: unfinishedSubscription(id, `${second.error.message}.`, second.error.hint),
    };
  if (!second.visible) {
    const reason = `It could be seen when the scan began, and no longer: ${rows} of ${expectedRows} rows were read.`;
    const state = rows === 0 ? 'denied' : 'partial';
    return { state, gap: unfinishedSubscription(id, reason, readerHint(id)) };
  }
  const expected = second.rows + passed;
  const isTruncated = record.truncated.has(key);
  if (rows >= expected && !isTruncated) return undefined;
  const missing =
    rows < expected ? `${rows} of ${expected} rows were read` : `more than the ${rows} that were read`;
  const { failure } = record;
  return failure === undefined
    ? {
        state: 'truncated',
        gap: unfinishedSubscription(id, `Resource Graph keeps rows back: ${missing}.`, againHint),
      }
    : { state: 'partial', gap: unfinishedSubscription(id, `${failure.message}; ${missing}.`, failure.hint) };
}

const againHint = 'Run the scan again; if this stays, scan the subscription on its own (--subscription).';
