import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import { getSubscription } from '../../azure/subscriptions.ts';
import { AzureError } from '../../model/errors.ts';
import { type NamedScope, takeFirstSnapshot } from './first-snapshot.ts';
import { suggestVisible } from './named-scope.ts';
import { blamesQuery, type Denial, mayBlameQuery, readerHint, refusedForm, withheldRows } from './gaps.ts';
import { type Discrepancy, type ReadState, reached, type Reader, type ReadStep } from './progress.ts';
import { plainer, readRowsOperation } from './query.ts';
import type { ReadScope } from './read-scope.ts';
import { idsIn } from './snapshot.ts';
import pMap from 'p-map';

/** The errors for which subscriptions could not be read so far. Rows that Azure counts and does not give are one, too. */
export function failuresIn({ discrepancies }: ReadState): readonly AzureError[] {
  return [...discrepancies.values()].flatMap((one) => {
    if (!('failure' in one)) return [];
    return one.failure ?? (one.kind === 'short' ? withheldRows(readRowsOperation) : []);
  });
}

/** Switches to a plainer query for the rest of the read; `undefined` where there is none. */
export function usePlainerQuery(
  { received }: Reader,
  progress: ReadState,
  refusal: AzureError,
): ReadState | undefined {
  const query = plainer(progress.query);
  if (query === undefined) return undefined;
  if (query.plain === true) received.recomputeChecksums();
  return { ...progress, query, refused: [...progress.refused, refusedForm(progress.query, refusal)] };
}

/** The state after a first snapshot. */
export interface Found {
  readonly progress: ReadState;
  readonly readScope: ReadScope;
}

/**
 * Takes the first snapshot again by a plainer query. The scope that was reported stays: a subscription that has
 * disappeared is a gap, and one that has appeared is late. `readScope` is undefined when the snapshot fails, which is a
 * gap for all.
 */
export async function* findScopeAgain(
  reader: Reader,
  progress: ReadState,
  { before, named }: { readonly before: ReadScope; readonly named: NamedScope },
): AsyncGenerator<ReadStep, { readonly progress: ReadState; readonly readScope: ReadScope | undefined }> {
  // A failure keeps the refusals before it.
  let latest = progress;
  try {
    const steps = findScope(reader, progress, named);
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) {
      if (step.value.kind === 'progress') latest = step.value.progress;
      yield step.value;
    }
    // Rows received before this snapshot say nothing about those after it.
    reader.received.beginPass();
    return replaceScope(step.value, before);
  } catch (error) {
    if (!(error instanceof AzureError) || reader.session.signal.aborted) throw error;
    const failed = [...before.expected.keys()].map((id) => [id, { kind: 'failed', failure: error }] as const);
    const discrepancies = new Map<string, Discrepancy>([...latest.discrepancies, ...failed]);
    return { progress: { ...latest, discrepancies }, readScope: undefined };
  }
}

function replaceScope({ progress, readScope: found }: Found, before: ReadScope): Found {
  const expected = new Map([...found.expected, ...before.expected]);
  const readScope = { ...found, expected, unreadable: before.unreadable };
  const late = [...found.expected.keys()].filter((id) => !before.expected.has(id));
  const disappeared = [...before.visible.keys()].filter((id) => !found.visible.has(id));
  return {
    readScope,
    progress: {
      ...progress,
      readScope,
      discrepancies: new Map(disappeared.map((id) => [id, { kind: 'disappeared' }])),
      changed: new Set([...progress.changed, ...found.counts.keys()]),
      late: new Set([...progress.late, ...late]),
    },
  };
}

/** Takes the first snapshot by the least plain query that Resource Graph answers. Throws `AzureError` when it answers none. */
export async function* findScope(
  reader: Reader,
  from: ReadState,
  named: NamedScope,
): AsyncGenerator<ReadStep, Found> {
  let progress = from;
  for (;;) {
    const tried = await tryScope(reader, progress, named);
    const next = tried.refusal && usePlainerQuery(reader, progress, tried.refusal);
    if (next !== undefined) {
      progress = next;
      yield reached(progress);
    } else if (tried.readScope === undefined) throw tried.refusal;
    else return { progress, readScope: tried.readScope };
  }
}

type Tried =
  | { readonly readScope: ReadScope; readonly refusal: AzureError | undefined }
  | { readonly readScope: undefined; readonly refusal: AzureError };

async function tryScope(
  { connection, session, firstPage }: Reader,
  { query }: ReadState,
  named: NamedScope,
): Promise<Tried> {
  try {
    const readScope = await takeFirstSnapshot(connection, session, { named, query, firstPage });
    // Where it was answered for one scope, an Azure failure on another is not caused by the query.
    const blames = idsIn(readScope).size === 0 ? mayBlameQuery : blamesQuery;
    return { readScope, refusal: readScope.refused.find(blames) };
  } catch (error) {
    if (session.signal.aborted || !mayBlameQuery(error)) throw error;
    return { readScope: undefined, refusal: error };
  }
}

/** Asking costs a request each: a longer list is a matter of rights at large. */
const maxAsked = 100;

/** Each subscription has its own limit of requests: these do not slow each other down. */
const askedAtOnce = 24;

/** Asks Azure Resource Manager why subscriptions are not visible, a bounded number of them: by id in lower case. */
export async function explainDenials(
  connection: AzureConnection,
  session: Session,
  readScope: ReadScope,
): Promise<ReadonlyMap<string, Denial>> {
  const unseen = [...readScope.expected].filter(
    ([key]) => !readScope.visible.has(key) && !readScope.counts.has(key) && !readScope.failures.has(key),
  );
  const suggest = suggestVisible(connection, session);
  const explained = await pMap(
    unseen.slice(0, maxAsked),
    async ([key, { id }]) => {
      const denial = await explain(connection, session, id);
      const suggestion = denial.isAbsent === true ? await suggest(id) : '';
      return [key, { ...denial, reason: `${denial.reason}${suggestion}` }] as const;
    },
    { concurrency: askedAtOnce, signal: session.signal },
  );
  return new Map(explained);
}

async function explain(connection: AzureConnection, session: Session, id: string): Promise<Denial> {
  try {
    await getSubscription(connection, session, id);
    return { reason: 'It can be listed, but nothing in it can be read.', hint: readerHint(id) };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const { code, message, hint } = error;
    if (code === 'SubscriptionNotFound')
      return {
        reason: 'Not found: it does not exist, or not in the tenant that you signed in to.',
        hint,
        isAbsent: true,
      };
    if (code === 'AuthorizationFailed')
      return { reason: 'The identity does not have permission to read it.', hint: readerHint(id) };
    return { reason: `${message}.`, hint };
  }
}
