import pMap from 'p-map';

import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import type { snapshotScope, ScopeSnapshot } from './scope-snapshot.ts';
import type { LiveQuery } from './query.ts';
import { subscriptionLists } from './targets.ts';

/** A scope, and what came of looking at it. */
export interface ScopeAnswer {
  readonly scope: GraphScope;
  readonly result: ScopeSnapshot;
}

/** `large` is the scope that was too large for one answer, where there was one: then everything was looked at in lists. */
export interface ScopeAnswers {
  readonly answers: readonly ScopeAnswer[];
  readonly large: GraphScope | undefined;
}

export interface ScopesRequest {
  readonly scopes: readonly GraphScope[];
  readonly query: LiveQuery;
  /** Ids of the subscriptions in the scopes, for lists. */
  readonly inside: () => Promise<readonly string[]>;
  readonly ask: typeof snapshotScope;
}

const scopesAtOnce = 8;

/** Looks at scopes side by side, or in lists of subscriptions when one of them is too large for one answer. */
export async function snapshotScopes(
  connection: AzureConnection,
  session: Session,
  { scopes, query, inside, ask }: ScopesRequest,
): Promise<ScopeAnswers> {
  const first = await snapshotEach(scopes);
  const large = first.find(({ result }) => result.kind === 'tooMany')?.scope;
  if (large === undefined) return { answers: first, large };
  return { answers: await snapshotEach(subscriptionLists(await inside())), large };

  function snapshotEach(all: readonly GraphScope[]): Promise<readonly ScopeAnswer[]> {
    return pMap(all, async (scope) => ({ scope, result: await ask(connection, session, { scope, query }) }), {
      concurrency: scopesAtOnce,
      signal: session.signal,
    });
  }
}
