import { quote } from '../../rules/kql/literal.ts';
import type { PushedDown } from '../../rules/kql/push-down.ts';
import { contradictsId, isOddlyFormed, isRespelled } from './as-azure-writes.ts';

/** What a live read looks for. With `pushedDown` only rows are read that some rule may fail on; the others are counted. */
export interface LiveQuery {
  readonly types: readonly string[];
  readonly pushedDown?: PushedDown;
}

/** Management groups, to find one by its display name. */
export const managementGroupsQuery =
  "resourcecontainers | where type =~ 'microsoft.management/managementgroups' | project id, name, displayName = tostring(properties.displayName) | order by id asc";

/**
 * What a scope shows: a row for each subscription, and one for each that holds resources. These count its `rows` that
 * are to be read; their `mark` changes when one of them gives way to another. With `pushedDown` they also have the
 * tallies of the rows that are not handed over, as `t0`, `t1`, …, and the `total` that all must add up to.
 *
 * It is one query, because a right that comes or goes between two of them would leave a subscription without its rows.
 * Resource Graph unites these two tables, and pages no result without a column `id`.
 * Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
 */
export function lookQuery({ types, pushedDown }: LiveQuery): string {
  const counts = countsOf(pushedDown);
  return [
    `resources | where ${oneOf(types)}`,
    ...(pushedDown === undefined ? [] : [`extend kept = ${kept(pushedDown)}`]),
    `summarize ${counts.map(({ name, aggregate }) => `${name} = ${aggregate}`).join(', ')} by subscriptionId`,
    `project id = subscriptionId, subscriptionId, ${counts.map(({ name }) => name).join(', ')}`,
    `union (${subscriptions})`,
    'order by id asc',
  ].join(' | ');
}

const subscriptions =
  "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, subscriptionId, name, state = tostring(properties.state), chain = properties.managementGroupAncestorsChain";

/** As large as it may be for the sum over a million rows to stay a whole number in JSON. */
const hash = 'hash(tolower(id), 2147483647)';

interface Count {
  readonly name: string;
  readonly aggregate: string;
}

function countsOf(pushedDown: PushedDown | undefined): readonly Count[] {
  if (pushedDown === undefined)
    return [
      { name: 'rows', aggregate: 'count()' },
      { name: 'mark', aggregate: `sum(${hash})` },
    ];
  return [
    { name: 'rows', aggregate: 'countif(kept)' },
    { name: 'mark', aggregate: `sum(iff(kept, ${hash}, 0))` },
    ...pushedDown.tallies.map(({ where }, index) => ({ name: `t${index}`, aggregate: `countif(${where})` })),
    { name: 'total', aggregate: 'count()' },
  ];
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
