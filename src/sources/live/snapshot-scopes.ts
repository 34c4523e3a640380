import pMap from 'p-map';

import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import type { discover, Discovery } from './scope-snapshot.ts';
import type { LiveQuery } from './query.ts';
import { subscriptionLists } from './targets.ts';

/** A scope, and what came of looking at it. */
export interface Looked {
  readonly scope: GraphScope;
  readonly discovery: Discovery;
}

/** `large` is the scope that was too large for one answer, where there was one: then everything was looked at in lists. */
export interface Survey {
  readonly looked: readonly Looked[];
  readonly large: GraphScope | undefined;
}

export interface SurveyRequest {
  readonly scopes: readonly GraphScope[];
  readonly query: LiveQuery;
  /** Ids of the subscriptions in the scopes, for lists. */
  readonly inside: () => Promise<readonly string[]>;
  readonly ask: typeof discover;
}

const scopesAtOnce = 8;

/** Looks at scopes side by side, or in lists of subscriptions when one of them is too large for one answer. */
export async function survey(
  connection: AzureConnection,
  session: Session,
  { scopes, query, inside, ask }: SurveyRequest,
): Promise<Survey> {
  const first = await lookAt(scopes);
  const large = first.find(({ discovery }) => discovery.kind === 'tooMany')?.scope;
  if (large === undefined) return { looked: first, large };
  return { looked: await lookAt(subscriptionLists(await inside())), large };

  function lookAt(all: readonly GraphScope[]): Promise<readonly Looked[]> {
    return pMap(
      all,
      async (scope) => ({ scope, discovery: await ask(connection, session, { scope, query }) }),
      {
        concurrency: scopesAtOnce,
        signal: session.signal,
      },
    );
  }
}
