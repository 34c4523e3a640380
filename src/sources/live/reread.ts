import type { SourceEvent } from '../../model/source.ts';
import { judge, type Judgement } from './compare.ts';
import { planLanes } from './plan-reads.ts';
import type { Outlook } from './find-scope.ts';
import { readPass, type Unfinished } from './read-pages.ts';
import { passedIn } from './passed.ts';
import { unfiltered, type LiveQuery } from './query.ts';
import type { Read } from './read.ts';
import { lookAgain } from './later-snapshot.ts';
import { idsIn, rowsIn, type Sight } from './snapshot.ts';
import { subscriptionLists } from './targets.ts';

/** Times a subscription is read at most: one that changes each time is told as a gap. */
const mostReads = 3;

/**
 * Looks at everything again that has just been read, and reads once more what cannot be relied on, until each
 * subscription is settled: exactly the rows have come that it shows after it was read. As many rows as were counted are
 * not enough: a row may slide from a page that is still to come to one that has been read, when another one goes.
 */
export async function* settle(
  read: Read,
  outlook: Outlook,
  first: Unfinished,
): AsyncGenerator<SourceEvent, void> {
  const { connection, session, ledger, query, state } = read;
  const ids = [...idsIn(outlook)];
  const after = await lookAgain(connection, session, { places: outlook.places, query });
  read.report(0);
  for (const id of after.found) {
    const isLate = !outlook.expected.has(id) || (after.visible.has(id) && !outlook.visible.has(id));
    if (isLate) state.late.add(id);
  }
  let left = judge(read, { ids, before: outlook, after, pass: first });
  for (let reads = 1; reads < mostReads && left.ids.length > 0; reads += 1) {
    session.cost.retries += 1;
    left = yield* readAgain(read, left);
    read.report(0);
  }
  if ([...state.unsettled.values()].every(({ kind }) => kind === 'gaps')) ledger.odd.forgiveAll();
}

/** Reads subscriptions again: as before where rows were missing, and every row of those that changed. */
async function* readAgain(read: Read, { ids, shown }: Judgement): AsyncGenerator<SourceEvent, Judgement> {
  const { state, query } = read;
  const changed = ids.filter((id) => state.changed.has(id));
  const others = ids.filter((id) => !state.changed.has(id));
  // With every row handed over none is left to count, and none is counted twice that was repaired in between.
  for (const id of changed) state.tallies.delete(id);
  const first = yield* readGroup(read, { ids: others, shown, query });
  const second = yield* readGroup(read, { ids: changed, shown, query: unfiltered(query) });
  return {
    ids: [...first.ids, ...second.ids],
    shown: {
      visible: new Map([...shown.visible, ...first.shown.visible, ...second.shown.visible]),
      counts: new Map([...shown.counts, ...first.shown.counts, ...second.shown.counts]),
    },
  };
}

interface Group {
  readonly ids: readonly string[];
  /** What showed last. */
  readonly shown: Sight;
  readonly query: LiveQuery;
}

async function* readGroup(read: Read, { ids, shown, query }: Group): AsyncGenerator<SourceEvent, Judgement> {
  if (ids.length === 0) return { ids, shown: { visible: new Map(), counts: new Map() } };
  const { connection, session, ledger } = read;
  const scopes = subscriptionLists(ids);
  const sequences = scopes.flatMap((scope) => {
    const inside = scope.kind === 'subscriptions' ? scope.ids : [];
    // At least one each: Azure may have kept a row back of a subscription that it counted none of.
    const rows = inside.reduce((sum, id) => sum + Math.max(1, rowsToRead(id)), 0);
    return planLanes(query, { scope, rows });
  });
  ledger.beginPass();
  const pass = yield* readPass(read, sequences);
  const place = { target: { scopes, expected: undefined }, held: new Set(ids) };
  const after = await lookAgain(connection, session, { places: [place], query });
  return judge(read, { ids, before: shown, after, pass });

  /** What showed last may leave out the rows that the filter does not let through. */
  function rowsToRead(id: string): number {
    const filtered = query.pushedDown === undefined ? passedIn(shown.counts.get(id)?.tallies, read.query) : 0;
    return rowsIn(id, shown) + filtered;
  }
}
