import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/graph-query.ts';
import { queryPage } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { readChain } from '../rows/subscription-row.ts';
import { idsQuery, type LiveQuery, subscriptionsQuery } from './query.ts';
import { checksumOf, type RowCounts, type Snapshot, type VisibleSubscription } from './snapshot.ts';

/** A scope, and what is to be counted in it. */
export interface PlainRequest {
  readonly operation: string;
  readonly scope: GraphScope;
  readonly query: LiveQuery;
}

/**
 * Takes a snapshot without asking Resource Graph to count: lists ids, and computes counts and checksums here. Subscriptions are
 * listed before and after: one whose right was given or taken away in between does not count as visible. `tooMany`: the scope holds
 * more subscriptions than Resource Graph searches; `unsteady`: a list changed under each attempt.
 */
export async function snapshotPlainly(
  connection: AzureConnection,
  session: Session,
  { operation, scope, query }: PlainRequest,
): Promise<Snapshot | 'tooMany' | 'unsteady'> {
  const list = (text: string): Promise<Listing> =>
    listWhole(connection, session, { operation, scope, query: text });
  const before = await list(subscriptionsQuery);
  const ids = await list(idsQuery(query));
  const after = await list(subscriptionsQuery);
  if (typeof before === 'string') return before;
  if (typeof ids === 'string') return ids;
  if (typeof after === 'string') return after;
  const known = new Set(before.map(subscriptionOf));
  const visible = after
    .filter((row) => known.has(subscriptionOf(row)))
    .map((row) => [subscriptionOf(row), readVisible(row, textOf(row, 'subscriptionId'))] as const);
  return { visible: new Map(visible), counts: countRows(ids) };
}

function countRows(rows: readonly JsonObject[]): ReadonlyMap<string, RowCounts> {
  const counts = new Map<string, RowCounts>();
  for (const row of rows) {
    const { rows: count = 0, checksum = 0 } = counts.get(subscriptionOf(row)) ?? {};
    const added = { rows: count + 1, checksum: checksum + checksumOf(textOf(row, 'id')), tallies: [] };
    counts.set(subscriptionOf(row), added);
  }
  return counts;
}

type Listing = readonly JsonObject[] | 'tooMany' | 'unsteady';

interface ListRequest {
  readonly operation: string;
  readonly scope: GraphScope;
  readonly query: string;
}

const maxAttempts = 3;

async function listWhole(
  connection: AzureConnection,
  session: Session,
  request: ListRequest,
): Promise<Listing> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const listing = await listOnce(connection, session, request);
    if (listing !== 'unsteady') return listing;
    if (attempt < maxAttempts) session.cost.retries += 1;
  }
  return 'unsteady';
}

/**
 * Lists every row in pages that overlap by one. Rows are in the order of their ids; where the last row of one page is the
 * first of the next, none slid from a page that was still to come to one that had been read. So everything that existed
 * all the time is in the list.
 */
async function listOnce(
  connection: AzureConnection,
  session: Session,
  request: ListRequest,
): Promise<Listing> {
  const rows: JsonObject[] = [];
  for (;;) {
    const seam = rows.at(-1);
    const page = await queryPage(connection, session, { ...request, skip: Math.max(0, rows.length - 1) });
    if (page.limitHit) return 'tooMany';
    const found = page.rows.filter(isIdentified);
    if (found.length < page.rows.length) return 'unsteady';
    if (seam !== undefined && textOf(found[0] ?? {}, 'id') !== textOf(seam, 'id')) return 'unsteady';
    const fresh = found.slice(seam === undefined ? 0 : 1);
    rows.push(...fresh);
    if (rows.length === page.total) break;
    if (fresh.length === 0 || rows.length > page.total) return 'unsteady';
  }
  return new Set(rows.map((row) => textOf(row, 'id').toLowerCase())).size === rows.length ? rows : 'unsteady';
}

function isIdentified(row: Json): row is JsonObject {
  return isJsonObject(row) && textOf(row, 'id') !== '' && textOf(row, 'subscriptionId') !== '';
}

function subscriptionOf(row: JsonObject): string {
  return textOf(row, 'subscriptionId').toLowerCase();
}

function textOf(row: JsonObject, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : '';
}

/** Reads a row about a subscription. */
export function readVisible(row: JsonObject, id: string): VisibleSubscription {
  const { name, properties } = row;
  const { state, managementGroupAncestorsChain } = isJsonObject(properties) ? properties : {};
  return {
    id,
    name: typeof name === 'string' && name !== '' ? name : id,
    state: typeof state === 'string' ? state : '',
    managementGroups: readChain(managementGroupAncestorsChain),
  };
}
