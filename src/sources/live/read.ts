import { setMaxListeners } from 'node:events';

import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import type { AzureError } from '../../model/errors.ts';
import type { ReadProgress } from '../../model/source.ts';
import type { Outlook } from './outlook.ts';
import type { LiveQuery } from './query.ts';
import { rowLedger, type RowLedger } from './row-ledger.ts';

/** A read of Resource Graph under way. */
export interface Read {
  readonly connection: AzureConnection;
  readonly session: Session;
  /** Changes when Resource Graph refuses the one that was meant. */
  query: LiveQuery;
  readonly ledger: RowLedger;
  readonly state: ReadState;
  /** Tells of progress. */
  readonly report: (waitingMs: number) => void;
}

/** What a read has found out so far; the rest of it may never come. Subscription ids are in lower case. */
export interface ReadState {
  outlook: Outlook | undefined;
  /** The query's tallies of the rows that were not handed over, as they stood when the subscription was settled. */
  tallies: Map<string, readonly number[]>;
  /** Subscriptions that are not known to have been read whole; all that are not here are. */
  readonly unsettled: Map<string, Unsettled>;
  /** Subscriptions whose rows changed while they were read. From then on every one of their rows is read. */
  readonly changed: Set<string>;
  /** Subscriptions of which Azure keeps rows back, however many have come. */
  truncated: ReadonlySet<string>;
  /** Why the last sequence that failed did so. */
  failure: AzureError | undefined;
  /** Why a subscription that does not show cannot be read, where Azure told. */
  denials: ReadonlyMap<string, string>;
  finished: boolean;
}

/** Why a subscription is not known to have been read whole. `rows` is how many it holds, of those that are to be read. */
export type Unsettled =
  | { readonly kind: 'failed'; readonly error: AzureError }
  | { readonly kind: 'gone' | 'changed' }
  | { readonly kind: 'short' | 'spoiled'; readonly rows: number };

/** What a read begins with. */
export interface ReadRequest {
  readonly connection: AzureConnection;
  readonly query: LiveQuery;
  readonly onProgress: ((progress: ReadProgress) => void) | undefined;
}

/** Begins a read, which has found out nothing yet. */
export function beginRead({ connection, query, onProgress }: ReadRequest, signal: AbortSignal): Read {
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  const ledger = rowLedger();
  const state: ReadState = {
    outlook: undefined,
    tallies: new Map(),
    unsettled: new Map(),
    changed: new Set(),
    truncated: new Set(),
    failure: undefined,
    denials: new Map(),
    finished: false,
  };
  const report = (waitingMs: number): void =>
    onProgress?.({
      subscriptions: state.outlook?.visible.size ?? 0,
      pages: cost.pages,
      resources: ledger.total,
      waitingMs,
    });
  // Many requests sleep on one signal; that is no leak, and Node need not warn of it.
  const own = AbortSignal.any([signal]);
  setMaxListeners(0, own);
  return { connection, session: { signal: own, cost, onWait: report }, query, ledger, state, report };
}
