import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { compare, type ComparisonResult } from './compare.ts';
import { type PagesResult, type ReadState, reached, type Reader, type ReadStep } from './progress.ts';
import { type LiveQuery, planReads, unfiltered } from './query.ts';
import { readPages } from './read-pages.ts';
import type { ReadScope } from './read-scope.ts';
import { type ScopeSnapshot, snapshotScope } from './scope-snapshot.ts';
import {
  byScope,
  idsIn,
  type KnownTarget,
  type LaterSnapshot,
  lowerIds,
  type Members,
  mergeSnapshots,
  passedIn,
  rowsIn,
  type Snapshot,
  subscriptionLists,
} from './snapshot.ts';
import { listMembers, snapshotTargetAgain } from './target-snapshot.ts';

/** The maximum number of reads of a subscription: one that changes each time is reported as a gap. */
const maxReads = 3;

/**
 * Takes a second snapshot and rereads the subscriptions that differ from it, until the rows received of each are exactly
 * those of the snapshot after it was read. The number of rows is not enough: a row may move from a page that is still to
 * be read to one that has been read, when another one is deleted.
 */
export async function* reread(
  reader: Reader,
  progress: ReadState,
  { readScope, first }: { readonly readScope: ReadScope; readonly first: PagesResult },
): AsyncGenerator<ReadStep, ReadState> {
  const { connection, session, received } = reader;
  const { query } = progress;
  const after = await retakeSnapshot(connection, session, { targets: readScope.targets, query });
  reader.report(0);
  const found = { ...progress, late: new Set([...progress.late, ...lateIn(readScope, after)]) };
  const whole = { ids: [...idsIn(readScope)], before: readScope, after, pass: first };
  let compared = compare(reader, found, whole);
  yield reached(compared.progress);
  for (let reads = 1; reads < maxReads && compared.ids.length > 0; reads += 1) {
    session.cost.retries += 1;
    compared = yield* rereadSubscriptions(reader, compared);
    reader.report(0);
  }
  const { discrepancies } = compared.progress;
  if ([...discrepancies.values()].every(({ kind }) => kind === 'gaps')) received.incomplete.discardAll();
  return compared.progress;
}

/** Subscriptions that became visible after the first snapshot. */
function lateIn(before: ReadScope, after: LaterSnapshot): readonly string[] {
  return [...after.found].filter(
    (id) => !before.expected.has(id) || (after.visible.has(id) && !before.visible.has(id)),
  );
}

/** Rereads subscriptions: by the same query where rows were missing, and every row of those that changed. */
async function* rereadSubscriptions(
  reader: Reader,
  { progress, ids, shown }: ComparisonResult,
): AsyncGenerator<ReadStep, ComparisonResult> {
  const { query } = progress;
  const changed = ids.filter((id) => progress.changed.has(id));
  const others = ids.filter((id) => !progress.changed.has(id));
  // With every row returned none is left to count, and none that was fixed in between is counted twice.
  const tallies = new Map([...progress.tallies].filter(([id]) => !changed.includes(id)));
  const begun = { ...progress, tallies };
  yield reached(begun);
  const first = yield* readGroup(reader, begun, { ids: others, shown, query });
  const second = yield* readGroup(reader, first.progress, { ids: changed, shown, query: unfiltered(query) });
  return {
    progress: second.progress,
    ids: [...first.ids, ...second.ids],
    shown: {
      visible: new Map([...shown.visible, ...first.shown.visible, ...second.shown.visible]),
      counts: new Map([...shown.counts, ...first.shown.counts, ...second.shown.counts]),
    },
  };
}

interface Group {
  readonly ids: readonly string[];
  /** The latest snapshot. */
  readonly shown: Snapshot;
  readonly query: LiveQuery;
}

async function* readGroup(
  reader: Reader,
  progress: ReadState,
  { ids, shown, query }: Group,
): AsyncGenerator<ReadStep, ComparisonResult> {
  if (ids.length === 0) return { progress, ids, shown: { visible: new Map(), counts: new Map() } };
  const { connection, session, received } = reader;
  const scopes = subscriptionLists(ids);
  const sequences = scopes.flatMap((scope) => {
    const inside = scope.kind === 'subscriptions' ? scope.ids : [];
    // At least one each: Azure may have withheld a row of a subscription for which it counted none.
    const rows = inside.reduce((sum, id) => sum + Math.max(1, rowsToRead(id)), 0);
    return planReads(query, { scope, rows });
  });
  received.beginPass();
  const pass = yield* readPages(reader, sequences);
  const known = { target: { scopes, expected: undefined }, held: new Set(ids) };
  const after = await retakeSnapshot(connection, session, { targets: [known], query });
  const compared = compare(reader, progress, { ids, before: shown, after, pass });
  yield reached(compared.progress);
  return compared;

  /** The latest snapshot may leave out the rows that the filter excludes. */
  function rowsToRead(id: string): number {
    const filtered =
      query.pushedDown === undefined ? passedIn(shown.counts.get(id)?.tallies, progress.query) : 0;
    return rowsIn(id, shown) + filtered;
  }
}

/** Takes a snapshot of known targets again. Missing rights leave a scope invisible; a sign-in that is lost by now is a failure. */
async function retakeSnapshot(
  connection: AzureConnection,
  session: Session,
  { targets, query }: { readonly targets: readonly KnownTarget[]; readonly query: LiveQuery },
): Promise<LaterSnapshot> {
  const listed = new Set<string>();
  const taken = await Promise.all(
    targets.map(({ target }) => {
      const members = async (): Promise<Members> => {
        const found = await listMembers(connection, session, target);
        for (const id of lowerIds(found)) listed.add(id);
        return found;
      };
      return snapshotTargetAgain(connection, session, { target, query, ask: snapshotScopeAgain, members });
    }),
  );
  const snapshot = mergeSnapshots(taken.flatMap(({ seen }) => seen.map((one) => one.snapshot)));
  const failures = taken.map(({ refused }, index) => ({
    held: targets[index]?.held,
    failureOf: byScope(
      refused.flatMap(({ scope, error }) => (error.status === 403 ? [] : [{ scope, value: error }])),
    ),
  }));
  return {
    ...snapshot,
    found: new Set([...idsIn(snapshot), ...listed]),
    failureOf(id) {
      if (snapshot.visible.has(id) || snapshot.counts.has(id)) return undefined;
      return failures.find(({ held, failureOf }) => held?.has(id) === true && failureOf(id))?.failureOf(id);
    },
  };
}

/** A sign-in that fails now does not discard the rows that were read. */
async function snapshotScopeAgain(...request: Parameters<typeof snapshotScope>): Promise<ScopeSnapshot> {
  try {
    return await snapshotScope(...request);
  } catch (error) {
    if (error instanceof AzureError) return { kind: 'refused', error };
    throw error;
  }
}
