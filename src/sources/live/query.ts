/** What a live read looks for. `where` is a KQL condition over the columns of the table `resources`. */
export interface LiveQuery {
  readonly types: readonly string[];
  readonly where?: string;
}

/** Subscriptions with the chain of management groups above each. */
export const subscriptionsQuery =
  "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, subscriptionId, name, state = tostring(properties.state), chain = properties.managementGroupAncestorsChain | order by id asc";

/** Management groups, to find one by its display name. */
export const managementGroupsQuery =
  "resourcecontainers | where type =~ 'microsoft.management/managementgroups' | project id, name, displayName = tostring(properties.displayName) | order by id asc";

/** How many rows each subscription holds. Named `id`, because Resource Graph pages no result without one. */
export function countQuery(query: LiveQuery): string {
  return `${selection(query)} | summarize rows = count() by subscriptionId | project id = subscriptionId, rows | order by id asc`;
}

/**
 * The rows, in an order that is total: anything less repeats and loses rows between pages. A partition is the share of
 * rows whose hash falls to it.
 */
export function rowsQuery(
  query: LiveQuery,
  partition?: { readonly index: number; readonly of: number },
): string {
  const share =
    partition === undefined ? '' : ` | where hash(tolower(id)) % ${partition.of} == ${partition.index}`;
  return `${selection(query)}${share} | project id, name, type, location, resourceGroup, subscriptionId, tenantId, tags, sku, properties | order by id asc`;
}

function selection({ types, where }: LiveQuery): string {
  const list = types.map((type) => `'${escape(type.toLowerCase())}'`).join(', ');
  return `resources | where type in~ (${list})${where === undefined ? '' : ` | where ${where}`}`;
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
