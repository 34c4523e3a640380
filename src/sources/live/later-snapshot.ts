import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import type { LiveQuery } from './query.ts';
import { snapshotScope, type ScopeSnapshot } from './scope-snapshot.ts';
import { type LaterSnapshot, byScope, idsIn, mergeSnapshots, type TargetSnapshot } from './snapshot.ts';
import { snapshotTarget } from './target-snapshot.ts';
import { listMembers, lowerIds, type KnownTarget, type Members } from './targets.ts';

/** Takes a snapshot of known targets again. Missing rights leave a scope invisible; a sign-in that is lost by now is a failure. */
export async function retakeSnapshot(
  connection: AzureConnection,
  session: Session,
  { targets, query }: { readonly targets: readonly KnownTarget[]; readonly query: LiveQuery },
): Promise<LaterSnapshot> {
  const taken: TargetSnapshot[] = [];
  const listed = new Set<string>();
  for (const { target } of targets) {
    const members = async (): Promise<Members> => {
      const found = await listMembers(connection, session, target);
      for (const id of lowerIds(found)) listed.add(id);
      return found;
    };
    taken.push(
      await snapshotTargetAgain(connection, session, { target, query, ask: snapshotScopeAgain, members }),
    );
  }
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

/** Treats every scope of a target as refused where lists are needed and their members cannot be found. */
async function snapshotTargetAgain(...request: Parameters<typeof snapshotTarget>): Promise<TargetSnapshot> {
  try {
    return await snapshotTarget(...request);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const [, , { target }] = request;
    return { target, seen: [], refused: target.scopes.map((scope) => ({ scope, error })) };
  }
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
