import { setMaxListeners } from 'node:events';

import type { AzureConnection } from '../azure/connection.ts';
import type { GraphScope } from '../azure/resource-graph.ts';
import type { Session } from '../azure/session.ts';
import { AzureError } from '../model/errors.ts';
import { scannedTypes } from '../model/resource.ts';
import type { ReadProgress, ResourceSource, SourceEvent } from '../model/source.ts';
import { account, type ReadState } from './live/account.ts';
import { explainDenials } from './live/denials.ts';
import { planLanes } from './live/lanes.ts';
import { lookAhead, type Outlook } from './live/outlook.ts';
import { passedResources } from './live/passed.ts';
import type { LiveQuery } from './live/query.ts';
import { readAll } from './live/reading.ts';
import { findShort, lookAgain } from './live/recheck.ts';
import { refusesFilter, refusesQuery } from './live/refused-filter.ts';
import { rowLedger, type RowLedger } from './live/row-ledger.ts';
import { subscriptionLists, type NamedScope } from './live/targets.ts';

/** A live read. With nothing named it reads everything that the identity sees. */
export interface LiveOptions extends NamedScope {
  readonly connection: AzureConnection;
  /** What to read; vaults and managed HSMs when left out. */
  readonly query?: LiveQuery | undefined;
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/**
 * Vaults and managed HSMs from Azure Resource Graph. What was asked for is compared with what came: every expected
 * subscription is accounted for. Throws `AzureError` or `UsageError` when nothing of it can be seen.
 */
export function liveSource(options: LiveOptions): ResourceSource {
  return { read: (signal) => readLive(options, signal) };
}

const everyRow: LiveQuery = { types: scannedTypes };

interface Read {
  readonly connection: AzureConnection;
  readonly session: Session;
  /** Changes when Resource Graph refuses the one that was meant. */
  query: LiveQuery;
  readonly ledger: RowLedger;
  readonly state: ReadState;
  readonly report: (waitingMs: number) => void;
}

async function* readLive(options: LiveOptions, signal: AbortSignal): AsyncGenerator<SourceEvent> {
  const read = begin(options, signal);
  try {
    const outlook = await findOutlook(read, options);
    read.state.outlook = outlook;
    yield scopeOf(outlook);
    yield* readRows(read, outlook);
    if (isFilterRefused(read)) {
      const query = { types: read.query.types };
      const whole = await lookAhead(options.connection, read.session, { named: options, query });
      read.query = query;
      read.state.outlook = whole;
      yield* readRows(read, read.state.outlook);
    }
    read.state.denials = await explainDenials(options.connection, read.session, read.state.outlook);
    read.state.finished = !signal.aborted;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const { outlook } = read.state;
  if (outlook === undefined) yield scopeOf(undefined);
  for (const entry of outlook?.unreadable ?? []) yield { kind: 'unreadable', entry };
  // Told last: as long as rows are read, the filter may yet be refused.
  for (const passed of outlook === undefined ? [] : passedResources(outlook, read.query))
    yield { kind: 'passed', passed };
  yield* account(read);
}

/** The counts may be accepted, and the rows refused. */
function isFilterRefused({ query, state: { failure }, session }: Read): boolean {
  if (query.pushedDown === undefined || session.signal.aborted) return false;
  return failure !== undefined && refusesQuery(failure);
}

/** Should Resource Graph refuse what was pushed down to it, every row is read instead: slower, and as sure. */
async function findOutlook(read: Read, named: NamedScope): Promise<Outlook> {
  const { connection, session, query } = read;
  try {
    const outlook = await lookAhead(connection, session, { named, query });
    if (query.pushedDown === undefined || !outlook.refused.some(refusesFilter)) return outlook;
  } catch (error) {
    const refused = error instanceof AzureError && error.operation !== 'sign in' && refusesFilter(error);
    if (query.pushedDown === undefined || !refused || session.signal.aborted) throw error;
  }
  read.query = { types: query.types };
  return lookAhead(connection, session, { named, query: read.query });
}

function begin({ connection, query, onProgress }: LiveOptions, signal: AbortSignal): Read {
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  const ledger = rowLedger();
  const state: ReadState = {
    outlook: undefined,
    secondLooks: new Map(),
    denials: new Map(),
    failure: undefined,
    truncated: new Set(),
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
  const session = { signal: own, cost, onWait: report };
  return { connection, session, query: query ?? everyRow, ledger, state, report };
}

function scopeOf(outlook: Outlook | undefined): SourceEvent {
  const subscriptions = [...(outlook?.expected.entries() ?? [])].map(([key, { id, name }]) => {
    return { id, name, managementGroups: outlook?.visible.get(key)?.managementGroups ?? [] };
  });
  return {
    kind: 'scope',
    scope: {
      subscriptions: subscriptions.map(({ id, name }) => ({ id, name })),
      managementGroups: outlook?.managementGroups ?? [],
    },
    subscriptions,
  };
}

/** Reads every sequence, and then once more the subscriptions of which something is missing. */
async function* readRows(read: Read, outlook: Outlook): AsyncGenerator<SourceEvent> {
  const { connection, session, query, ledger, state } = read;
  const first = yield* readPages(read, outlook.sequences);
  if (isFilterRefused(read)) return;
  state.truncated = idsIn(first.truncated, outlook);
  const short = findShort(outlook, ledger, state.truncated);
  if (short.length === 0 || session.signal.aborted) return;
  const sequences = subscriptionLists(short).flatMap((scope) => {
    const ids = scope.kind === 'subscriptions' ? scope.ids : [];
    const rows = ids.reduce((sum, id) => sum + Math.max(1, outlook.rows.get(id) ?? 0), 0);
    return planLanes(query, { scope, rows });
  });
  const second = yield* readPages(read, sequences);
  const failed = idsIn(second.failed, outlook);
  state.truncated = new Set([
    ...[...state.truncated].filter((id) => failed.has(id)),
    ...idsIn(second.truncated, outlook),
  ]);
  state.secondLooks = await lookAgain(connection, session, { ids: short, query });
  const madeUp = [...state.secondLooks].every(
    ([id, look]) => look.kind === 'seen' && look.visible && ledger.count(id) >= look.rows,
  );
  if (madeUp && state.truncated.size === 0) ledger.forgetNameless();
}

async function* readPages(
  { connection, session, ledger, state, report }: Read,
  sequences: Outlook['sequences'],
): AsyncGenerator<SourceEvent, Unfinished> {
  const unfinished: Unfinished = { failed: [], truncated: [] };
  state.failure = undefined;
  for await (const reading of readAll(connection, session, sequences)) {
    if (reading.kind === 'failed') {
      // The last one is told of, but for one that asking for every row may avoid.
      const { failure } = state;
      if (failure === undefined || !refusesQuery(failure)) state.failure = reading.error;
    }
    if (reading.kind !== 'page') {
      unfinished[reading.kind].push(reading.scope);
      continue;
    }
    session.cost.pages += 1;
    const resources = ledger.enter(reading.rows);
    report(0);
    if (resources.length > 0) yield { kind: 'resources', resources };
  }
  return unfinished;
}

/** Scopes of sequences that were not read to their ends. */
type Unfinished = Readonly<Record<'failed' | 'truncated', GraphScope[]>>;

/** Which subscriptions scopes may hold: a scope that is no list may hold any. */
function idsIn(scopes: readonly GraphScope[], { visible, rows }: Outlook): ReadonlySet<string> {
  return new Set(
    scopes.flatMap((scope) =>
      scope.kind === 'subscriptions' ? scope.ids : [...visible.keys(), ...rows.keys()],
    ),
  );
}
