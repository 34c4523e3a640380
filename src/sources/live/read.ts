import { setMaxListeners } from 'node:events';

import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import type { AzureError } from '../../model/errors.ts';
import type { RefusedForm } from '../../model/report.ts';
import type { ReadProgress } from '../../model/source.ts';
import type { Denial } from './gaps.ts';
import type { LiveQuery } from './query.ts';
import type { ReadScope } from './read-scope.ts';
import { receivedRows, type ReceivedRows } from './received-rows.ts';
import type { MissingRights } from './rights.ts';

/** A read of Resource Graph under way. */
export interface Read {
  readonly connection: AzureConnection;
  readonly session: Session;
  /** Becomes plainer when Resource Graph refuses it, and stays so. */
  query: LiveQuery;
  readonly ledger: ReceivedRows;
  readonly state: ReadState;
  /** Tells of progress. */
  readonly report: (waitingMs: number) => void;
}

/** What a read has found out so far; the rest of it may never come. Subscription ids are in lower case. */
export interface ReadState {
  readScope: ReadScope | undefined;
  /** The query's tallies of the rows that were not handed over, as the last look showed them. */
  tallies: Map<string, readonly number[]>;
  /** Subscriptions that are not known to have been read whole; all that are not here are. */
  readonly discrepancies: Map<string, Discrepancy>;
  /** Subscriptions whose rows changed while they were read. From then on every one of their rows is read. */
  readonly changed: Set<string>;
  /** Subscriptions that came into sight when the read had begun. */
  readonly late: Set<string>;
  /** The most rows that a subscription has been counted to hold before it was read. */
  readonly mostCounted: Map<string, number>;
  /** How many rows a subscription showed when it was last compared with what had come. */
  readonly lastShown: Map<string, number>;
  /** What the identity is not shown to hold on a subscription; everything, until Azure was asked. */
  missingIn: (subscriptionId: string) => MissingRights | undefined;
  /** Why a subscription that does not show cannot be read, where Azure told. */
  denials: ReadonlyMap<string, Denial>;
  /** The forms of query that Resource Graph did not answer. */
  readonly refused: RefusedForm[];
  finished: boolean;
}

/**
 * Why a subscription is not known to have been read whole. `gone`: it shows no longer. `changed`: other rows came than
 * it holds. `short`: fewer came than its `rows`, or Azure says of what came that it is `truncated`. `gaps`: all have
 * come, and not all whole. `failure` is why a sequence that may have held rows of it was not read to its end.
 */
export type Discrepancy =
  | { readonly kind: 'failed'; readonly failure: AzureError }
  | { readonly kind: 'disappeared' }
  | { readonly kind: 'gaps' }
  | { readonly kind: 'changed'; readonly failure: AzureError | undefined }
  | {
      readonly kind: 'short';
      readonly rows: number;
      readonly truncated: boolean;
      readonly failure: AzureError | undefined;
    };

/** What a read begins with. */
export interface ReadRequest {
  readonly connection: AzureConnection;
  readonly query: LiveQuery;
  /** What the identity needs to hold on each subscription, such as `Microsoft.KeyVault/vaults/read`. */
  readonly actions: readonly string[];
  readonly onProgress: ((progress: ReadProgress) => void) | undefined;
}

/** Begins a read, which has found out nothing yet. */
export function beginRead(request: ReadRequest, signal: AbortSignal): Read {
  const { connection, query, actions, onProgress } = request;
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  const ledger = receivedRows(query.isUndecided);
  const state: ReadState = {
    readScope: undefined,
    tallies: new Map(),
    discrepancies: new Map(),
    changed: new Set(),
    late: new Set(),
    mostCounted: new Map(),
    lastShown: new Map(),
    missingIn: () => ({ actions, holdsOthers: false, failure: undefined }),
    denials: new Map(),
    refused: [],
    finished: false,
  };
  const report = (waitingMs: number): void =>
    onProgress?.({
      subscriptions: state.readScope?.visible.size ?? 0,
      pages: cost.pages,
      resources: ledger.total,
      waitingMs,
    });
  // Many requests sleep on one signal; that is no leak, and Node need not warn of it.
  const own = AbortSignal.any([signal]);
  setMaxListeners(0, own);
  return { connection, session: { signal: own, cost, onWait: report }, query, ledger, state, report };
}
