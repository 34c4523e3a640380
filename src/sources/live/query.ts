import { quote } from '../../rules/kql/literal.ts';
import type { PushedDown } from '../../rules/kql/push-down.ts';
import { contradictsId, isOddlyFormed, isRespelled } from './as-azure-writes.ts';

/** What a live read looks for. With `pushedDown` only rows are read that some rule may fail on; the others are counted. */
export interface LiveQuery {
  readonly types: readonly string[];
  readonly pushedDown?: PushedDown;
}

/** Subscriptions with the chain of management groups above each. */
export const subscriptionsQuery =
  "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, subscriptionId, name, state = tostring(properties.state), chain = properties.managementGroupAncestorsChain | order by id asc";

/** Management groups, to find one by its display name. */
export const managementGroupsQuery =
  "resourcecontainers | where type =~ 'microsoft.management/managementgroups' | project id, name, displayName = tostring(properties.displayName) | order by id asc";

/**
 * How many rows each subscription holds, and with `pushedDown` the tallies of those that are not handed over, as `t0`,
 * `t1`, …, and the `total` that they must add up to. Named `id`, because Resource Graph pages no result without one.
 */
export function countQuery({ types, pushedDown }: LiveQuery): string {
  const tallies = (pushedDown?.tallies ?? []).map(({ where }, index) => ({
    name: `t${index}`,
    aggregate: `countif(${where})`,
  }));
  const total = { name: 'total', aggregate: 'count()' };
  const counts = [...tallies, ...(pushedDown === undefined ? [] : [total])];
  const aggregates = counts.map(({ name, aggregate }) => `, ${name} = ${aggregate}`).join('');
  return [
    `resources | where ${oneOf(types)}`,
    ...(pushedDown === undefined ? [] : [`extend kept = ${kept(pushedDown)}`]),
    `summarize rows = ${pushedDown === undefined ? 'count()' : 'countif(kept)'}${aggregates} by subscriptionId`,
    `project id = subscriptionId, rows${counts.map(({ name }) => `, ${name}`).join('')}`,
    'order by id asc',
  ].join(' | ');
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
  return `${selection(query)}${share} | project id, name, type, location, resourceGroup, subscriptionId, tenantId, tags, sku, identity, properties | order by id asc`;
}

function selection({ types, pushedDown }: LiveQuery): string {
  return `resources | where ${oneOf(types)}${pushedDown === undefined ? '' : ` | where ${kept(pushedDown)}`}`;
}

/** What the rules keep, and what a scan reads otherwise than it is stored. */
function kept({ where }: PushedDown): string {
  return `(${where}) or ${isRespelled()} or ${contradictsId} or ${isOddlyFormed()}`;
}

function oneOf(types: readonly string[]): string {
  return `type in~ (${types.map((type) => quote(type.toLowerCase())).join(', ')})`;
}
