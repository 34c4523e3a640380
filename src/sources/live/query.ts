import { type GraphScope, pageSize, type Sequence } from '../../azure/graph-query.ts';
import type { QueryForm } from '../../model/coverage.ts';
import type { PushedDown, RowsWanted } from '../../model/rows-wanted.ts';
import { graphColumns } from '../../resource-types/known-type.ts';
import { quote, shorterNames } from '../../rules/kql/literal.ts';

/** The query of a live read. With `pushedDown` only rows are read that some rule may fail on; the others are counted. */
export interface LiveQuery extends Partial<RowsWanted> {
  readonly types: readonly string[];
  /** Ask without functions, unions and summaries: everything is counted here. */
  readonly plain?: boolean;
}

/** The form of a query: how much of the work it leaves to Resource Graph. */
export function formOf({ plain, pushedDown }: LiveQuery): QueryForm {
  if (plain === true) return 'plain';
  return pushedDown === undefined ? 'counted' : 'filtered';
}

/** The query that reads every row of the scan, whatever the rules say of it. */
export function unfiltered(query: LiveQuery): LiveQuery {
  const { pushedDown: _, plain = false, ...rest } = query;
  return { ...rest, plain };
}

/** The query that asks less of Resource Graph for the same; `undefined` where nothing is left to do without. */
export function plainer(query: LiveQuery): LiveQuery | undefined {
  const form = formOf(query);
  if (form === 'plain') return undefined;
  return { ...unfiltered(query), plain: form === 'counted' };
}

/** Management groups, to find one by its display name. */
export const managementGroupsQuery =
  "resourcecontainers | where type =~ 'microsoft.management/managementgroups' | project id, name, properties | order by id asc";

/** Subscriptions, asked for on their own. */
export const subscriptionsQuery =
  "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, type, subscriptionId, name, properties | order by id asc";

/** The id of every row, and its subscription. */
export function idsQuery({ types }: LiveQuery): string {
  return `resources | where ${oneOf(types)} | project id, subscriptionId | order by id asc`;
}

/**
 * The snapshot of a scope: a row for each subscription, and one for each that holds resources, whose `id` is no path but
 * the subscription. These count its `rows` that are to be read, and add up their checksums. With `pushedDown` they also have the
 * tallies of the rows that are not returned, as `t0`, `t1`, …, and the `total` that all must add up to.
 *
 * It is one query, because a right that comes or goes between two of them would leave a subscription without its rows.
 * Resource Graph unites these two tables, and pages no result without a column `id`.
 * Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
 */
export function snapshotQuery(query: LiveQuery): string {
  const counts = countsOf(query.pushedDown);
  return [
    selection(query),
    ...(query.pushedDown === undefined ? [] : [shorterNames, `extend kept = ${kept(query.pushedDown)}`]),
    `summarize ${counts.map(({ name, aggregate }) => `${name} = ${aggregate}`).join(', ')} by id = tolower(subscriptionId)`,
    `union (${subscriptions})`,
    'order by id asc',
  ].join(' | ');
}

const subscriptions =
  "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, subscriptionId, name, properties";

/**
 * The checksum of a row: the rows received and the rows counted are the same when their checksums add up to the same. As large as
 * it may be for the sum over a million rows to stay a whole number in JSON.
 */
const checksum = 'hash(tolower(id)) % 2147483647';

interface Count {
  readonly name: string;
  readonly aggregate: string;
}

function countsOf(pushedDown: PushedDown | undefined): readonly Count[] {
  if (pushedDown === undefined)
    return [
      { name: 'rows', aggregate: 'count()' },
      { name: 'checksum', aggregate: `sum(${checksum})` },
    ];
  const tallies = new Map(pushedDown.tallies.map(({ column, where }) => [column, where]));
  return [
    { name: 'rows', aggregate: 'countif(kept)' },
    { name: 'checksum', aggregate: `sum(iff(kept, ${checksum}, 0))` },
    ...Array.from(tallies, ([name, where]) => ({ name, aggregate: `countif(${where})` })),
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
  const withChecksum = query.plain === true ? '' : `, checksum = ${checksum}`;
  return `${selection(query)}${keptOnly(query)}${share} | project ${graphColumns.join(', ')}${withChecksum} | order by id asc`;
}

/** The rows of the scan. To ask plainly is to ask for no conditions. */
function selection({ types, filter, plain }: LiveQuery): string {
  const among =
    filter === undefined || plain === true ? '' : ` | where (${filter.where}) or ${contradictsId}`;
  return `resources | where ${oneOf(types)}${among}`;
}

function keptOnly({ pushedDown }: LiveQuery): string {
  return pushedDown === undefined ? '' : ` | ${shorterNames} | where ${kept(pushedDown)}`;
}

/** The condition of the rules, and rows whose type, name, group or subscription contradict the id: a scan refuses them. */
function kept({ where }: PushedDown): string {
  return `(${where}) or ${contradictsId}`;
}

const contradictsId =
  "id !~ strcat('/subscriptions/', subscriptionId, '/resourceGroups/', resourceGroup, '/providers/', type, '/', name)";

function oneOf(types: readonly string[]): string {
  return `type in~ (${types.map((type) => quote(type.toLowerCase())).join(', ')})`;
}

/** A scope and the rows that it is expected to hold. */
export interface CountedScope {
  readonly scope: GraphScope;
  readonly rows: number;
}

/**
 * Rows that are read in one sequence of pages. Within the quota a hundred pages take half a minute; the longer a
 * sequence takes, the more rows that come and go shift its pages. Above this, the result is partitioned by hash.
 */
export const rowsPerSequence = 100_000;

/** A page takes Azure about a second, and the quota allows three a second: longer sequences are read from several rows concurrently. */
const rowsPerReader = 25_000;

/** Completes "could not …" where rows cannot be read. */
export const readRowsOperation = 'read vaults and managed HSMs from Resource Graph';

/**
 * Plans the sequences that together read every row of a scope, with no more requests than pages: readers begin at whole
 * pages, and partitions cost at most one page more each.
 */
export function planReads(query: LiveQuery, { scope, rows }: CountedScope): readonly Sequence[] {
  if (rows === 0) return [];
  const operation = readRowsOperation;
  const partitions = Math.ceil(rows / rowsPerSequence);
  // Without hashes there are no partitions, only more readers.
  if (partitions > 1 && query.plain !== true) {
    return Array.from({ length: partitions }, (_, index) => {
      return { operation, scope, query: rowsQuery(query, { index, of: partitions }) };
    });
  }
  const readers = Math.ceil(rows / rowsPerReader);
  const readerRows = Math.ceil(rows / pageSize / readers) * pageSize;
  return Array.from({ length: readers }, (_, index) => {
    const sequence = { operation, scope, query: rowsQuery(query), skip: index * readerRows };
    return index === readers - 1 ? sequence : { ...sequence, rows: readerRows };
  });
}
