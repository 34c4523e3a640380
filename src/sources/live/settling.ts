import type { GraphScope } from '../../azure/resource-graph.ts';
import type { SourceEvent } from '../../model/source.ts';
import { planLanes } from './lanes.ts';
import type { Outlook } from './outlook.ts';
import { readPass, type Unfinished } from './pass.ts';
import type { LiveQuery } from './query.ts';
import type { Read, Unsettled } from './read.ts';
import { lookAgain, type SecondLook } from './second-look.ts';
import { rowsIn, showSameRows, type Sight } from './sight.ts';
import { subscriptionLists } from './targets.ts';

/** Times a subscription is read at most: one that changes each time is told as a gap. */
const mostReads = 3;

/**
 * Looks at everything again that has just been read, and reads once more what cannot be relied on, until each
 * subscription is settled: it shows the same rows after it was read as before, and so many have come. Rows may slide
 * from a page that is still to come to one that has been read, when another one is deleted, without any count showing
 * it; only that nothing changed from the first page to the last rules it out.
 */
export async function* settle(
  read: Read,
  outlook: Outlook,
  first: Unfinished,
): AsyncGenerator<SourceEvent, void> {
  const { connection, session, ledger, query, state } = read;
  const expected = [...new Set([...outlook.visible.keys(), ...outlook.counts.keys()])];
  state.truncated = idsIn(first.truncated, outlook);
  const after = await lookAgain(connection, session, { scopes: outlook.scopes, query });
  read.report(0);
  let left = judge(read, { ids: expected, before: outlook, after });
  for (let reads = 1; reads < mostReads && left.length > 0; reads += 1) {
    session.cost.retries += 1;
    left = yield* readAgain(read, outlook, left);
    read.report(0);
  }
  if (state.unsettled.size === 0) ledger.forgetNameless();
}

/** Reads subscriptions again: as before where rows were missing, and every row of those that changed. */
async function* readAgain(
  read: Read,
  outlook: Outlook,
  ids: readonly string[],
): AsyncGenerator<SourceEvent, readonly string[]> {
  const { connection, session, state, query } = read;
  const whole: LiveQuery = { types: query.types };
  const changed = ids.filter((id) => state.changed.has(id));
  const short = ids.filter((id) => !state.changed.has(id));
  const left: string[] = [];
  if (short.length > 0) left.push(...(yield* readGroup(read, { ids: short, before: outlook, query })));
  if (changed.length > 0) {
    // With every row handed over none is left to count, and none is counted twice that was repaired in between.
    for (const id of changed) state.tallies.delete(id);
    const before = await lookAgain(connection, session, { scopes: subscriptionLists(changed), query: whole });
    left.push(...(yield* readGroup(read, { ids: changed, before, query: whole })));
  }
  return left;
}

interface Group {
  readonly ids: readonly string[];
  readonly before: Sight;
  readonly query: LiveQuery;
}

async function* readGroup(
  read: Read,
  { ids, before, query }: Group,
): AsyncGenerator<SourceEvent, readonly string[]> {
  const { connection, session, ledger, state } = read;
  const scopes = subscriptionLists(ids);
  ledger.beginPass();
  const unfinished = yield* readPass(
    read,
    scopes.flatMap((scope) => planLanes(query, { scope, rows: rowsOf(scope, before) })),
  );
  const failed = idsIn(unfinished.failed, before);
  const stillTruncated = [...state.truncated].filter((id) => failed.has(id) || !ids.includes(id));
  state.truncated = new Set([...stillTruncated, ...idsIn(unfinished.truncated, before)]);
  return judge(read, { ids, before, after: await lookAgain(connection, session, { scopes, query }) });
}

interface Comparison {
  readonly ids: readonly string[];
  readonly before: Sight;
  readonly after: SecondLook;
}

/** Settles what can be, and gives the ids that reading again may settle. */
function judge(read: Read, { ids, before, after }: Comparison): readonly string[] {
  const { ledger, state } = read;
  const troubled = ledger.troubled();
  return ids.filter((id) => {
    const unsettled = judgeOne(id);
    if (unsettled === undefined) state.unsettled.delete(id);
    else state.unsettled.set(id, unsettled);
    if (unsettled?.kind === 'changed') state.changed.add(id);
    else if (!state.changed.has(id) && after.visible.has(id))
      state.tallies.set(id, after.counts.get(id)?.tallies ?? []);
    return unsettled !== undefined && unsettled.kind !== 'failed';
  });

  function judgeOne(id: string): Unsettled | undefined {
    const failure = after.failureOf(id);
    // Lists of subscriptions can be looked at when a scope has come to hold too many.
    if (failure === 'tooMany') return { kind: 'changed' };
    if (failure !== undefined) return { kind: 'failed', error: failure };
    if (state.outlook?.visible.has(id) === true && !after.visible.has(id)) return { kind: 'gone' };
    if (!showSameRows(id, before, after)) return { kind: 'changed' };
    const rows = rowsIn(id, after);
    // A subscription that never changed holds every row that ever came of it.
    const seen = state.changed.has(id) ? ledger.countInPass(id) : ledger.count(id);
    const spoiled = troubled.get(id) ?? 0;
    if (state.truncated.has(id) || seen + spoiled < rows) return { kind: 'short', rows };
    return spoiled > 0 ? { kind: 'spoiled', rows } : undefined;
  }
}

/** At least one each: Azure may have kept a row back of a subscription that it counted none of. */
function rowsOf(scope: GraphScope, sight: Sight): number {
  const ids = scope.kind === 'subscriptions' ? scope.ids : [];
  return ids.reduce((sum, id) => sum + Math.max(1, rowsIn(id, sight)), 0);
}

/** Which subscriptions scopes may hold: a scope that is no list may hold any. */
function idsIn(scopes: readonly GraphScope[], { visible, counts }: Sight): ReadonlySet<string> {
  return new Set(
    scopes.flatMap((scope) =>
      scope.kind === 'subscriptions' ? scope.ids : [...visible.keys(), ...counts.keys()],
    ),
  );
}
