import type { Clock } from './clock.ts';
import type { QuotaReading } from './quota-headers.ts';

/** A request that Azure may have counted. */
export interface Sent {
  readonly at: number;
  /** Of all that was sent and answered, the how manieth: clocks are too coarse to tell what came first. */
  readonly order: number;
  answeredOrder: number | undefined;
}

/** The requests of the last seconds, and what Azure has said of the quota. */
export interface QuotaWindow {
  /** How long the next request must wait. */
  waitMs(): number;
  open(): Sent;
  settle(sent: Sent, reading: QuotaReading | undefined): void;
}

// Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
const documentedLimit = 15;
const windowMs = 5000;
const smallestMarginMs = 30;
const largestMarginMs = 500;

/** An empty window. `onEased` is called when a request may go sooner than it was told. */
export function quotaWindow(clock: Clock, onEased: () => void): QuotaWindow {
  let sentInWindow: Sent[] = [];
  let limit = documentedLimit;
  let foreign = { count: 0, until: 0 };
  let closedUntil = 0;
  let marginMs = smallestMarginMs;
  let throttledInARow = 0;
  let order = 0;

  function waitMs(): number {
    const now = clock.now();
    sentInWindow = sentInWindow.filter(({ at }) => at > now - windowMs - marginMs);
    if (now < closedUntil) return closedUntil - now;
    const shared = now < foreign.until;
    const capacity = Math.max(1, limit - (shared ? foreign.count : 0));
    const blocking = sentInWindow[sentInWindow.length - capacity];
    if (blocking === undefined) return 0;
    const freedAt = blocking.at + windowMs + marginMs;
    return Math.min(freedAt, shared ? foreign.until : freedAt) - now;
  }

  function close(sent: Sent, reading: QuotaReading): void {
    sentInWindow = sentInWindow.filter((other) => other !== sent);
    // The window was full by our own count: the request came a moment too early. Otherwise the quota is not ours alone.
    if (sentInWindow.length >= limit - 1) marginMs = Math.min(largestMarginMs, marginMs * 2);
    limit = Math.max(1, Math.min(limit, sentInWindow.length));
    const told = reading.retryAfterMs ?? reading.resetsAfterMs;
    const guessed = Math.min(windowMs, 500 * 2 ** throttledInARow) * (1 + clock.random() / 4);
    throttledInARow += 1;
    closedUntil = Math.max(closedUntil, clock.now() + (told ?? guessed));
  }

  // Answers overtake each other, so what Azure had counted when it answered is known only between two bounds.
  function learn(sent: Sent, remaining: number, resetsAfterMs: number): void {
    const now = clock.now();
    const surely = sentInWindow.filter(
      ({ at, answeredOrder }) =>
        at > now - windowMs && answeredOrder !== undefined && answeredOrder < sent.order,
    );
    const least = remaining + surely.length + 1;
    const most = remaining + Math.max(1, sentInWindow.length);
    if (least > limit) {
      limit = least;
      onEased();
    }
    foreign = { count: Math.max(0, limit - most), until: now + resetsAfterMs };
  }

  return {
    waitMs,
    open() {
      order += 1;
      const sent: Sent = { at: clock.now(), order, answeredOrder: undefined };
      sentInWindow.push(sent);
      return sent;
    },
    settle(sent, reading) {
      if (reading?.throttled === true) return close(sent, reading);
      order += 1;
      sent.answeredOrder = order;
      throttledInARow = 0;
      if (reading?.remaining !== undefined) learn(sent, reading.remaining, reading.resetsAfterMs ?? windowMs);
    },
  };
}
