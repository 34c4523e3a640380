import type { AzureConnection } from '../../azure/connection.ts';
import type { GraphScope } from '../../azure/graph-query.ts';
import { type GraphPage, queryPage } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { uncountedRows, withheldRows } from './gaps.ts';
import { readVisible, snapshotPlainly } from './plain-snapshot.ts';
import { type LiveQuery, snapshotQuery } from './query.ts';
import type { RowCounts, Snapshot, VisibleSubscription } from './snapshot.ts';

/** `tooMany`: the scope holds more subscriptions than one answer has room for, and must be asked for in lists. */
export type ScopeSnapshot =
  | { readonly kind: 'seen'; readonly snapshot: Snapshot }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'refused'; readonly error: AzureError };

export interface ScopeRequest {
  readonly scope: GraphScope;
  readonly query: LiveQuery;
}

const operation = 'count the vaults in Resource Graph';

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
      const snapshot = await snapshotPlainly(connection, session, { operation, scope, query });
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
    (sum, { ruleId }, index) => sum + (ruleId === undefined ? (tallies[index] ?? 0) : 0),
    rows,
  );
  return { key, counts: { rows, checksum, tallies }, addsUp: counted === total };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number';
}
