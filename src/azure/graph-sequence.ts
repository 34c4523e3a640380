import { AzureError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { AzureConnection } from './connection.ts';
import { queryPage, type GraphPage, type GraphScope } from './resource-graph.ts';
import type { Session } from './session.ts';

/** A query read page after page, from row `skip` on, to its end or for `rows` rows. */
export interface Sequence {
  /** What is being done, completing "could not …". */
  readonly operation: string;
  readonly query: string;
  readonly scope: GraphScope;
  readonly skip?: number;
  readonly rows?: number;
}

/** A page of a sequence. When `attempt` grows, the sequence has begun again, and rows come a second time. */
export interface SequencePage extends GraphPage {
  readonly attempt: number;
}

const maxAttempts = 3;

/** Empty pages in a row after which a sequence goes nowhere: Azure shortens pages, but hardly to nothing. */
const maxEmptyPages = 5;

/**
 * Reads a sequence. One whose token has expired, or whose answer lost rows, begins again; when that does not help, the
 * last page is `truncated`. Throws `AzureError`.
 */
export async function* readSequence(
  connection: AzureConnection,
  session: Session,
  sequence: Sequence,
): AsyncGenerator<SequencePage> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = yield* readOnce(connection, session, { ...sequence, attempt });
    if (outcome === 'ended') return;
    session.cost.retries += 1;
  }
}

/** Rows of a query whose whole result is needed. `whole` is false when Azure keeps rows back, however often asked. */
export interface WholeResult {
  readonly rows: readonly Json[];
  readonly whole: boolean;
  readonly limitHit: boolean;
}

/**
 * Reads a small result to its end, and checks that every row is there which Azure counted, on each of its pages: a result
 * that changes between two of them is not whole. Throws `AzureError`.
 */
export async function readWhole(
  connection: AzureConnection,
  session: Session,
  sequence: Sequence,
): Promise<WholeResult> {
  let rows: Json[] = [];
  let totals = new Set<number>();
  let attempt = 1;
  let last: SequencePage | undefined;
  for await (const page of readSequence(connection, session, sequence)) {
    if (page.attempt > attempt) [rows, totals] = [[], new Set()];
    attempt = page.attempt;
    rows.push(...page.rows);
    totals.add(page.total);
    last = page;
  }
  const whole = last !== undefined && !last.truncated && totals.size === 1 && rows.length === last.total;
  return { rows, whole, limitHit: last?.limitHit ?? false };
}

async function* readOnce(
  connection: AzureConnection,
  session: Session,
  sequence: Sequence & { readonly attempt: number },
): AsyncGenerator<SequencePage, 'ended' | 'again'> {
  const { attempt, rows, ...request } = sequence;
  const final = attempt === maxAttempts;
  let received = request.skip ?? 0;
  let left = rows ?? Number.POSITIVE_INFINITY;
  let skipToken: string | undefined;
  let emptyInARow = 0;
  const tokens = new Set<string>();
  do {
    const page = await nextPage(connection, session, { ...request, skipToken, top: left, final });
    if (page === 'expired') return 'again';
    // Azure shortens pages that would be larger than 16 MB, so rows are counted and not pages.
    left -= page.rows.length;
    received += page.rows.length;
    const endsEarly = page.skipToken === undefined && left > 0 && received < page.total;
    emptyInARow = page.rows.length === 0 ? emptyInARow + 1 : 0;
    const circles =
      page.skipToken !== undefined && (tokens.has(page.skipToken) || emptyInARow >= maxEmptyPages);
    const truncated = page.truncated || endsEarly || circles;
    yield { ...page, truncated, attempt };
    if (truncated) return final ? 'ended' : 'again';
    skipToken = page.skipToken;
    if (skipToken !== undefined) tokens.add(skipToken);
  } while (skipToken !== undefined && left > 0);
  return 'ended';
}

type PageRequest = Parameters<typeof queryPage>[2] & { readonly final: boolean };

/** Azure answers 400 to a token that it no longer knows, in more than one wording; the query itself has been accepted. */
async function nextPage(
  connection: AzureConnection,
  session: Session,
  { final, ...request }: PageRequest,
): Promise<GraphPage | 'expired'> {
  try {
    return await queryPage(connection, session, request);
  } catch (error) {
    const refused = error instanceof AzureError && error.status === 400 && request.skipToken !== undefined;
    if (!refused || final) throw error;
    return 'expired';
  }
}
