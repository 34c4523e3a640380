import { AzureError } from '../../model/errors.ts';
import { takeFirstSnapshot } from './find-scope.ts';
import { plainer } from './query.ts';
import type { ReadScope } from './read-scope.ts';
import type { Read, ReadState } from './read.ts';
import { blamesQuery, mayBlameQuery, refusedForm } from './refused-query.ts';
import { idsIn } from './snapshot.ts';
import type { NamedScope } from './targets.ts';

/** The errors for which subscriptions could not be read so far. */
export function failuresIn({ discrepancies }: ReadState): readonly AzureError[] {
  return [...discrepancies.values()].flatMap((one) => ('failure' in one ? (one.failure ?? []) : []));
}

/** Switches to a plainer query for the rest of the read; false where there is none. */
export function usePlainerQuery(read: Read, refusal: AzureError): boolean {
  const next = plainer(read.query);
  if (next === undefined) return false;
  read.state.refused.push(refusedForm(read.query, refusal));
  read.query = next;
  if (next.plain === true) read.received.recomputeChecksums();
  return true;
}

/**
 * Takes the first snapshot again by a plainer query. The scope that was reported stays: a subscription that has
 * disappeared is a gap, and one that has appeared is late. `undefined` when the snapshot fails, which is a gap for all.
 */
export async function findScopeAgain(
  read: Read,
  before: ReadScope,
  named: NamedScope,
): Promise<ReadScope | undefined> {
  const { session, received, state } = read;
  try {
    const found = await findScope(read, named);
    const expected = new Map([...found.expected, ...before.expected]);
    const readScope = { ...found, expected, unreadable: before.unreadable };
    // Rows received before this snapshot say nothing about those after it.
    received.beginPass();
    state.discrepancies.clear();
    for (const id of found.counts.keys()) state.changed.add(id);
    for (const id of found.expected.keys()) if (!before.expected.has(id)) state.late.add(id);
    for (const id of before.visible.keys())
      if (!found.visible.has(id)) state.discrepancies.set(id, { kind: 'disappeared' });
    state.readScope = readScope;
    return readScope;
  } catch (error) {
    if (!(error instanceof AzureError) || session.signal.aborted) throw error;
    for (const id of before.expected.keys()) state.discrepancies.set(id, { kind: 'failed', failure: error });
    return undefined;
  }
}

/** Takes the first snapshot by the least plain query that Resource Graph answers. Throws `AzureError` when it answers none. */
export async function findScope(read: Read, named: NamedScope): Promise<ReadScope> {
  for (;;) {
    const tried = await tryScope(read, named);
    if (tried.refusal !== undefined && usePlainerQuery(read, tried.refusal)) continue;
    if (tried.readScope !== undefined) return tried.readScope;
    throw tried.refusal;
  }
}

type Tried =
  | { readonly readScope: ReadScope; readonly refusal: AzureError | undefined }
  | { readonly readScope: undefined; readonly refusal: AzureError };

async function tryScope({ connection, session, query }: Read, named: NamedScope): Promise<Tried> {
  try {
    const readScope = await takeFirstSnapshot(connection, session, { named, query });
    // Where it was answered for one scope, an Azure failure on another is not caused by the query.
    const blames = idsIn(readScope).size === 0 ? mayBlameQuery : blamesQuery;
    return { readScope, refusal: readScope.refused.find(blames) };
  } catch (error) {
    if (session.signal.aborted || !mayBlameQuery(error)) throw error;
    return { readScope: undefined, refusal: error };
  }
}
