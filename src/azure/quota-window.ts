import type { MonotonicClock } from './clock.ts';
import type { QuotaReading } from './quota-headers.ts';
import { sentRequests, type Sent } from './sent-requests.ts';

/** An estimate of the remaining quota. */
export interface QuotaWindow {
  /** Milliseconds that the next request must wait. */
  waitMs(): number;
  open(): Sent;
  release(sent: Sent, reading: QuotaReading | undefined): void;
}

// Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
const documentedLimit = 15;
const windowMs = 5000;

/** A window of seconds is open again after a minute, whatever its header says; `Retry-After` is obeyed as it is. */
const longestResetMs = 60_000;

/** An unused quota. `onEased` is called when a request may be able to go sooner than it was told. */
export function quotaWindow(clock: MonotonicClock, onEased: () => void): QuotaWindow {
  const requests = sentRequests(clock, windowMs);
  let limit = documentedLimit;
  let foreign = { count: 0, until: 0 };
  let closedUntil = 0;
  let throttledInARow = 0;
  let inOrder = true;

  function waitMs(): number {
    const now = clock.now();
    if (now < closedUntil) return closedUntil - now;
    const places = requests.places(inOrder);
    const shared = now < foreign.until;
    const capacity = Math.max(1, limit - (shared ? foreign.count : 0));
    const freed = places[places.length - capacity];
    if (freed === undefined) return 0;
    return Math.min(freed, shared ? foreign.until : freed) - now;
  }

  function close(sent: Sent, reading: QuotaReading): void {
    requests.drop(sent);
    const own = requests.places(inOrder).length;
    // A slot was not free yet; or the quota is not ours alone, or not what we think.
    if (own >= limit - 1) inOrder = false;
    else limit = Math.max(1, own);
    const resetMs =
      reading.resetsAfterMs === undefined ? undefined : Math.min(longestResetMs, reading.resetsAfterMs);
    const guessed = Math.min(windowMs, 500 * 2 ** throttledInARow) * (1 + clock.random() / 4);
    throttledInARow += 1;
    closedUntil = Math.max(closedUntil, clock.now() + (reading.retryAfterMs ?? resetMs ?? guessed));
  }

  function learn(sent: Sent, remaining: number, resetsAfterMs: number): void {
    const { atLeast, atMost } = requests.countedWith(sent);
    limit = Math.max(limit, remaining + atLeast);
    foreign = { count: Math.max(0, limit - remaining - atMost), until: clock.now() + resetsAfterMs };
  }

  return {
    waitMs,
    open: () => requests.open(),
    release(sent, reading) {
      requests.answer(sent);
      if (reading?.throttled === true) return close(sent, reading);
      throttledInARow = 0;
      if (reading?.remaining !== undefined) learn(sent, reading.remaining, reading.resetsAfterMs ?? windowMs);
      onEased();
    },
  };
}
