import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { listSubscriptions } from '../../azure/subscriptions.ts';
import type { AzureError } from '../../model/errors.ts';
import { snapshotScope } from './scope-snapshot.ts';
import type { LiveQuery } from './query.ts';
import type { Snapshot } from './snapshot.ts';
import { snapshotScopes, type ScopeAnswer } from './snapshot-scopes.ts';
import type { Members, Target } from './targets.ts';

/** What was seen of a target, scope by scope, and what Resource Graph refused to look at. */
export interface TargetSnapshot {
  readonly target: Target;
  readonly seen: readonly { readonly scope: GraphScope; readonly snapshot: Snapshot }[];
  readonly refused: readonly { readonly scope: GraphScope; readonly error: AzureError }[];
}

export interface TargetRequest {
  readonly target: Target;
  readonly query: LiveQuery;
  /** Looks at one scope; `discover` when left out. */
  readonly ask?: typeof snapshotScope;
  /** Which subscriptions the target holds, asked for only where lists of them are needed; those expected when left out. */
  readonly members?: () => Promise<Members>;
}

/** Looks at every scope of a target; a scope that is too large for one answer is looked at in lists of subscriptions. */
export async function snapshotTarget(
  connection: AzureConnection,
  session: Session,
  { target, query, ask = snapshotScope, members = async () => target.expected }: TargetRequest,
): Promise<TargetSnapshot> {
  let reachesBeyond = false;
  const inside = async (): Promise<readonly string[]> => {
    const known = await members();
    reachesBeyond = known === undefined;
    return (known ?? (await listSubscriptions(connection, session))).map(({ id }) => id.toLowerCase());
  };
  const { answers, large } = await snapshotScopes(connection, session, {
    scopes: target.scopes,
    query,
    inside,
    ask,
  });
  const narrowed = large !== undefined && reachesBeyond ? answers.map((one) => narrow(one, large)) : answers;
  return {
    target,
    seen: narrowed.flatMap(({ scope, result }) =>
      result.kind === 'seen' ? [{ scope, snapshot: result.snapshot }] : [],
    ),
    refused: narrowed.flatMap(({ scope, result }) =>
      result.kind === 'refused' ? [{ scope, error: result.error }] : [],
    ),
  };
}

/**
 * Of a list that reaches beyond a management group, keeps what stands below the group. Rows of a subscription that does
 * not show itself are kept as well: nobody knows where it stands.
 */
function narrow(answer: ScopeAnswer, scope: GraphScope): ScopeAnswer {
  if (scope.kind !== 'managementGroup' || answer.result.kind !== 'seen') return answer;
  const { visible, counts } = answer.result.snapshot;
  const below = [...visible].filter(([, { managementGroups }]) =>
    managementGroups.some(({ id }) => id.toLowerCase() === scope.id.toLowerCase()),
  );
  const inside = new Map(below);
  const kept = [...counts].filter(([id]) => inside.has(id) || !visible.has(id));
  const snapshot = { visible: inside, counts: new Map(kept) };
  return { ...answer, result: { kind: 'seen', snapshot } };
}
