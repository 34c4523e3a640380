import type { AzureConnection } from '../azure/connection.ts';
import { type ArmSubscription, listSubscriptions } from '../azure/subscriptions.ts';
import { AzureError } from '../model/errors.ts';
import type { ReadProgress, ResourceSource, SourceEvent, Subscription } from '../model/source.ts';
import { readRight, scannedTypes } from '../resource-types/known-type.ts';
import { account, confirmEvidence, type EndOfRead } from './live/coverage.ts';
import { gatherEvidence } from './live/evidence.ts';
import { explainDenials, failuresIn, findScope, findScopeAgain, usePlainerQuery } from './live/find-scope.ts';
import type { NamedScope } from './live/first-snapshot.ts';
import { blamesQuery } from './live/gaps.ts';
import {
  beginReading,
  countRows,
  noProgress,
  passedResources,
  type ReadState,
  reached,
  type Reader,
  scopeEvent,
  type ReadStep,
} from './live/progress.ts';
import { type LiveQuery, plainer } from './live/query.ts';
import { readPages } from './live/read-pages.ts';
import type { ReadScope } from './live/read-scope.ts';
import { reread } from './live/reread.ts';
import { evidenceScopes } from './live/rights.ts';
import { idsIn } from './live/snapshot.ts';

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
  const { types } = options.query ?? everyRow;
  return { name: 'live', types, read: (signal) => readLive(options, signal) };
}

const everyRow: LiveQuery = { types: scannedTypes };

async function* readLive(options: LiveOptions, signal: AbortSignal): AsyncGenerator<SourceEvent> {
  const { connection, query = everyRow, judgedTypes = query.types, onProgress } = options;
  const actions = judgedTypes.map(readRight);
  let progress = noProgress(query);
  let proof: Proof = {
    missingIn: () => ({ actions, holdsOthers: false, failure: undefined }),
    denials: new Map(),
  };
  let finished = false;
  const visible = (): number => progress.readScope?.visible.size ?? 0;
  const reader = beginReading({ connection, query, visible, onProgress }, signal);
  try {
    for await (const step of readPhases(reader, progress, { ...options, actions })) {
      if (step.kind === 'progress') progress = step.progress;
      else if (step.kind === 'proof') proof = step.proof;
      else yield step;
    }
    finished = !signal.aborted;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    reader.firstPage.drop();
  }
  const { readScope, tallies } = progress;
  if (readScope === undefined) yield scopeEvent(undefined);
  for (const entry of readScope?.unreadable ?? []) yield { kind: 'unreadable', entry };
  // Reported last: as long as rows are read, the filter may yet be refused, and the counts change.
  for (const passed of passedResources(tallies, progress.query)) yield { kind: 'passed', passed };
  const named = [...options.subscriptions, ...options.managementGroups];
  yield* account(reader, progress, { named, finished, ...proof });
}

type Proof = Pick<EndOfRead, 'missingIn' | 'denials'>;

interface Phases extends LiveOptions {
  readonly actions: readonly string[];
}

/** The phases of a read: scope, rows, comparison, rereads, evidence. */
async function* readPhases(
  reader: Reader,
  start: ReadState,
  options: Phases,
): AsyncGenerator<ReadStep | { readonly kind: 'proof'; readonly proof: Proof }> {
  const { connection, session } = reader;
  const listed = meanwhile(listOthers(reader, options));
  const found = yield* findScope(reader, start, options);
  const { readScope } = found;
  const evidence = meanwhile(
    gatherEvidence(connection, session, {
      actions: options.actions,
      subscriptionIds: [...idsIn(readScope)],
      above: evidenceScopes(readScope),
    }),
  );
  const explained = meanwhile(explainDenials(connection, session, readScope));
  yield reached({ ...found.progress, readScope });
  yield { ...scopeEvent(readScope), others: othersIn(await listed, readScope) };
  const read = yield* readRows(reader, { ...found.progress, readScope }, { readScope, named: options });
  const missingIn = await confirmEvidence(reader, read, await evidence);
  yield { kind: 'proof', proof: { missingIn, denials: new Map() } };
  const last = read.readScope ?? readScope;
  const denials = await (last === readScope ? explained : explainDenials(connection, session, last));
  yield { kind: 'proof', proof: { missingIn, denials } };
}

/** Requests that run while others do, and are awaited later: until then, a failure of them must not end the process. */
function meanwhile<Answer>(requests: Promise<Answer>): Promise<Answer> {
  requests.catch(() => undefined);
  return requests;
}

interface RowsRequest {
  readonly readScope: ReadScope;
  readonly named: NamedScope;
}

/**
 * Reads every row and compares it with a second snapshot. Should Resource Graph refuse a query only now, or give it up,
 * everything is read again by a plainer one.
 */
async function* readRows(
  reader: Reader,
  from: ReadState,
  { readScope, named }: RowsRequest,
): AsyncGenerator<ReadStep, ReadState> {
  const { signal } = reader.session;
  const begun = countRows(from, readScope);
  yield reached(begun);
  const first = yield* readPages(reader, readScope.sequences);
  if (signal.aborted) return begun;
  const isAnswered = plainer(begun.query) === undefined || !first.failures.some(blamesQuery);
  const read = isAnswered ? yield* reread(reader, begun, { readScope, first }) : begun;
  yield reached(read);
  const refusal = (isAnswered ? failuresIn(read) : first.failures).find(blamesQuery);
  if (signal.aborted || refusal === undefined) return read;
  const plainerRead = usePlainerQuery(reader, read, refusal);
  if (plainerRead === undefined) return read;
  yield reached(plainerRead);
  const again = yield* findScopeAgain(reader, plainerRead, { before: readScope, named });
  // The counts so far belong to the query that gave them.
  const next = again.readScope === undefined ? { ...again.progress, query: begun.query } : again.progress;
  yield reached(next);
  if (again.readScope === undefined) return next;
  return yield* readRows(reader, next, { readScope: again.readScope, named });
}

/** Visible subscriptions, where a scope is named and those outside of it are needed too. */
async function listOthers(
  { connection, session }: Reader,
  { subscriptions, managementGroups, subscriptionNames = false }: LiveOptions,
): Promise<readonly ArmSubscription[]> {
  if (!subscriptionNames || subscriptions.length + managementGroups.length === 0) return [];
  try {
    return await listSubscriptions(connection, session);
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return [];
  }
}

function othersIn(listed: readonly ArmSubscription[], { expected }: ReadScope): readonly Subscription[] {
  return listed
    .filter(({ id }) => !expected.has(id.toLowerCase()))
    .map(({ id, name }) => ({ id, name, managementGroups: [] }));
}
