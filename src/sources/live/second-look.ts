import pMap from 'p-map';

import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { discover, type Discovery, type DiscoveryRequest } from './discovery.ts';
import type { LiveQuery } from './query.ts';
import { uniteSights, type Sight } from './sight.ts';

/** What shows of scopes that have been looked at before. */
export interface SecondLook extends Sight {
  /** Why a subscription that does not show may show all the same: it could not be looked at. By id in lower case. */
  readonly failureOf: (subscriptionId: string) => AzureError | 'tooMany' | undefined;
}

export interface SecondLookRequest {
  readonly scopes: readonly GraphScope[];
  readonly query: LiveQuery;
}

const scopesAtOnce = 8;

/** Looks at scopes again. What is refused for lack of rights shows nothing; a sign-in that is lost by now is a failure. */
export async function lookAgain(
  connection: AzureConnection,
  session: Session,
  { scopes, query }: SecondLookRequest,
): Promise<SecondLook> {
  const looks = await pMap(
    scopes,
    async (scope) => ({ scope, discovery: await discoverStill(connection, session, { scope, query }) }),
    { concurrency: scopesAtOnce, signal: session.signal },
  );
  const sight = uniteSights(
    looks.flatMap(({ discovery }) => (discovery.kind === 'seen' ? discovery.sight : [])),
  );
  return {
    ...sight,
    failureOf(id) {
      if (sight.visible.has(id) || sight.counts.has(id)) return undefined;
      const failures = looks.filter(({ scope, discovery }) => isFailure(discovery) && mayHold(scope, id));
      const [first] = failures.map(({ discovery }) =>
        discovery.kind === 'refused' ? discovery.error : 'tooMany',
      );
      return first;
    },
  };
}

function isFailure(discovery: Discovery): boolean {
  return discovery.kind === 'tooMany' || (discovery.kind === 'refused' && discovery.error.status !== 403);
}

function mayHold(scope: GraphScope, id: string): boolean {
  return scope.kind !== 'subscriptions' || scope.ids.includes(id);
}

/** What has been read stays read, whatever becomes of the sign-in. */
async function discoverStill(
  connection: AzureConnection,
  session: Session,
  request: DiscoveryRequest,
): Promise<Discovery> {
  try {
    return await discover(connection, session, request);
  } catch (error) {
    if (error instanceof AzureError) return { kind: 'refused', error };
    throw error;
  }
}
