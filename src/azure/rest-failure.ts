import { isRestError, type RestError } from '@azure/core-rest-pipeline';

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/** What a failed request says, whichever SDK client sent it. `status` is 0 when no answer came. */
export interface RestFailure {
  readonly status: number;
  /** Azure's code, the telling one of a nested error; or the code of the network failure. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  readonly header: (name: string) => string | undefined;
}

/** Reads a failure of the REST pipeline; `undefined` for any other error. */
export function readRestFailure(error: unknown): RestFailure | undefined {
  if (!isRestError(error)) return undefined;
  const body = bodyOf(error);
  const detail = firstDetail(body);
  const header = (name: string): string | undefined => error.response?.headers.get(name);
  return {
    status: error.statusCode ?? error.response?.status ?? 0,
    code: text(detail?.['code']) || text(body?.['code']) || error.code || '',
    message: text(detail?.['message']) || text(body?.['message']) || plainMessage(error),
    requestId: header('x-ms-request-id') ?? header('x-ms-correlation-request-id') ?? '',
    header,
  };
}

/** The `error` object of the answer, as the clients leave it: in `details`, or in the text of the body. */
function bodyOf(error: RestError): JsonObject | undefined {
  const parsed: unknown = error.details ?? parse(error.response?.bodyAsText ?? '');
  if (!isJsonObject(parsed)) return undefined;
  return isJsonObject(parsed['error']) ? parsed['error'] : parsed;
}

/** Resource Graph says "please provide below info" outside, and what went wrong inside. */
function firstDetail(body: JsonObject | undefined): JsonObject | undefined {
  const details = text(body?.['message']).startsWith('Please provide below info')
    ? body?.['details']
    : undefined;
  return Array.isArray(details) ? details.find((detail: Json) => isJsonObject(detail)) : undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The pipeline appends the request, or the whole body that it could not parse, to its own messages. */
function plainMessage(error: RestError): string {
  if (error.code === 'PARSE_ERROR') return 'the answer is cut off or is not JSON';
  return error.message.split('\n', 1)[0] ?? '';
}
