import { isTransientStatus } from '../model/retry.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { readRestFailure } from './rest-failure.ts';

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

/** True for the codes with which Node refuses a TLS certificate. */
export function isUntrusted(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code);
}
