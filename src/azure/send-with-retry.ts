import { AzureError } from '../model/errors.ts';
import { mostFailures, outOfTime, pauseBeforeRetry } from '../model/retry.ts';
import type { AzureConnection } from './connection.ts';
import { timedSignal } from './clock.ts';
import { asAzureError } from './azure-error.ts';
import { countRetries } from './exchange-log.ts';
import { failureKind, isUnreached, readRestFailure } from './rest-failure.ts';
import { QuotaClosed, type Ticket } from './quota.ts';
import { type QuotaReading, readQuota } from './quota-window.ts';
import type { Session } from './session.ts';

/** The answer to a request, and the quota that its headers state. */
export interface Answer<T> {
  readonly value: T;
  readonly quota?: QuotaReading | undefined;
}

/** A request that may be sent more than once. `operation` completes "could not …". */
export interface RetriableRequest<T> {
  readonly operation: string;
  /** True when Resource Graph counts this request against its quota. */
  readonly governed: boolean;
  /** `signal` ends the attempt, with the session or when its time is up. */
  readonly run: (signal: AbortSignal) => Promise<Answer<T>>;
}

/**
 * Sends a request until it is answered: transient failures a few times with growing, jittered pauses, throttling
 * for as long as it takes, a refused token once more with a new one, and all of it within the connection's time for a request. Throws
 * an `AzureError` that says what could not be done, or the reason of the abort. The SDK's own retries are off: they do
 * not know the quota, and could not be counted.
 */
export async function sendWithRetry<T>(
  connection: AzureConnection,
  session: Session,
  sending: RetriableRequest<T>,
): Promise<T> {
  const { clock, requestTimeoutMs } = connection;
  const until = clock.now() + requestTimeoutMs;
  const tries: Tries = { failures: 0, throttles: 0, renewals: 0, until, lastError: undefined };
  for (;;) {
    const ticket = await admit(connection, session, { sending, tries });
    try {
      const { value, quota } = await attempt(sending, session, { ...tries, withinMs: until - clock.now() });
      ticket.release(quota);
      return value;
    } catch (error) {
      tries.lastError = error;
      ticket.release(readingOf(error));
      session.signal.throwIfAborted();
      const pauseMs = pauseAfter(connection, error, tries);
      const failure = asAzureError(sending.operation, error, connection.cloud);
      if (pauseMs === undefined) throw failure;
      if (clock.now() + pauseMs >= until) throw givenUp(failure, error, requestTimeoutMs);
      session.cost.retries += 1;
      const throttled = failureKind(error) === 'throttled';
      if (pauseMs === 0 || (throttled && sending.governed)) continue;
      if (throttled) session.onWait(pauseMs);
      await clock.sleep(pauseMs, session.signal);
      session.signal.throwIfAborted();
      if (throttled) session.cost.waitMs += pauseMs;
    }
  }
}

interface Tries {
  failures: number;
  throttles: number;
  renewals: number;
  /** By the connection's clock: nothing is sent from then on. */
  readonly until: number;
  /** The reason why the latest attempt failed. */
  lastError: unknown;
}

/** An attempt that runs out of time says less than a failed sign-in, or than the failure before it: that is thrown instead. */
async function attempt<T>(
  { run }: RetriableRequest<T>,
  { signal }: Session,
  { withinMs, lastError, ...tries }: Tries & { readonly withinMs: number },
): Promise<Answer<T>> {
  const timed = timedSignal(signal, withinMs);
  countRetries(timed.signal, tries.failures + tries.throttles + tries.renewals);
  try {
    return await run(timed.signal);
  } catch (error) {
    const late = timed.late();
    throw late === undefined || error instanceof AzureError ? error : (lastError ?? late);
  } finally {
    timed.release();
  }
}

/** Waits for a slot in the quota, if one is free in time. */
async function admit(
  { clock, governor, requestTimeoutMs }: AzureConnection,
  session: Session,
  {
    sending: { operation, governed },
    tries,
  }: { readonly sending: RetriableRequest<unknown>; readonly tries: Tries },
): Promise<Ticket> {
  session.signal.throwIfAborted();
  if (!governed) return { release: () => undefined };
  let waitingSince: number | undefined;
  const onWait = (waitMs: number): void => {
    waitingSince ??= clock.now();
    session.onWait(waitMs);
  };
  try {
    const ticket = await governor.admit(session.signal, onWait, tries.until);
    session.cost.queries += 1;
    return ticket;
  } catch (error) {
    throw error instanceof QuotaClosed ? quotaClosed(operation, error.forMs, requestTimeoutMs) : error;
  } finally {
    if (waitingSince !== undefined) session.cost.waitMs += clock.now() - waitingSince;
  }
}

function quotaClosed(operation: string, forMs: number, requestTimeoutMs: number): AzureError {
  const reason = `Resource Graph throttles this identity; ${outOfTime(forMs, requestTimeoutMs)}`;
  const known = { operation, status: 429, code: 'RateLimiting', requestId: '' };
  return new AzureError(`could not ${operation}: ${reason}`, {
    ...known,
    hint: `Try again later. ${moreTime}`,
  });
}

const moreTime = 'A request may be allowed more time with --request-timeout.';

/** A failure after which the request might be sent again, and for which there is no time. */
function givenUp(failure: unknown, error: unknown, requestTimeoutMs: number): unknown {
  if (!(failure instanceof AzureError)) return failure;
  const { operation, status, code, requestId, details, hint } = failure;
  const why = outOfTime(readRestFailure(error)?.retryAfterMs ?? 0, requestTimeoutMs);
  return new AzureError(
    `${failure.message}; ${why}`,
    { operation, status, code, requestId, details, hint: `${hint} ${moreTime}` },
    { cause: error },
  );
}

function readingOf(error: unknown): QuotaReading | undefined {
  const failure = readRestFailure(error);
  return failure === undefined || failure.status === 0
    ? undefined
    : readQuota(failure.status, failure.header);
}

/** `undefined` when trying again would not help, or has been done often enough. */
function pauseAfter(connection: AzureConnection, error: unknown, tries: Tries): number | undefined {
  const kind = failureKind(error);
  if (kind === 'lasting' || (connection.isReachedOrNot === true && isUnreached(error))) return undefined;
  if (kind === 'refusedToken') {
    tries.renewals += 1;
    connection.renewToken();
    return tries.renewals > 1 ? undefined : 0;
  }
  const counter = kind === 'throttled' ? 'throttles' : 'failures';
  tries[counter] += 1;
  if (tries.failures > mostFailures) return undefined;
  const retryAfterMs = readRestFailure(error)?.retryAfterMs ?? 0;
  return pauseBeforeRetry(tries[counter], retryAfterMs, connection.clock.random());
}
