import { isRestError, type RestError } from '@azure/core-rest-pipeline';

import type { Refusal } from '../model/refusal.ts';
import { readErrorBody } from './error-body.ts';
import { readQuota } from './quota-window.ts';
import { redact } from '../reporters/text/redaction.ts';
import { isTransientStatus } from '../model/retry.ts';
import { MalformedAnswer } from './malformed-answer.ts';

/** The contents of a failed request, whichever SDK client sent it; without tokens and secrets. */
export interface RestFailure extends Refusal {
  /** Azure's code, the specific one of a nested error; or the code of the network failure. */
  readonly code: string;
  readonly header: (name: string) => string | undefined;
}

/** Reads a failure of the REST pipeline; `undefined` for any other error. */
export function readRestFailure(error: unknown): RestFailure | undefined {
  if (!isRestError(error)) return undefined;
  const header = (name: string): string | undefined => error.response?.headers.get(name);
  const status = error.statusCode ?? error.response?.status ?? 0;
  const requestId = header('x-ms-request-id') ?? header('x-ms-correlation-request-id') ?? '';
  const retryAfterMs = readQuota(status, header).retryAfterMs ?? 0;
  const common = { status, requestId, header, ...(retryAfterMs > 0 ? { retryAfterMs } : {}) };
  if (status < 300)
    return { ...common, code: error.code ?? '', message: plainMessage(error), ...nothingSaid };
  const { innerCode, ...body } = readErrorBody(error.response?.bodyAsText ?? '');
  const fromAzure = body.code !== '' || requestId !== '' || header('x-ms-failure-cause') !== undefined;
  return {
    ...common,
    ...body,
    ...(innerCode === '' ? {} : { innerCode }),
    fromAzure,
    message: redact(
      body.code === '' ? foreignMessage(status, body.message, fromAzure) : oneLine(body.message),
    ),
    details: body.details.map(({ code, message }) => ({ code, message: redact(message) })),
  };
}

const nothingSaid = { details: [], policies: [], fromAzure: true } as const;

/** Key Vault writes the facts about a refusal below its sentence, a line each. */
function oneLine(message: string): string {
  return message.trim().replaceAll(/\s*\r\n\s*/g, ' ');
}

/** The message for an answer that is not an error of Azure. */
function foreignMessage(status: number, said: string, fromAzure: boolean): string {
  const isQuoted = /^(a page |")/.test(said);
  const body = said === '' ? 'an empty body' : isQuoted ? said : `"${said}"`;
  return `HTTP ${status} with ${body}${fromAzure ? '' : " instead of Azure's answer"}`;
}

/** The pipeline appends the request, or the whole body that it could not parse, to its own messages. */
function plainMessage(error: RestError): string {
  if (error.code === 'PARSE_ERROR') return 'the answer is cut off or is not JSON';
  return redact(error.message.split('\n', 1)[0] ?? '');
}

/** The kind of a failure, by whether the request may be repeated. */
export type FailureKind = 'throttled' | 'refusedToken' | 'transient' | 'lasting';

/** Sorts a failure by whether, and how, the same request may succeed later. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof MalformedAnswer) return 'transient';
  const failure = readRestFailure(error);
  if (failure === undefined) return 'lasting';
  const { status, code } = failure;
  if (status === 429) return 'throttled';
  if (status === 401) return 'refusedToken';
  if (code === 'PARSE_ERROR') return 'transient';
  return isTransientStatus(status) && !isUntrusted(code) ? 'transient' : 'lasting';
}

/** True where no connection came about, or nothing was answered on it in time. */
export function isUnreached(error: unknown): boolean {
  const failure = readRestFailure(error);
  return (
    failure?.status === 0 &&
    /^(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|E(CONNREFUSED|HOSTUNREACH|NETUNREACH))$/.test(failure.code)
  );
}

/** True for the codes with which Node refuses a TLS certificate. */
export function isUntrusted(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code);
}
