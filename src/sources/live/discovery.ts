import type { AzureConnection } from '../../azure/connection.ts';
import { readWhole, type Sequence } from '../../azure/graph-sequence.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { readLookRow, toSight, type LookRow } from './look-rows.ts';
import { lookQuery, type LiveQuery } from './query.ts';
import { uncountedRows } from './refused-filter.ts';
import type { Sight } from './sight.ts';

/** `tooMany`: the scope holds more subscriptions than one query reaches, and must be asked for in lists. */
export type Discovery =
  | { readonly kind: 'seen'; readonly sight: Sight }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'refused'; readonly error: AzureError };

export interface DiscoveryRequest {
  readonly scope: GraphScope;
  readonly query: LiveQuery;
}

const operation = 'count the vaults in Resource Graph';

/** Looks at a scope: which subscriptions show, and how many rows each of them holds. Throws when the sign-in fails. */
export async function discover(
  connection: AzureConnection,
  session: Session,
  { scope, query }: DiscoveryRequest,
): Promise<Discovery> {
  try {
    const sequence = { operation, query: lookQuery(query), scope };
    const rows = await readRecords(connection, session, { sequence, query });
    if (rows === 'limited') return { kind: 'tooMany' };
    if (rows === 'withheld') return withheld(scope);
    if (rows.some((row) => 'addsUp' in row && !row.addsUp)) return uncounted;
    return { kind: 'seen', sight: toSight(rows) };
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return error.code === 'TooManySubscriptionsUnderScope' ? { kind: 'tooMany' } : { kind: 'refused', error };
  }
}

const maxReads = 3;

/** What is expected must be beyond doubt: a row that is malformed, doubled or missing has the whole asked for again. */
async function readRecords(
  connection: AzureConnection,
  session: Session,
  { sequence, query }: { readonly sequence: Sequence; readonly query: LiveQuery },
): Promise<readonly LookRow[] | 'limited' | 'withheld'> {
  for (let read = 1; read <= maxReads; read += 1) {
    const { rows, whole, limitHit } = await readWhole(connection, session, sequence);
    if (limitHit) return 'limited';
    const records = rows.map((row) => readLookRow(row, query)).filter((row) => row !== undefined);
    const known = new Set(records.map((row) => `${row.key} ${'visible' in row}`));
    if (whole && known.size === rows.length) return records;
    if (read < maxReads) session.cost.retries += 1;
  }
  return 'withheld';
}

/** Shorter lists of subscriptions may get what a large scope does not; a list that does not is refused. */
function withheld(scope: GraphScope): Discovery {
  if (scope.kind !== 'subscriptions') return { kind: 'tooMany' };
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

/** A filter that is neither true nor false of a row leaves it out of every count: then none of them can be relied on. */
const uncounted: Discovery = {
  kind: 'refused',
  error: new AzureError(`could not ${operation}: the counts do not add up`, {
    operation,
    status: 200,
    code: uncountedRows,
    requestId: '',
    hint: 'Run the scan again.',
  }),
};
