import type { AzureConnection } from '../azure/connection.ts';
import { readRows } from '../azure/graph-sequence.ts';
import type { GraphScope } from '../azure/resource-graph.ts';
import { AzureError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { SubscriptionLookup } from '../model/source.ts';
import { subscriptionsQuery } from './live/query.ts';
import { subscriptionLists } from './live/targets.ts';
import { readSubscription } from './rows/subscription-row.ts';

/** Looks subscriptions up in Resource Graph, which alone tells the management groups above one to a mere reader of it. */
export function graphSubscriptions(connection: AzureConnection): SubscriptionLookup {
  return {
    async find(ids, signal) {
      const rows: Json[] = [];
      for (const scope of subscriptionLists(ids)) rows.push(...(await rowsOf(connection, scope, signal)));
      const found = rows.map(readSubscription).filter((one) => one !== undefined);
      return new Map(found.map((one) => [one.id.toLowerCase(), one]));
    },
  };
}

/** A subscription that Azure refuses or withholds is not found: callers must allow for that. */
async function rowsOf(
  connection: AzureConnection,
  scope: GraphScope,
  signal: AbortSignal,
): Promise<readonly Json[]> {
  if (signal.aborted) return [];
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  const session = { signal, cost, onWait: () => undefined };
  const operation = 'read the management groups above the subscriptions';
  try {
    return await readRows(connection, session, { operation, query: subscriptionsQuery, scope });
  } catch (error) {
    if (error instanceof AzureError || signal.aborted) return [];
    throw error;
  }
}
