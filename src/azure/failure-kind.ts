import { MalformedAnswer } from './malformed-answer.ts';
import { readQuota } from './quota-headers.ts';
import { readRestFailure } from './rest-failure.ts';

/** What a failure says about trying again. */
export type FailureKind = 'throttled' | 'refusedToken' | 'transient' | 'lasting';

/** Sorts a failure by whether, and how, the same request may succeed later. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof MalformedAnswer) return 'transient';
  const failure = readRestFailure(error);
  if (failure === undefined) return 'lasting';
  const { status, code } = failure;
  if (status === 429) return 'throttled';
  if (status === 401) return 'refusedToken';
  if (code === 'PARSE_ERROR' || transientStatuses.has(status)) return 'transient';
  return status === 0 && !isUntrusted(code) ? 'transient' : 'lasting';
}

/** How long Azure asks to wait; 0 when it does not say. */
export function retryAfterMs(error: unknown): number {
  const failure = readRestFailure(error);
  return failure === undefined ? 0 : (readQuota(failure.status, failure.header).retryAfterMs ?? 0);
}

/** True for the codes with which Node refuses a TLS certificate. */
export function isUntrusted(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code);
}

const transientStatuses = new Set([408, 500, 502, 503, 504]);
