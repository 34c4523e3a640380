import type { Clock } from './clock.ts';
import { durationInWords } from './duration.ts';

/** Options of requests that may be repeated. */
export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The time that one request may take, with every retry and every wait. */
  readonly requestTimeoutMs: number;
}

/** True where the same request may succeed in a moment: no answer came (0), or one that says that the server failed. */
export function isTransientStatus(status: number): boolean {
  return status === 0 || status === 408 || (status >= 500 && !lasting.has(status));
}

/** Not implemented, HTTP version not supported, and "sign in to this network" (RFC 6585). */
const lasting: ReadonlySet<number> = new Set([501, 505, 511]);

/** The time that one request may take in milliseconds, with every retry and every wait, unless set otherwise. */
export const defaultRequestTimeoutMs = 10 * 60_000;

/** The time that a vault has to answer a request for what is in it, in milliseconds, unless set otherwise. */
export const defaultVaultTimeoutMs = 10_000;

/** Failures of one request after which it is not sent again; being throttled counts for none. */
export const mostFailures = 4;

/**
 * Milliseconds before the same request is sent again: half a second, doubled with every attempt and varied by `random`
 * (from 0 to 1), 16 seconds at most; never less than Azure asks for.
 */
export function pauseBeforeRetry(attempt: number, retryAfterMs: number, random: number): number {
  const backoffMs = 500 * 2 ** Math.min(5, attempt - 1);
  return Math.max(retryAfterMs, backoffMs * (0.5 + random / 2));
}

/** The reason to give up a request that could be repeated. `retryAfterMs` is the wait that Azure asks for; 0 for none. */
export function outOfTime(retryAfterMs: number, requestTimeoutMs: number): string {
  const limit = durationInWords(requestTimeoutMs);
  return retryAfterMs > 0
    ? `Azure asks to wait ${Math.ceil(retryAfterMs / 1000)} seconds, which does not fit into the ${limit} that a request may take`
    : `it was tried for the ${limit} that a request may take`;
}
