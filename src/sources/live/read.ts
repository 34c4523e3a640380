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
  readonly received: ReceivedRows;
  readonly state: ReadState;
  /** Reports progress. */
  readonly report: (waitingMs: number) => void;
}

/** The state of a read so far; an interrupted read ends with less. Subscription ids are in lower case. */
export interface ReadState {
  readScope: ReadScope | undefined;
  /** The query's tallies of the rows that were not returned, from the last snapshot. */
  tallies: Map<string, readonly number[]>;
  /** Subscriptions that are not known to have been read completely; all others are. */
  readonly discrepancies: Map<string, Discrepancy>;
  /** Subscriptions whose rows changed while they were read. From then on every one of their rows is read. */
  readonly changed: Set<string>;
  /** Subscriptions that became visible after the read had begun. */
  readonly late: Set<string>;
  /** The most rows that a subscription has been counted to hold before it was read. */
  readonly mostCounted: Map<string, number>;
  /** The number of rows of a subscription in the last snapshot it was compared with. */
  readonly lastShown: Map<string, number>;
  /** The rights on a subscription that lack evidence; all of them, until Azure was asked. */
  missingIn: (subscriptionId: string) => MissingRights | undefined;
  /** The reasons why subscriptions are not visible, where Azure gave one. */
  denials: ReadonlyMap<string, Denial>;
  /** The forms of query that Resource Graph did not answer. */
  readonly refused: RefusedForm[];
  finished: boolean;
}

/**
 * The reason why a subscription is not known to have been read completely. `disappeared`: it is not visible any more.
 * `changed`: the rows received differ from those it holds. `short`: fewer were received than its `rows`, or Azure says
 * that they are `truncated`. `gaps`: all were received, some of them incomplete. `failure` is why a sequence that may have held rows of it was not read to its end.
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

/** The inputs of a read. */
export interface ReadRequest {
  readonly connection: AzureConnection;
  readonly query: LiveQuery;
  /** The actions that the identity needs on each subscription, such as `Microsoft.KeyVault/vaults/read`. */
  readonly actions: readonly string[];
  readonly onProgress: ((progress: ReadProgress) => void) | undefined;
}

/** Begins a read with empty state. */
export function beginRead(request: ReadRequest, signal: AbortSignal): Read {
  const { connection, query, actions, onProgress } = request;
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  const received = receivedRows(query.isUndecided);
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
      resources: received.total,
      waitingMs,
    });
  // Many requests sleep on one signal; that is no leak, and Node need not warn of it.
  const own = AbortSignal.any([signal]);
  setMaxListeners(0, own);
  return { connection, session: { signal: own, cost, onWait: report }, query, received, state, report };
}
