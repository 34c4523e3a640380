import { setMaxListeners } from 'node:events';

import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import type { AzureError } from '../../model/errors.ts';
import type { RefusedForm } from '../../model/coverage.ts';
import type { ReadProgress, SourceEvent } from '../../model/source.ts';
import type { LiveQuery } from './query.ts';
import type { ReadScope } from './read-scope.ts';
import { receivedRows, type ReceivedRows } from './received-rows.ts';

/** The state that the phases of a read share. */
export interface Reader {
  readonly connection: AzureConnection;
  readonly session: Session;
  readonly received: ReceivedRows;
  /** Reports progress. */
  readonly report: (waitingMs: number) => void;
}

/** The state of a read after one of its phases: a value that the next phase replaces. Subscription ids are in lower case. */
export interface Progress {
  /** A plainer query replaces it when Resource Graph refuses it. */
  readonly query: LiveQuery;
  /** The forms of query that Resource Graph did not answer. */
  readonly refused: readonly RefusedForm[];
  readonly readScope: ReadScope | undefined;
  /** The query's tallies of the rows that were not returned, from the last snapshot. */
  readonly tallies: ReadonlyMap<string, readonly number[]>;
  /** Subscriptions that are not known to have been read completely; all others are. */
  readonly discrepancies: ReadonlyMap<string, Discrepancy>;
  /** Subscriptions whose rows changed while they were read. From then on every one of their rows is read. */
  readonly changed: ReadonlySet<string>;
  /** Subscriptions that became visible after the read had begun. */
  readonly late: ReadonlySet<string>;
  /** The most rows that a subscription has been counted to hold before it was read. */
  readonly mostCounted: ReadonlyMap<string, number>;
  /** The number of rows of a subscription in the last snapshot it was compared with. */
  readonly lastShown: ReadonlyMap<string, number>;
}

/** A step of a read: an event for the scan, or the state that the read has reached, which an interruption ends with. */
export type Step = SourceEvent | { readonly kind: 'progress'; readonly progress: Progress };

/** The step to a state. */
export function reached(progress: Progress): Step {
  return { kind: 'progress', progress };
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

/** The state before the first snapshot. */
export function noProgress(query: LiveQuery): Progress {
  return {
    query,
    refused: [],
    readScope: undefined,
    tallies: new Map(),
    discrepancies: new Map(),
    changed: new Set(),
    late: new Set(),
    mostCounted: new Map(),
    lastShown: new Map(),
  };
}

/** The inputs of a read; `visible` counts the subscriptions that are visible so far. */
export interface ReaderRequest {
  readonly connection: AzureConnection;
  readonly query: LiveQuery;
  readonly visible: () => number;
  readonly onProgress: ((progress: ReadProgress) => void) | undefined;
}

/** Begins a read: no cost, and no rows. */
export function beginReading(request: ReaderRequest, signal: AbortSignal): Reader {
  const { connection, query, visible, onProgress } = request;
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  const received = receivedRows(query.isUndecided);
  const report = (waitingMs: number): void =>
    onProgress?.({ subscriptions: visible(), pages: cost.pages, resources: received.total, waitingMs });
  // Many requests sleep on one signal; that is no leak, and Node need not warn of it.
  const own = AbortSignal.any([signal]);
  setMaxListeners(0, own);
  return { connection, session: { signal: own, cost, onWait: report }, received, report };
}
