import type { QueryRequest, QueryResponse } from '@azure/arm-resourcegraph';

import type { Json } from '../model/json.ts';
import type { AzureConnection } from './connection.ts';
import { type AuthorizationScope, type GraphScope, pageSize } from './graph-query.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { readQuota, type QuotaReading } from './quota-window.ts';
import { sendWithRetry, type Answer } from './send-with-retry.ts';
import type { Session } from './session.ts';

/** One request of a query: its beginning (`skip` rows into the result), or the page after a token. */
export interface GraphRequest {
  /** The operation in words, completing "could not …". */
  readonly operation: string;
  readonly query: string;
  readonly scope: GraphScope;
  readonly skip?: number | undefined;
  /** Rows wanted at most; a page has never more than `pageSize`. */
  readonly top?: number | undefined;
  readonly skipToken?: string | undefined;
  readonly authorizationScope?: AuthorizationScope;
}

/** A page of rows. `truncated`: Azure left rows out and gives no token for them. */
export interface GraphPage {
  readonly rows: readonly Json[];
  /** Rows of the whole result, as counted when this page was made. */
  readonly total: number;
  readonly skipToken: string | undefined;
  readonly truncated: boolean;
  /** The scope holds more than the 10,000 subscriptions that Resource Graph reads; the rest is missing silently. */
  readonly limitHit: boolean;
}

/** Asks Resource Graph for one page. Throws `AzureError` once retries do not help. */
export async function queryPage(
  connection: AzureConnection,
  session: Session,
  request: GraphRequest,
): Promise<GraphPage> {
  return sendWithRetry(connection, session, {
    operation: request.operation,
    governed: true,
    run: (signal) => ask(connection, request, signal),
  });
}

async function ask(
  connection: AzureConnection,
  request: GraphRequest,
  signal: AbortSignal,
): Promise<Answer<GraphPage>> {
  let quota: QuotaReading | undefined;
  let limitHit = false;
  let answered = false;
  const response = await connection.graph
    .resources(toRequest(request), {
      abortSignal: signal,
      onResponse: (raw) => {
        quota = readQuota(raw.status, (name) => raw.headers.get(name));
        limitHit = raw.headers.get('x-ms-tenant-subscription-limit-hit')?.toLowerCase() === 'true';
        answered = true;
      },
    })
    .catch((error: unknown) => {
      // The client reads the fields of a body without checking that they exist.
      throw error instanceof TypeError && answered
        ? new MalformedAnswer('the answer is not one of Resource Graph')
        : error;
    });
  return { value: toPage(response, limitHit), quota };
}

function toRequest({ query, scope, authorizationScope, ...page }: GraphRequest): QueryRequest {
  const { skip, top, skipToken } = page;
  return {
    query,
    ...(scope.kind === 'managementGroup' ? { managementGroups: [scope.id] } : {}),
    ...(scope.kind === 'subscriptions' ? { subscriptions: [...scope.ids] } : {}),
    options: {
      resultFormat: 'objectArray',
      top: Math.min(pageSize, top ?? pageSize),
      ...(skipToken === undefined ? { skip: skip ?? 0 } : { skipToken }),
      ...(authorizationScope === undefined ? {} : { authorizationScopeFilter: authorizationScope }),
    },
  };
}

function toPage(response: QueryResponse, limitHit: boolean): GraphPage {
  const { totalRecords, skipToken } = response;
  const rows: unknown = response.data;
  const truncated: unknown = response.resultTruncated;
  if (!Array.isArray(rows) || typeof totalRecords !== 'number')
    throw new MalformedAnswer('the answer is not one of Resource Graph');
  return {
    rows,
    total: totalRecords,
    skipToken: skipToken === undefined || skipToken === '' ? undefined : skipToken,
    // A string in this API; read either way, and never trust a spelling to mean "all is here".
    truncated: truncated === true || (typeof truncated === 'string' && truncated.toLowerCase() === 'true'),
    limitHit,
  };
}
