import type { Clock } from './clock.ts';

/** What an answer of Resource Graph says about the quota. */
export interface QuotaReading {
  readonly throttled: boolean;
  /** `x-ms-user-quota-remaining`. */
  readonly remaining: number | undefined;
  /** `x-ms-user-quota-resets-after`: whole seconds, rounded up. */
  readonly resetsAfterMs: number | undefined;
  /** `Retry-After`, which Resource Graph does not always send with a 429. */
  readonly retryAfterMs: number | undefined;
}

/** The right to send one request. It must be settled with what came of it; `undefined` when no answer came. */
export interface Ticket {
  settle(reading: QuotaReading | undefined): void;
}

/** Lets requests through as fast as the quota allows, in the order in which they come. */
export interface Governor {
  admit(signal: AbortSignal, onWait: (milliseconds: number) => void): Promise<Ticket>;
}

// Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
const documentedLimit = 15;
const windowMs = 5000;
const smallestMarginMs = 30;
const largestMarginMs = 500;

interface Sent {
  readonly at: number;
  /** Of all that was sent and answered, the how manieth: clocks are too coarse to tell what came first. */
  readonly order: number;
  answeredOrder: number | undefined;
}

/**
 * A governor of its own sliding window: the header that tells when quota comes back counts whole seconds, and waiting
 * for it would cost a fifth of the speed. The headers correct the window where they contradict it: another program
 * that draws on the same quota, a quota other than the documented one, a 429.
 */
export function quotaGovernor(clock: Clock): Governor {
  const window = quotaWindow(clock);
  let last: Promise<unknown> = Promise.resolve();

  async function waitForTurn(signal: AbortSignal, onWait: (milliseconds: number) => void): Promise<Ticket> {
    for (let wait = window.waitMs(); wait > 0; wait = window.waitMs()) {
      onWait(wait);
      await clock.sleep(wait, signal);
    }
    signal.throwIfAborted();
    const sent = window.open();
    return { settle: (reading) => window.settle(sent, reading) };
  }

  return {
    admit(signal, onWait) {
      const turn = last.then(() => waitForTurn(signal, onWait));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

interface QuotaWindow {
  /** How long the next request must wait. */
  waitMs(): number;
  open(): Sent;
  settle(sent: Sent, reading: QuotaReading | undefined): void;
}

function quotaWindow(clock: Clock): QuotaWindow {
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
    const capacity = Math.max(1, limit - (now < foreign.until ? foreign.count : 0));
    const blocking = sentInWindow[sentInWindow.length - capacity];
    return blocking === undefined ? 0 : blocking.at + windowMs + marginMs - now;
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
    if (least > limit) limit = least;
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
