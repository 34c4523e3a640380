import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { byScope } from './by-scope.ts';
import { discover, type Discovery } from './discovery.ts';
import type { LiveQuery } from './query.ts';
import { uniteSights, type Sight } from './sight.ts';
import { survey, type Looked } from './survey.ts';

/** What shows of scopes that have been looked at before. */
export interface SecondLook extends Sight {
  /** Subscriptions, by id in lower case, that nobody asked for by their ids: they stand in a scope that is no list. */
  readonly found: ReadonlySet<string>;
  /** Why a subscription that does not show may be there all the same: it could not be looked at. By id in lower case. */
  readonly failureOf: (subscriptionId: string) => AzureError | undefined;
}

export interface SecondLookRequest {
  readonly scopes: readonly GraphScope[];
  readonly query: LiveQuery;
  /** Ids, in lower case, of the subscriptions that are known to be in the scopes. */
  readonly known: readonly string[];
}

/** Looks at scopes again. What is refused for lack of rights shows nothing; a sign-in that is lost by now is a failure. */
export async function lookAgain(
  connection: AzureConnection,
  session: Session,
  { scopes, query, known }: SecondLookRequest,
): Promise<SecondLook> {
  const inside = async (): Promise<readonly string[]> => known;
  const { looked } = await survey(connection, session, { scopes, query, inside, ask: discoverStill });
  const sight = uniteSights(looked.flatMap(sightOf));
  const open = uniteSights(looked.filter(({ scope }) => scope.kind !== 'subscriptions').flatMap(sightOf));
  const failures = looked.flatMap(({ scope, discovery }) =>
    discovery.kind === 'refused' && discovery.error.status !== 403 ? [{ scope, value: discovery.error }] : [],
  );
  const failureOf = byScope(failures);
  return {
    ...sight,
    found: new Set([...open.visible.keys(), ...open.counts.keys()]),
    failureOf: (id) => (sight.visible.has(id) || sight.counts.has(id) ? undefined : failureOf(id)),
  };
}

function sightOf({ discovery }: Looked): readonly Sight[] {
  return discovery.kind === 'seen' ? [discovery.sight] : [];
}

/** What has been read stays read, whatever becomes of the sign-in. */
async function discoverStill(...request: Parameters<typeof discover>): Promise<Discovery> {
  try {
    return await discover(...request);
  } catch (error) {
    if (error instanceof AzureError) return { kind: 'refused', error };
    throw error;
  }
}
