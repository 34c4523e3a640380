import { countsAll } from '../../model/rows-wanted.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/graph-query.ts';
import { type GraphPage, queryPage, type GraphRequest } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { uncountedRows, withheldRows } from './gaps.ts';
import { type LiveQuery, snapshotQuery, idsQuery, subscriptionsQuery } from './query.ts';
import {
  readVisible,
  type RowCounts,
  type Snapshot,
  type VisibleSubscription,
  checksumOf,
} from './snapshot.ts';

/** `tooMany`: the scope holds more subscriptions than one answer has room for, and must be asked for in lists. */
export type ScopeSnapshot =
  | { readonly kind: 'seen'; readonly snapshot: Snapshot }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'refused'; readonly error: AzureError };

export interface ScopeRequest {
  readonly scope: GraphScope;
  readonly query: LiveQuery;
}

const operation = 'count the vaults and managed HSMs in Resource Graph';

const maxReads = 3;

/**
 * Takes a snapshot of a scope: the visible subscriptions, and the number of rows in each. Only an answer of one page
 * counts, since it describes one moment. One with a row that is malformed, doubled or missing is asked for again.
 * Throws when the sign-in fails.
 */
export async function snapshotScope(
  connection: AzureConnection,
  session: Session,
  { scope, query }: ScopeRequest,
): Promise<ScopeSnapshot> {
  try {
    if (query.plain === true) {
      const snapshot = await snapshotPlainly(connection, session, { scope, query });
      return typeof snapshot === 'string' ? tooMany(scope) : { kind: 'seen', snapshot };
    }
    for (let read = 1; read <= maxReads; read += 1) {
      const page = await queryPage(connection, session, { operation, query: snapshotQuery(query), scope });
      if (page.limitHit || (page.skipToken !== undefined && !page.truncated)) return tooMany(scope);
      const rows = readRows(page, query);
      if (rows !== undefined)
        return rows.every(addsUp) ? { kind: 'seen', snapshot: toSnapshot(rows) } : uncounted;
      if (read < maxReads) session.cost.retries += 1;
    }
    return tooMany(scope);
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return error.code === 'TooManySubscriptionsUnderScope' ? tooMany(scope) : { kind: 'refused', error };
  }
}

/** The rows of a page, if it is complete. */
function readRows(page: GraphPage, query: LiveQuery): readonly SnapshotRow[] | undefined {
  const rows = page.rows.map((row) => readSnapshotRow(row, query)).filter((row) => row !== undefined);
  const known = new Set(rows.map((row) => `${row.key} ${'visible' in row}`));
  const isWhole = !page.truncated && page.rows.length === page.total && known.size === page.total;
  return isWhole ? rows : undefined;
}

function addsUp(row: SnapshotRow): boolean {
  return 'visible' in row || row.addsUp;
}

/** Shorter lists of subscriptions may be answered where a large scope is not; a list that is not is refused. */
function tooMany(scope: GraphScope): ScopeSnapshot {
  if (scope.kind !== 'subscriptions') return { kind: 'tooMany' };
  return { kind: 'refused', error: withheldRows(operation) };
}

/** A filter that is neither true nor false of a row leaves it out of every count: then none of them can be relied on. */
const uncounted: ScopeSnapshot = {
  kind: 'refused',
  error: new AzureError(`could not ${operation}: the counts do not add up`, {
    operation,
    status: 200,
    code: uncountedRows,
    requestId: '',
    hint: 'Run the scan again.',
  }),
};

/** A row of a snapshot: the subscription, and its counts or properties. `addsUp` is false where rows are in none of the counts. */
type SnapshotRow =
  | { readonly key: string; readonly visible: VisibleSubscription }
  | { readonly key: string; readonly counts: RowCounts; readonly addsUp: boolean };

/** Reads a row of `snapshotQuery`; `undefined` when it is not one. */
function readSnapshotRow(row: Json, query: LiveQuery): SnapshotRow | undefined {
  if (!isJsonObject(row)) return undefined;
  const { id, subscriptionId } = row;
  if (typeof id !== 'string' || id === '') return undefined;
  if (!id.includes('/')) return readCounts(row, id.toLowerCase(), query);
  if (typeof subscriptionId !== 'string' || subscriptionId === '') return undefined;
  return { key: subscriptionId.toLowerCase(), visible: readVisible(row, subscriptionId) };
}

/** Combines the rows of a snapshot. */
function toSnapshot(rows: readonly SnapshotRow[]): Snapshot {
  return {
    visible: new Map(rows.flatMap((row) => ('visible' in row ? [[row.key, row.visible] as const] : []))),
    counts: new Map(rows.flatMap((row) => ('counts' in row ? [[row.key, row.counts] as const] : []))),
  };
}

function readCounts(row: JsonObject, key: string, { pushedDown }: LiveQuery): SnapshotRow | undefined {
  const { rows, checksum } = row;
  const tallied = pushedDown?.tallies ?? [];
  const tallies = tallied.map(({ column }) => row[column]);
  const total = pushedDown === undefined ? rows : row['total'];
  if (!isCount(rows) || !isCount(checksum) || !isCount(total) || !tallies.every(isCount)) return undefined;
  const counted = tallied.reduce(
    (sum, tally, index) => sum + (countsAll(tally) ? (tallies[index] ?? 0) : 0),
    rows,
  );
  return { key, counts: { rows, checksum, tallies }, addsUp: counted === total };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number';
}

/**
 * Takes a snapshot without asking Resource Graph to count: lists ids, and computes counts and checksums here. Subscriptions are
 * listed before and after: one whose right was given or taken away in between does not count as visible. `tooMany`: the scope holds
 * more subscriptions than Resource Graph searches; `unsteady`: a list changed under each attempt.
 */
async function snapshotPlainly(
  connection: AzureConnection,
  session: Session,
  { scope, query }: ScopeRequest,
): Promise<Snapshot | 'tooMany' | 'unsteady'> {
  const list = (text: string): Promise<Listing> =>
    listWhole(connection, session, { operation, query: text, scope });
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

async function listWhole(
  connection: AzureConnection,
  session: Session,
  request: GraphRequest,
): Promise<Listing> {
  for (let attempt = 1; attempt <= maxReads; attempt += 1) {
    const listing = await listOnce(connection, session, request);
    if (listing !== 'unsteady') return listing;
    if (attempt < maxReads) session.cost.retries += 1;
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
  request: GraphRequest,
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
