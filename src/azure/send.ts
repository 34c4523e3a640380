import type { AzureConnection } from './connection.ts';
import { asAzureError } from './failure.ts';
import { failureKind } from './failure-kind.ts';
import type { Ticket } from './quota.ts';
import { readQuota, type QuotaReading } from './quota-headers.ts';
import { readRestFailure } from './rest-failure.ts';
import type { Session } from './session.ts';

/** What a request brought, and what its headers say about the quota. */
export interface Answer<T> {
  readonly value: T;
  readonly quota?: QuotaReading | undefined;
}

/** A request that may be sent more than once. `operation` completes "could not …". */
export interface Sending<T> {
  readonly operation: string;
  /** True when Resource Graph counts this request against its quota. */
  readonly governed: boolean;
  readonly run: () => Promise<Answer<T>>;
}

const maxFailures = 4;
const maxThrottles = 60;
const firstPauseMs = 500;
/** No answer, not even a wrong one, puts a read to sleep for longer. */
const longestPauseMs = 5 * 60_000;

/**
 * Sends a request until it is answered: transient failures a few times with growing, jittered pauses, throttling
 * patiently, a refused token once more with a new one. Throws an `AzureError` that says what could not be done, or the
 * reason of the abort. The SDK's own retries are off: they do not know the quota, and nobody could count them.
 */
export async function send<T>(
  connection: AzureConnection,
  session: Session,
  sending: Sending<T>,
): Promise<T> {
  const tries: Tries = { failures: 0, throttles: 0, renewals: 0 };
  for (;;) {
    const ticket = await admit(connection, session, sending.governed);
    try {
      const { value, quota } = await sending.run();
      ticket.settle(quota);
      return value;
    } catch (error) {
      ticket.settle(readingOf(error));
      session.signal.throwIfAborted();
      const pauseMs = pauseBeforeRetry(connection, error, tries);
      if (pauseMs === undefined) throw asAzureError(sending.operation, error, connection.cloud);
      session.cost.retries += 1;
      const throttled = failureKind(error) === 'throttled';
      if (pauseMs === 0 || (throttled && sending.governed)) continue;
      await connection.clock.sleep(pauseMs, session.signal);
      if (throttled) session.cost.waitMs += pauseMs;
    }
  }
}

interface Tries {
  failures: number;
  throttles: number;
  renewals: number;
}

async function admit(connection: AzureConnection, session: Session, governed: boolean): Promise<Ticket> {
  session.signal.throwIfAborted();
  if (!governed) return { settle: () => undefined };
  const { clock, governor } = connection;
  let waitingSince: number | undefined;
  const ticket = await governor.admit(session.signal, (waitMs) => {
    waitingSince ??= clock.now();
    session.onWait(waitMs);
  });
  if (waitingSince !== undefined) session.cost.waitMs += clock.now() - waitingSince;
  session.cost.queries += 1;
  return ticket;
}

function readingOf(error: unknown): QuotaReading | undefined {
  const failure = readRestFailure(error);
  return failure === undefined || failure.status === 0
    ? undefined
    : readQuota(failure.status, failure.header);
}

/** `undefined` when trying again would not help, or has been done often enough. */
function pauseBeforeRetry(connection: AzureConnection, error: unknown, tries: Tries): number | undefined {
  const kind = failureKind(error);
  if (kind === 'refusedToken') {
    tries.renewals += 1;
    connection.renewToken();
    return tries.renewals > 1 ? undefined : 0;
  }
  const counter = kind === 'throttled' ? 'throttles' : 'failures';
  tries[counter] += 1;
  const most = kind === 'throttled' ? maxThrottles : maxFailures;
  if (kind === 'lasting' || tries[counter] > most) return undefined;
  const backoffMs = firstPauseMs * 2 ** Math.min(5, tries[counter] - 1);
  return Math.max(
    Math.min(longestPauseMs, readRestFailure(error)?.retryAfterMs ?? 0),
    backoffMs * (0.5 + connection.clock.random() / 2),
  );
}
