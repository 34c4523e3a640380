import type { AzureConnection } from '../azure/connection.ts';
import { listSubscriptions } from '../azure/subscriptions.ts';
import { AzureError } from '../model/errors.ts';
import { readRight, scannedTypes } from '../resource-types/known-type.ts';
import type { ReadProgress, ResourceSource, SourceEvent, Subscription } from '../model/source.ts';
import { account, passedResources } from './live/coverage.ts';
import { explainDenials, gatherEvidence, type Evidence } from './live/evidence.ts';
import { failuresIn, findScope, findScopeAgain, usePlainerQuery } from './live/fallback.ts';
import { plainer, type LiveQuery } from './live/query.ts';
import { readPages } from './live/read-pages.ts';
import type { ReadScope } from './live/read-scope.ts';
import { beginRead, type Read } from './live/read.ts';
import { blamesQuery } from './live/refused-query.ts';
import { reread } from './live/reread.ts';
import { evidenceScopes } from './live/rights.ts';
import { idsIn, passedIn } from './live/snapshot.ts';
import type { NamedScope } from './live/targets.ts';

/** A live read. With nothing named it reads everything that the identity sees. */
export interface LiveOptions extends NamedScope {
  readonly connection: AzureConnection;
  /** The query; vaults and managed HSMs when left out. */
  readonly query?: LiveQuery | undefined;
  /** The types that must be read completely, since a rule is about them; all types of the query when left out. */
  readonly judgedTypes?: readonly string[] | undefined;
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
  /** Also finds the names of the subscriptions outside of a named scope: one more request. */
  readonly subscriptionNames?: boolean;
}

/**
 * Vaults and managed HSMs from Azure Resource Graph. The scope is compared with the rows received: every expected
 * subscription is accounted for. Throws `AzureError` or `UsageError` when nothing of it is visible.
 */
export function liveSource(options: LiveOptions): ResourceSource {
  return { read: (signal) => readLive(options, signal) };
}

const everyRow: LiveQuery = { types: scannedTypes };

async function* readLive(options: LiveOptions, signal: AbortSignal): AsyncGenerator<SourceEvent> {
  const { connection, query = everyRow, judgedTypes = query.types, onProgress } = options;
  const actions = judgedTypes.map(readRight);
  const read = beginRead({ connection, query, actions, onProgress }, signal);
  const { session, state } = read;
  try {
    state.readScope = await findScope(read, options);
    yield { ...scopeOf(state.readScope), others: await othersOf(read, state.readScope, options) };
    const evidence = findEvidence(read, state.readScope, actions);
    // It is awaited below; until then, a failure of it must not end the process.
    evidence.catch(() => undefined);
    yield* readRows(read, state.readScope, options);
    state.missingIn = await confirmEvidence(read, await evidence);
    state.denials = await explainDenials(connection, session, state.readScope);
    state.finished = !signal.aborted;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (state.readScope === undefined) yield scopeOf(undefined);
  for (const entry of state.readScope?.unreadable ?? []) yield { kind: 'unreadable', entry };
  // Reported last: as long as rows are read, the filter may yet be refused, and the counts change.
  for (const passed of passedResources(state.tallies, read.query)) yield { kind: 'passed', passed };
  yield* account(read, [...options.subscriptions, ...options.managementGroups]);
}

/** Asks for the rights of the identity, while rows are read. */
function findEvidence(
  { connection, session }: Read,
  readScope: ReadScope,
  actions: readonly string[],
): Promise<Evidence> {
  return gatherEvidence(connection, session, {
    actions,
    subscriptionIds: [...idsIn(readScope)],
    above: evidenceScopes(readScope),
  });
}

/**
 * Rights may have been taken away since they were asked for: where the last snapshot shows fewer rows than an earlier
 * one, they are asked for again.
 */
async function confirmEvidence(
  { state, received, query }: Read,
  evidence: Evidence,
): Promise<Evidence['missingIn']> {
  const { mostCounted, lastShown, tallies, discrepancies } = state;
  const shrunk = [...lastShown].filter(([id, shown]) => {
    if (discrepancies.has(id) || evidence.missingIn(id) !== undefined) return false;
    return shown < Math.max(mostCounted.get(id) ?? 0, received.count(id) + passedIn(tallies.get(id), query));
  });
  if (shrunk.length === 0) return evidence.missingIn;
  return (await evidence.askAgain(shrunk.map(([id]) => id))).missingIn;
}

/**
 * Reads every row and compares it with a second snapshot. Should Resource Graph refuse a query only now, or give it up, everything is read
 * again by a plainer one.
 */
async function* readRows(read: Read, readScope: ReadScope, named: NamedScope): AsyncGenerator<SourceEvent> {
  const { session, state, query } = read;
  state.tallies = talliesOf(readScope);
  for (const [id, { rows, tallies }] of readScope.counts) {
    const counted = rows + passedIn(tallies, query);
    state.mostCounted.set(id, Math.max(counted, state.mostCounted.get(id) ?? 0));
  }
  const first = yield* readPages(read, readScope.sequences);
  if (session.signal.aborted) return;
  const isAnswered = plainer(read.query) === undefined || !first.failures.some(blamesQuery);
  if (isAnswered) yield* reread(read, readScope, first);
  const refusal = isAnswered ? failuresIn(state).find(blamesQuery) : first.failures.find(blamesQuery);
  if (session.signal.aborted || refusal === undefined || !usePlainerQuery(read, refusal)) return;
  const again = await findScopeAgain(read, readScope, named);
  if (again !== undefined) yield* readRows(read, again, named);
  // The counts so far belong to the query that gave them.
  else read.query = query;
}

/** Visible subscriptions outside of the named scope. */
async function othersOf(
  { connection, session }: Read,
  { expected }: ReadScope,
  { subscriptions, managementGroups, subscriptionNames = false }: LiveOptions,
): Promise<readonly Subscription[]> {
  if (!subscriptionNames || subscriptions.length + managementGroups.length === 0) return [];
  try {
    const listed = await listSubscriptions(connection, session);
    return listed
      .filter(({ id }) => !expected.has(id.toLowerCase()))
      .map(({ id, name }) => ({ id, name, managementGroups: [] }));
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return [];
  }
}

function talliesOf({ counts }: ReadScope): Map<string, readonly number[]> {
  return new Map([...counts].map(([id, { tallies }]) => [id, tallies]));
}

function scopeOf(readScope: ReadScope | undefined): SourceEvent & { readonly kind: 'scope' } {
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
