import { countsAll, type Tally } from '../../model/rows-wanted.ts';
import { setMaxListeners } from 'node:events';

import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import type { AzureError } from '../../model/errors.ts';
import type { RefusedForm } from '../../model/coverage.ts';
import type { PassedResources, ReadProgress, SourceEvent } from '../../model/source.ts';
import { type FirstPage, firstPageOf } from './first-page.ts';
import type { LiveQuery } from './query.ts';
import type { ReadScope } from './read-scope.ts';
import { receivedRows, type ReceivedRows } from './received-rows.ts';
import { passedIn } from './snapshot.ts';

/** The state that the phases of a read share. */
export interface Reader {
  readonly connection: AzureConnection;
  readonly session: Session;
  readonly received: ReceivedRows;
  readonly firstPage: FirstPage;
  /** Reports progress. */
  readonly report: (waitingMs: number) => void;
}

/** The state of a read after one of its phases: a value that the next phase replaces. Subscription ids are in lower case. */
export interface ReadState {
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
export type ReadStep = SourceEvent | { readonly kind: 'progress'; readonly progress: ReadState };

/** The step to a state. */
export function reached(progress: ReadState): ReadStep {
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
export function noProgress(query: LiveQuery): ReadState {
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
  const session: Session = { signal: own, cost, onWait: report };
  return { connection, session, received, firstPage: firstPageOf(connection, session), report };
}

/** The sequences of a pass that were not read to their ends, by the subscriptions whose rows they may hold. */
export interface PagesResult {
  /** The error of a sequence that may hold rows of the subscription. */
  readonly failureOf: (subscriptionId: string) => AzureError | undefined;
  /** Azure withholds rows of it. */
  readonly isTruncated: (subscriptionId: string) => boolean;
  /** The errors of all sequences that failed. */
  readonly failures: readonly AzureError[];
}

/** The query's tallies of each subscription, by id in lower case. */
export type Tallies = ReadonlyMap<string, readonly number[]>;

/** Adds up, by type, the resources that Resource Graph counted and did not return. */
export function passedResources(tallies: Tallies, { pushedDown }: LiveQuery): readonly PassedResources[] {
  const tallied = pushedDown?.tallies ?? [];
  const totals = tallied.map((_, index) =>
    [...tallies.values()].reduce((sum, counts) => sum + (counts[index] ?? 0), 0),
  );
  return tallied.flatMap((all, index): readonly PassedResources[] => {
    if (!countsAll(all)) return [];
    const { type } = all;
    const countsBy = (keyOf: (tally: Tally) => string | undefined): Readonly<Record<string, number>> =>
      Object.fromEntries(
        tallied.flatMap((tally, at) => {
          const key = tally.type === type ? keyOf(tally) : undefined;
          return key === undefined ? [] : [[key, totals[at] ?? 0] as const];
        }),
      );
    const notApplicable = countsBy(({ ruleId }) => ruleId);
    return [{ type, resources: totals[index] ?? 0, notApplicable, mayBeIn: countsBy(({ scope }) => scope) }];
  });
}

/** The state before the rows of a scope are read: the counts of its snapshot. */
export function countRows(progress: ReadState, { counts }: ReadScope): ReadState {
  const mostCounted = new Map(progress.mostCounted);
  for (const [id, { rows, tallies }] of counts) {
    const counted = rows + passedIn(tallies, progress.query);
    mostCounted.set(id, Math.max(counted, mostCounted.get(id) ?? 0));
  }
  const tallies = new Map([...counts].map(([id, one]) => [id, one.tallies]));
  return { ...progress, mostCounted, tallies };
}

/** The event that reports the scope; an empty one where none was found. */
export function scopeEvent(readScope: ReadScope | undefined): SourceEvent & { readonly kind: 'scope' } {
  const subscriptions = [...(readScope?.expected.entries() ?? [])].map(([key, { id, name }]) => {
    return { id, name, managementGroups: readScope?.visible.get(key)?.managementGroups ?? [] };
  });
  return {
    kind: 'scope',
    scope: {
      subscriptions: subscriptions.map(({ id, name }) => ({ id, name })),
      managementGroups: readScope?.managementGroups ?? [],
    },
    subscriptions,
  };
}
