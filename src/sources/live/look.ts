import pMap from 'p-map';

import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { listSubscriptions } from '../../azure/subscriptions.ts';
import type { AzureError } from '../../model/errors.ts';
import { discover, type Discovery } from './discovery.ts';
import type { LiveQuery } from './query.ts';
import type { Sight } from './sight.ts';
import { subscriptionLists, type Target } from './targets.ts';

/** What was seen of a target, scope by scope, and what Resource Graph refused to look at. */
export interface Look {
  readonly target: Target;
  readonly seen: readonly { readonly scope: GraphScope; readonly sight: Sight }[];
  readonly refused: readonly { readonly scope: GraphScope; readonly error: AzureError }[];
}

const scopesAtOnce = 8;

/** Looks at every scope of a target; a scope that is too large for one query is looked at in lists of subscriptions. */
export async function look(
  connection: AzureConnection,
  session: Session,
  { target, query }: { readonly target: Target; readonly query: LiveQuery },
): Promise<Look> {
  const first = await lookAt(target.scopes);
  const large = first.find(({ discovery }) => discovery.kind === 'tooMany');
  if (large === undefined) return collect(target, first);
  const inside = target.expected ?? (await listSubscriptions(connection, session));
  const lists = await lookAt(subscriptionLists(inside.map(({ id }) => id.toLowerCase())));
  return collect(
    target,
    target.expected === undefined ? lists.map((one) => narrow(one, large.scope)) : lists,
  );

  function lookAt(scopes: readonly GraphScope[]): Promise<readonly Looked[]> {
    return pMap(
      scopes,
      async (scope) => ({ scope, discovery: await discover(connection, session, { scope, query }) }),
      { concurrency: scopesAtOnce, signal: session.signal },
    );
  }
}

interface Looked {
  readonly scope: GraphScope;
  readonly discovery: Discovery;
}

function collect(target: Target, looked: readonly Looked[]): Look {
  return {
    target,
    seen: looked.flatMap(({ scope, discovery }) =>
      discovery.kind === 'seen' ? [{ scope, sight: discovery.sight }] : [],
    ),
    refused: looked.flatMap(({ scope, discovery }) =>
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
    managementGroups.some((group) => group.toLowerCase() === scope.id.toLowerCase()),
  );
  const inside = new Map(below);
  const kept = [...counts].filter(([id]) => inside.has(id) || !visible.has(id));
  const sight = { visible: inside, counts: new Map(kept) };
  return { ...looked, discovery: { kind: 'seen', sight } };
}
