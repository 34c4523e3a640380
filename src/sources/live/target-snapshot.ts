import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { listSubscriptions } from '../../azure/subscriptions.ts';
import type { AzureError } from '../../model/errors.ts';
import { discover } from './scope-snapshot.ts';
import type { LiveQuery } from './query.ts';
import type { Sight } from './snapshot.ts';
import { survey, type Looked } from './snapshot-scopes.ts';
import type { Members, Target } from './targets.ts';

/** What was seen of a target, scope by scope, and what Resource Graph refused to look at. */
export interface Look {
  readonly target: Target;
  readonly seen: readonly { readonly scope: GraphScope; readonly sight: Sight }[];
  readonly refused: readonly { readonly scope: GraphScope; readonly error: AzureError }[];
}

export interface LookRequest {
  readonly target: Target;
  readonly query: LiveQuery;
  /** Looks at one scope; `discover` when left out. */
  readonly ask?: typeof discover;
  /** Which subscriptions the target holds, asked for only where lists of them are needed; those expected when left out. */
  readonly members?: () => Promise<Members>;
}

/** Looks at every scope of a target; a scope that is too large for one answer is looked at in lists of subscriptions. */
export async function look(
  connection: AzureConnection,
  session: Session,
  { target, query, ask = discover, members = async () => target.expected }: LookRequest,
): Promise<Look> {
  let reachesBeyond = false;
  const inside = async (): Promise<readonly string[]> => {
    const known = await members();
    reachesBeyond = known === undefined;
    return (known ?? (await listSubscriptions(connection, session))).map(({ id }) => id.toLowerCase());
  };
  const { looked, large } = await survey(connection, session, { scopes: target.scopes, query, inside, ask });
  const narrowed = large !== undefined && reachesBeyond ? looked.map((one) => narrow(one, large)) : looked;
  return {
    target,
    seen: narrowed.flatMap(({ scope, discovery }) =>
      discovery.kind === 'seen' ? [{ scope, sight: discovery.sight }] : [],
    ),
    refused: narrowed.flatMap(({ scope, discovery }) =>
      discovery.kind === 'refused' ? [{ scope, error: discovery.error }] : [],
    ),
  };
}

/**
 * Of a list that reaches beyond a management group, keeps what stands below the group. Rows of a subscription that does
 * not show itself are kept as well: nobody knows where it stands.
 */
function narrow(looked: Looked, scope: GraphScope): Looked {
  if (scope.kind !== 'managementGroup' || looked.discovery.kind !== 'seen') return looked;
  const { visible, counts } = looked.discovery.sight;
  const below = [...visible].filter(([, { managementGroups }]) =>
    managementGroups.some(({ id }) => id.toLowerCase() === scope.id.toLowerCase()),
  );
  const inside = new Map(below);
  const kept = [...counts].filter(([id]) => inside.has(id) || !visible.has(id));
  const sight = { visible: inside, counts: new Map(kept) };
  return { ...looked, discovery: { kind: 'seen', sight } };
}
