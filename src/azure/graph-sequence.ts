import { AzureError } from '../model/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { AzureConnection } from './connection.ts';
import { pageSize, refusedToken, type Sequence } from './graph-query.ts';
import { queryPage, type GraphPage } from './resource-graph.ts';
import type { Session } from './session.ts';

/** A sequence, and its first page where that has been asked for already: with `skip` 0 or none, and the most rows. */
export interface StartedSequence extends Sequence {
  readonly firstPage?: Promise<GraphPage>;
}

/** A page of a sequence. When `attempt` grows, the sequence has begun again, and rows come a second time. */
export interface SequencePage extends GraphPage {
  readonly attempt: number;
}

const maxAttempts = 3;

/** Pages in a row, empty or beyond the total, after which a sequence makes no progress. */
const maxIdlePages = 5;

/**
 * Reads a sequence. One whose token has expired, or whose answer lost rows, begins again; when that does not help, the
 * last page is `truncated`. Throws `AzureError`.
 */
export async function* readSequence(
  connection: AzureConnection,
  session: Session,
  { firstPage, ...sequence }: StartedSequence,
): AsyncGenerator<SequencePage> {
  for (let attempt = 1; ; attempt += 1) {
    const asked = attempt === 1 ? firstPage : undefined;
    const outcome = yield* readOnce(connection, session, { ...sequence, attempt, asked });
    if (outcome === 'ended') return;
    session.cost.retries += 1;
  }
}

/** A row of which no other has the `id`. */
export interface IdentifiedRow extends JsonObject {
  readonly id: string;
}

/**
 * Reads a small result to its end, and keeps it: every row once, by its `id` in any letter case. Throws `AzureError`, also
 * where rows are missing.
 */
export async function readRows(
  connection: AzureConnection,
  session: Session,
  sequence: Sequence,
): Promise<readonly IdentifiedRow[]> {
  const rows = new Map<string, IdentifiedRow>();
  let last = { attempt: 1, total: 0, isCut: false };
  for await (const page of readSequence(connection, session, sequence)) {
    if (page.attempt > last.attempt) rows.clear();
    for (const row of page.rows) {
      if (!isIdentified(row)) throw malformedRows(sequence.operation);
      rows.set(row.id.toLowerCase(), row);
    }
    last = { ...page, isCut: page.truncated || page.limitHit };
  }
  // A row that comes twice stands for another one that slid out of its page.
  if (last.isCut || rows.size < last.total) throw missingRows(sequence.operation);
  return [...rows.values()];
}

function isIdentified(row: Json): row is IdentifiedRow {
  return isJsonObject(row) && typeof row['id'] === 'string';
}

/** The error for rows that cannot be understood. */
export function malformedRows(operation: string): AzureError {
  return new AzureError('the answer is not one of Resource Graph', {
    operation,
    status: 200,
    code: 'MalformedAnswer',
    requestId: '',
    hint: 'Try again.',
  });
}

function missingRows(operation: string): AzureError {
  return new AzureError('Resource Graph did not return every row', {
    operation,
    status: 200,
    code: 'ResultTruncated',
    requestId: '',
    hint: 'Try again; above 10,000 subscriptions Resource Graph cannot search them all.',
  });
}

async function* readOnce(
  connection: AzureConnection,
  session: Session,
  sequence: Sequence & { readonly attempt: number; readonly asked: Promise<GraphPage> | undefined },
): AsyncGenerator<SequencePage, 'ended' | 'again'> {
  const { attempt, rows, asked: firstPage, ...request } = sequence;
  let asked = firstPage;
  const final = attempt === maxAttempts;
  let received = request.skip ?? 0;
  let left = rows ?? Number.POSITIVE_INFINITY;
  let most = pageSize;
  let skipToken: string | undefined;
  let idleInARow = 0;
  const tokens = new Set<string>();
  do {
    const place = { skip: received, skipToken, top: Math.min(left, most), final };
    const page = await nextPage(connection, session, { ...request, ...place, asked });
    asked = undefined;
    if (page === 'expired') return 'again';
    if (page === 'tooLarge') {
      most = Math.ceil(Math.min(left, most) / 2);
      skipToken = undefined;
      continue;
    }
    const isIdle = page.rows.length === 0 || received >= page.total;
    idleInARow = isIdle ? idleInARow + 1 : 0;
    // Azure shortens pages that would be larger than 16 MB, so rows are counted and not pages.
    left -= page.rows.length;
    received += page.rows.length;
    const endsEarly = page.skipToken === undefined && left > 0 && received < page.total;
    const circles =
      page.skipToken !== undefined && (tokens.has(page.skipToken) || idleInARow >= maxIdlePages);
    const truncated = page.truncated || endsEarly || circles;
    yield { ...page, truncated, attempt };
    if (truncated) return final ? 'ended' : 'again';
    skipToken = page.skipToken;
    if (skipToken === undefined) return 'ended';
    tokens.add(skipToken);
  } while (left > 0);
  return 'ended';
}

type PageRequest = Parameters<typeof queryPage>[2] & {
  readonly final: boolean;
  /** The answer to this request, where it has been sent already. */
  readonly asked: Promise<GraphPage> | undefined;
};

/**
 * Rather than to shorten a page that is too large, Azure may refuse it: half as many rows are asked for then.
 * Source: https://github.com/microsoft/ARI/issues/199
 */
const payloadTooLarge = 'ResponsePayloadTooLarge';

/** Azure answers 400 to a token that it no longer knows, in more than one wording; the query itself has been accepted. */
async function nextPage(
  connection: AzureConnection,
  session: Session,
  { final, asked, ...request }: PageRequest,
): Promise<GraphPage | 'expired' | 'tooLarge'> {
  try {
    return await (asked ?? queryPage(connection, session, request));
  } catch (error) {
    if (error instanceof AzureError && error.code === payloadTooLarge && (request.top ?? pageSize) > 1)
      return 'tooLarge';
    if (!(error instanceof AzureError) || error.status !== 400 || request.skipToken === undefined)
      throw error;
    if (!final) return 'expired';
    const { operation, status, requestId, hint } = error;
    throw new AzureError(
      error.message,
      { operation, status, code: refusedToken, requestId, hint },
      { cause: error },
    );
  }
}
