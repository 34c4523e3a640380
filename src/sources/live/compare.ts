import type { Unfinished } from './read-pages.ts';
import { passedIn } from './passed.ts';
import type { Read, Unsettled } from './read.ts';
import type { SecondLook } from './later-snapshot.ts';
import { isSameSet, rowsIn, setOf, showSameRows, type Sight } from './snapshot.ts';

/** A pass over subscriptions, and what they showed before and after it. */
export interface Comparison {
  readonly ids: readonly string[];
  readonly before: Sight;
  readonly after: SecondLook;
  readonly pass: Unfinished;
}

/** Which of them reading again may settle, and what they show by now. */
export interface Judgement {
  readonly ids: readonly string[];
  readonly shown: Sight;
}

/** Settles the subscriptions of which exactly the rows have come that they show, and notes why the others are not. */
export function judge(read: Read, comparison: Comparison): Judgement {
  const { ledger, state } = read;
  const { ids, after } = comparison;
  const withGaps = ledger.odd.withGaps();
  const left: string[] = [];
  for (const id of ids) {
    const unsettled = isComplete(read, id, comparison)
      ? gapsIn(withGaps.has(id))
      : explain(read, id, comparison);
    if (unsettled === undefined) {
      state.unsettled.delete(id);
      ledger.odd.forgive(id);
    } else {
      state.unsettled.set(id, unsettled);
      if (unsettled.kind !== 'failed') left.push(id);
      if (unsettled.kind === 'changed') state.changed.add(id);
    }
    const passed = passedIn(after.counts.get(id)?.tallies, read.query);
    state.lastShown.set(id, rowsIn(id, after) + passed);
    if (!state.changed.has(id) && after.visible.has(id))
      state.tallies.set(id, after.counts.get(id)?.tallies ?? []);
  }
  return { ids: left, shown: after };
}

function gapsIn(withGaps: boolean): Unsettled | undefined {
  return withGaps ? { kind: 'gaps' } : undefined;
}

/** True when the rows that came are those that show, and Azure does not say that there are more. */
function isComplete({ ledger, query, state }: Read, id: string, { after, pass }: Comparison): boolean {
  if (isGone(id, after, state.outlook) || after.failureOf(id) !== undefined) return false;
  if (isTruncated(state.unsettled.get(id), id, pass)) return false;
  const shown = setOf(id, after);
  if (isSameSet(ledger.received(id), shown)) return true;
  // Rows that came earlier and have gone since do no harm, unless they are counted now among those that pass.
  const readsAll = query.pushedDown === undefined || state.changed.has(id);
  return readsAll && isSameSet(ledger.receivedInPass(id), shown);
}

function explain({ ledger, state }: Read, id: string, { before, after, pass }: Comparison): Unsettled {
  const refusal = after.failureOf(id);
  if (refusal !== undefined) return { kind: 'failed', failure: refusal };
  if (isGone(id, after, state.outlook)) return { kind: 'gone' };
  const failure = pass.failureOf(id);
  const rows = rowsIn(id, after);
  const truncated = isTruncated(state.unsettled.get(id), id, pass);
  const isShort = ledger.received(id).rows < rows && showSameRows(id, before, after);
  return isShort || truncated ? { kind: 'short', rows, truncated, failure } : { kind: 'changed', failure };
}

/** A pass that failed does not take back that Azure kept rows back in the one before. */
function isTruncated(earlier: Unsettled | undefined, id: string, pass: Unfinished): boolean {
  const wasTruncated = earlier?.kind === 'short' && earlier.truncated;
  return pass.isTruncated(id) || (wasTruncated && pass.failureOf(id) !== undefined);
}

function isGone(id: string, after: Sight, outlook: Sight | undefined): boolean {
  return outlook?.visible.has(id) === true && !after.visible.has(id);
}
