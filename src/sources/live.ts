import type { AzureConnection } from '../azure/connection.ts';
import { AzureError } from '../model/errors.ts';
import { scannedTypes } from '../model/resource.ts';
import type { ReadProgress, ResourceSource, SourceEvent } from '../model/source.ts';
import { account } from './live/account.ts';
import { explainDenials } from './live/denials.ts';
import { gatherEvidence, type Evidence } from './live/evidence.ts';
import { evidenceScopes } from './live/evidence-scopes.ts';
import { lookAhead, type Outlook } from './live/outlook.ts';
import { readPass } from './live/pass.ts';
import { passedIn, passedResources } from './live/passed.ts';
import type { LiveQuery } from './live/query.ts';
import { beginRead, type Read } from './live/read.ts';
import { isUncounted, refusesFilter, refusesQuery } from './live/refused-filter.ts';
import { settle } from './live/settling.ts';
import { idsIn, rowsIn } from './live/sight.ts';
import type { NamedScope } from './live/targets.ts';

/** A live read. With nothing named it reads everything that the identity sees. */
export interface LiveOptions extends NamedScope {
  readonly connection: AzureConnection;
  /** What to read; vaults and managed HSMs when left out. */
  readonly query?: LiveQuery | undefined;
  /** The types that must have been seen whole, since a rule is about them; all that is read when left out. */
  readonly judgedTypes?: readonly string[] | undefined;
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
  const { connection, query = everyRow, judgedTypes = query.types, onProgress } = options;
  const actions = judgedTypes.map((type) => `${type}/read`);
  const read = beginRead({ connection, query, actions, onProgress }, signal);
  const { session, state } = read;
  try {
    state.outlook = await findOutlook(read, options);
    yield scopeOf(state.outlook);
    const evidence = findEvidence(read, state.outlook, actions);
    // It is awaited below; until then, a failure of it must not end the process.
    evidence.catch(() => undefined);
    yield* readRows(read, state.outlook, options);
    state.missingIn = await confirm(read, await evidence);
    state.denials = await explainDenials(connection, session, state.outlook);
    state.finished = !signal.aborted;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (state.outlook === undefined) yield scopeOf(undefined);
  for (const entry of state.outlook?.unreadable ?? []) yield { kind: 'unreadable', entry };
  // Told last: as long as rows are read, the filter may yet be refused, and the counts change.
  for (const passed of passedResources(state.tallies, read.query)) yield { kind: 'passed', passed };
  yield* account(read, [...options.subscriptions, ...options.managementGroups]);
}

/** Asks what the identity may read, while its rows are read. */
function findEvidence(
  { connection, session }: Read,
  outlook: Outlook,
  actions: readonly string[],
): Promise<Evidence> {
  return gatherEvidence(connection, session, {
    actions,
    subscriptionIds: [...idsIn(outlook)],
    above: evidenceScopes(outlook),
  });
}

/**
 * Rights may have been taken away since they were asked for: where fewer rows show by now than have ever been seen, they
 * are asked for again.
 */
async function confirm({ state, ledger, query }: Read, evidence: Evidence): Promise<Evidence['missingIn']> {
  const { outlook, lastShown, tallies, unsettled } = state;
  const shrunk = [...lastShown].filter(([id, shown]) => {
    if (unsettled.has(id) || evidence.missingIn(id) !== undefined) return false;
    const counted =
      outlook === undefined ? 0 : rowsIn(id, outlook) + passedIn(outlook.counts.get(id)?.tallies, query);
    return shown < Math.max(counted, ledger.count(id) + passedIn(tallies.get(id), query));
  });
  if (shrunk.length === 0) return evidence.missingIn;
  return (await evidence.askAgain(shrunk.map(([id]) => id))).missingIn;
}

/** Reads every row, or again without the filter where Resource Graph refuses it only now, and settles what came. */
async function* readRows(read: Read, outlook: Outlook, named: NamedScope): AsyncGenerator<SourceEvent> {
  const { session, state } = read;
  state.tallies = talliesOf(outlook);
  const first = yield* readPass(read, outlook.sequences);
  if (session.signal.aborted) return;
  // The counts may be accepted, and the rows refused.
  if (read.query.pushedDown === undefined || !first.failures.some(refusesQuery)) {
    yield* settle(read, outlook, first);
    return;
  }
  const whole = await lookAfresh(read, outlook, named);
  if (whole !== undefined) yield* readRows(read, whole, named);
}

/**
 * Looks again without the filter. What was told to be in the scan stays what it is about: what is gone by now is a gap,
 * and what has come is late. `undefined` when it cannot be looked at, which is a gap for all.
 */
async function lookAfresh(read: Read, before: Outlook, named: NamedScope): Promise<Outlook | undefined> {
  const { connection, session, ledger, state } = read;
  const query = { types: read.query.types };
  try {
    const found = await lookAhead(connection, session, { named, query });
    const expected = new Map([...found.expected, ...before.expected]);
    const outlook = { ...found, expected, unreadable: before.unreadable };
    // What the filter let through came before this look, and says nothing of what comes after it.
    ledger.beginPass();
    for (const id of found.counts.keys()) state.changed.add(id);
    for (const id of found.expected.keys()) if (!before.expected.has(id)) state.late.add(id);
    for (const id of before.visible.keys())
      if (!found.visible.has(id)) state.unsettled.set(id, { kind: 'gone' });
    read.query = query;
    state.outlook = outlook;
    return outlook;
  } catch (error) {
    if (!(error instanceof AzureError) || session.signal.aborted) throw error;
    for (const id of before.expected.keys()) state.unsettled.set(id, { kind: 'failed', failure: error });
    return undefined;
  }
}

function talliesOf({ counts }: Outlook): Map<string, readonly number[]> {
  return new Map([...counts].map(([id, { tallies }]) => [id, tallies]));
}

/**
 * Should Resource Graph refuse what was pushed down to it, every row is read instead: slower, and as sure. Where it
 * accepted the filter for one scope, the filter is not why it refused another.
 */
async function findOutlook(read: Read, named: NamedScope): Promise<Outlook> {
  const { connection, session, query } = read;
  try {
    const outlook = await lookAhead(connection, session, { named, query });
    const blamesFilter = idsIn(outlook).size === 0 ? refusesFilter : isUncounted;
    if (query.pushedDown === undefined || !outlook.refused.some(blamesFilter)) return outlook;
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
