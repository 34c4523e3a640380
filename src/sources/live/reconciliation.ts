import type { AzureError } from '../../model/errors.ts';
import type { SubscriptionCoverage, SubscriptionState, Unreadable } from '../../model/report.ts';
import { deniedSubscription, readerHint, unfinishedSubscription } from './gaps.ts';
import type { Outlook } from './outlook.ts';
import { passedIn } from './passed.ts';
import type { LiveQuery } from './query.ts';
import type { SecondLook } from './recheck.ts';
import type { RowLedger } from './row-ledger.ts';

/** Everything that is known at the end of a read. Subscription ids are in lower case. */
export interface Evidence {
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
export function reconcile(evidence: Evidence): readonly Account[] {
  const { outlook, ledger, query } = evidence;
  return [...outlook.expected].map(([key, { id, name }]) => {
    const passed = passedIn(key, outlook, query);
    const expectedRows = (outlook.rows.get(key) ?? 0) + passed;
    const rows = ledger.count(key) + passed;
    const { state, gap } = judge({ key, id, rows, expectedRows, passed }, evidence);
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

interface Verdict {
  readonly state: SubscriptionState;
  readonly gap?: Unreadable;
}

function judge(subscription: Rows, evidence: Evidence): Verdict {
  const { key, rows, expectedRows } = subscription;
  const visible = evidence.outlook.visible.get(key);
  if (visible === undefined) return judgeUnseen(subscription, evidence);
  const isShort = rows < expectedRows || evidence.truncated.has(key) || evidence.troubled.has(key);
  if (evidence.interrupted && isShort) return { state: 'partial' };
  const second = evidence.secondLooks.get(key);
  const shortfall = second === undefined ? undefined : judgeShort(subscription, second, evidence);
  if (shortfall !== undefined) return shortfall;
  if (evidence.troubled.has(key)) return { state: 'partial' };
  if (['disabled', 'deleted'].includes(visible.state.toLowerCase())) return { state: 'disabled' };
  return { state: rows === 0 ? 'empty' : 'read' };
}

function judgeUnseen({ key, id, rows, expectedRows }: Rows, evidence: Evidence): Verdict {
  const failure = evidence.outlook.failures.get(key);
  if (failure !== undefined)
    return { state: 'partial', gap: unfinishedSubscription(id, `${failure.message}.`, failure.hint) };
  if (rows > 0 || expectedRows > 0) {
    const reason = 'Only some of its resource groups can be read; how many vaults it holds cannot be known.';
    return { state: 'partial', gap: deniedSubscription(id, reason) };
  }
  return { state: 'denied', gap: deniedSubscription(id, evidence.denials.get(key) ?? 'It cannot be read.') };
}

/** Judges a subscription that was looked at again; `undefined` when everything that is there now has been seen. */
function judgeShort(
  { key, id, rows, expectedRows, passed }: Rows,
  second: SecondLook,
  evidence: Evidence,
): Verdict | undefined {
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
  const isTruncated = evidence.truncated.has(key);
  if (rows >= expected && !isTruncated) return undefined;
  const missing =
    rows < expected ? `${rows} of ${expected} rows were read` : `more than the ${rows} that were read`;
  const { failure } = evidence;
  return failure === undefined
    ? {
        state: 'truncated',
        gap: unfinishedSubscription(id, `Resource Graph keeps rows back: ${missing}.`, againHint),
      }
    : { state: 'partial', gap: unfinishedSubscription(id, `${failure.message}; ${missing}.`, failure.hint) };
}

const againHint = 'Run the scan again; if this stays, scan the subscription on its own (--subscription).';
