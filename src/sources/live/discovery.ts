import type { AzureConnection } from '../../azure/connection.ts';
import { readWhole, type Sequence } from '../../azure/graph-sequence.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { Subscription } from '../../model/source.ts';
import { readChain } from '../subscription-row.ts';
import { countQuery, subscriptionsQuery, type LiveQuery } from './query.ts';
import { uncountedRows } from './refused-filter.ts';

/** A subscription that Resource Graph shows. */
export interface VisibleSubscription extends Subscription {
  /** `Enabled`, `Disabled`, `Warned`, …; empty when Azure does not say. */
  readonly state: string;
}

/** What Resource Graph shows of a scope. The maps are by subscription id in lower case. */
export interface Sight {
  readonly visible: ReadonlyMap<string, VisibleSubscription>;
  readonly counts: ReadonlyMap<string, RowCounts>;
}

/** Rows of a subscription: those that are to be read, and the query's tallies of the others, in their order. */
interface RowCounts {
  readonly rows: number;
  readonly tallies: readonly number[];
}

/** Rows of a subscription as Resource Graph counts them; `total` is that of all its rows, however they are filtered. */
interface Counted extends RowCounts {
  readonly total: number;
}

/** `tooMany`: the scope holds more subscriptions than one query reaches, and must be asked for in lists. */
export type Discovery =
  | { readonly kind: 'seen'; readonly sight: Sight }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'refused'; readonly error: AzureError };

/**
 * Looks at a scope with two queries: how many rows each subscription holds, and then which subscriptions show. In that
 * order: a right that goes in between leaves rows without a subscription, which is a gap, and not a subscription
 * without rows, which would be an empty one.
 */
export async function discover(
  connection: AzureConnection,
  session: Session,
  { scope, query }: { readonly scope: GraphScope; readonly query: LiveQuery },
): Promise<Discovery> {
  const read = <T>(operation: string, kql: string, parse: (row: Json) => Entry<T> | undefined) =>
    readRecords(connection, session, { sequence: { operation, query: kql, scope }, parse });
  try {
    const parseCounts = (row: Json): Entry<Counted> | undefined => readCounts(row, query);
    const counts = await read('count the vaults in Resource Graph', countQuery(query), parseCounts);
    if (counts === 'limited') return { kind: 'tooMany' };
    if (counts === 'withheld') return withheld(scope);
    if ([...counts.values()].some((one) => !addsUp(one, query))) return uncounted;
    const visible = await read('read the subscriptions from Resource Graph', subscriptionsQuery, readVisible);
    if (visible === 'limited') return { kind: 'tooMany' };
    if (visible === 'withheld') return withheld(scope);
    return { kind: 'seen', sight: { visible, counts } };
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return error.code === 'TooManySubscriptionsUnderScope' ? { kind: 'tooMany' } : { kind: 'refused', error };
  }
}

type Entry<T> = readonly [id: string, value: T];

interface RecordsRequest<T> {
  readonly sequence: Sequence;
  readonly parse: (row: Json) => Entry<T> | undefined;
}

const maxReads = 3;

/** What is expected must be beyond doubt: a row that is malformed, doubled or missing has the whole asked for again. */
async function readRecords<T>(
  connection: AzureConnection,
  session: Session,
  { sequence, parse }: RecordsRequest<T>,
): Promise<ReadonlyMap<string, T> | 'limited' | 'withheld'> {
  for (let read = 1; read <= maxReads; read += 1) {
    const { rows, whole, limitHit } = await readWhole(connection, session, sequence);
    if (limitHit) return 'limited';
    const records = new Map(rows.map(parse).filter((entry) => entry !== undefined));
    if (whole && records.size === rows.length) return records;
    if (read < maxReads) session.cost.retries += 1;
  }
  return 'withheld';
}

/** Shorter lists of subscriptions may get what a large scope does not; a list that does not is refused. */
function withheld(scope: GraphScope): Discovery {
  if (scope.kind !== 'subscriptions') return { kind: 'tooMany' };
  const operation = 'account for the subscriptions';
  return {
    kind: 'refused',
    error: new AzureError(`could not ${operation}: Resource Graph keeps rows back, however often asked`, {
      operation,
      status: 200,
      code: 'ResultTruncated',
      requestId: '',
      hint: 'Try again later, or name fewer subscriptions.',
    }),
  };
}

function readVisible(row: Json): Entry<VisibleSubscription> | undefined {
  if (!isJsonObject(row)) return undefined;
  const { subscriptionId: id, name, state, chain } = row;
  if (typeof id !== 'string' || id === '') return undefined;
  const subscription = {
    id,
    name: typeof name === 'string' && name !== '' ? name : id,
    state: typeof state === 'string' ? state : '',
    managementGroups: readChain(chain),
  };
  return [id.toLowerCase(), subscription];
}

/** A filter that is neither true nor false of a row leaves it out of every count: then none of them can be relied on. */
const uncounted: Discovery = {
  kind: 'refused',
  error: new AzureError('could not count the vaults: the counts of Resource Graph do not add up', {
    operation: 'count the vaults in Resource Graph',
    status: 200,
    code: uncountedRows,
    requestId: '',
    hint: 'Run the scan again.',
  }),
};

function addsUp({ rows, tallies, total }: Counted, { pushedDown }: LiveQuery): boolean {
  const counted = (pushedDown?.tallies ?? []).map(({ ruleId }, index) =>
    ruleId === undefined ? (tallies[index] ?? 0) : 0,
  );
  return counted.reduce((sum, count) => sum + count, rows) === total;
}

function readCounts(row: Json, { pushedDown }: LiveQuery): Entry<Counted> | undefined {
  if (!isJsonObject(row)) return undefined;
  const { id, rows } = row;
  const total = pushedDown === undefined ? rows : row['total'];
  const tallies = (pushedDown?.tallies ?? []).map((_, index) => row[`t${index}`]);
  if (typeof id !== 'string' || id === '' || !isCount(rows) || !isCount(total)) return undefined;
  return tallies.every(isCount) ? [id.toLowerCase(), { rows, tallies, total }] : undefined;
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number';
}
