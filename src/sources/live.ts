import type { AzureConnection } from '../azure/connection.ts';
import { AzureError } from '../model/errors.ts';
import { scannedTypes } from '../model/resource.ts';
import type { ReadProgress, ResourceSource, SourceEvent } from '../model/source.ts';
import { account } from './live/account.ts';
import { explainDenials } from './live/denials.ts';
import { lookAhead, type Outlook } from './live/outlook.ts';
import { readPass } from './live/pass.ts';
import { passedResources } from './live/passed.ts';
import type { LiveQuery } from './live/query.ts';
import { beginRead, type Read } from './live/read.ts';
import { refusesFilter, refusesQuery } from './live/refused-filter.ts';
import { settle } from './live/settling.ts';
import type { NamedScope } from './live/targets.ts';

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

async function* readLive(options: LiveOptions, signal: AbortSignal): AsyncGenerator<SourceEvent> {
  const { connection, query = everyRow, onProgress } = options;
  const read = beginRead({ connection, query, onProgress }, signal);
  const { session, state } = read;
  try {
    state.outlook = await findOutlook(read, options);
    yield scopeOf(state.outlook);
    yield* readRows(read, state.outlook, options);
    state.denials = await explainDenials(connection, session, state.outlook);
    state.finished = !signal.aborted;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (state.outlook === undefined) yield scopeOf(undefined);
  for (const entry of state.outlook?.unreadable ?? []) yield { kind: 'unreadable', entry };
  // Told last: as long as rows are read, the filter may yet be refused, and the counts change.
  for (const passed of passedResources(state.tallies, read.query)) yield { kind: 'passed', passed };
  yield* account(read);
}

/** Reads every row, or again without the filter where Resource Graph refuses it only now, and settles what came. */
async function* readRows(read: Read, outlook: Outlook, named: NamedScope): AsyncGenerator<SourceEvent> {
  const { connection, session, ledger, state } = read;
  state.tallies = talliesOf(outlook);
  const first = yield* readPass(read, outlook.sequences);
  if (session.signal.aborted) return;
  if (!isFilterRefused(read)) {
    yield* settle(read, outlook, first);
    return;
  }
  read.query = { types: read.query.types };
  state.outlook = await lookAhead(connection, session, { named, query: read.query });
  // What the filter let through has come before this look, and must not stand for what comes after it.
  ledger.beginPass();
  for (const id of state.outlook.counts.keys()) state.changed.add(id);
  yield* readRows(read, state.outlook, named);
}

function talliesOf({ counts }: Outlook): Map<string, readonly number[]> {
  return new Map([...counts].map(([id, { tallies }]) => [id, tallies]));
}

/** The counts may be accepted, and the rows refused. */
function isFilterRefused({ query, state: { failure } }: Read): boolean {
  return query.pushedDown !== undefined && failure !== undefined && refusesQuery(failure);
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
