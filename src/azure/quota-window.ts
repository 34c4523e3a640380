import type { MonotonicClock } from './clock.ts';

/** An estimate of the remaining quota. */
export interface QuotaWindow {
  /** Milliseconds that the next request must wait. */
  waitMs(): number;
  open(): SentRequest;
  release(sent: SentRequest, reading: QuotaReading | undefined): void;
}

// Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
const documentedLimit = 15;
const windowMs = 5000;

/** A window of seconds is open again after a minute, whatever its header says; `Retry-After` is obeyed as it is. */
const longestResetMs = 60_000;

/** An unused quota. `onEased` is called when a request may be able to go sooner than announced. */
export function quotaWindow(clock: MonotonicClock, onEased: () => void): QuotaWindow {
  const requests = requestWindow(clock, windowMs);
  let limit = documentedLimit;
  let foreign = { count: 0, until: 0 };
  let closedUntil = 0;
  let throttledInARow = 0;
  let inOrder = true;

  function waitMs(): number {
    const now = clock.now();
    if (now < closedUntil) return closedUntil - now;
    const busySlots = requests.busySlots(inOrder);
    const shared = now < foreign.until;
    const capacity = Math.max(1, limit - (shared ? foreign.count : 0));
    const freed = busySlots[busySlots.length - capacity];
    if (freed === undefined) return 0;
    return Math.min(freed, shared ? foreign.until : freed) - now;
  }

  function close(sent: SentRequest, reading: QuotaReading): void {
    requests.drop(sent);
    const own = requests.busySlots(inOrder).length;
    // A slot was not free yet; or the quota is shared, or differs from what was assumed.
    if (own >= limit - 1) inOrder = false;
    else limit = Math.max(1, own);
    const resetMs =
      reading.resetsAfterMs === undefined ? undefined : Math.min(longestResetMs, reading.resetsAfterMs);
    const guessed = Math.min(windowMs, 500 * 2 ** throttledInARow) * (1 + clock.random() / 4);
    throttledInARow += 1;
    closedUntil = Math.max(closedUntil, clock.now() + (reading.retryAfterMs ?? resetMs ?? guessed));
  }

  function learn(sent: SentRequest, remaining: number, resetsAfterMs: number): void {
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

/** A request that Azure may have counted. */
interface SentRequest {
  readonly at: number;
  /** Its sequence number among all that was sent and answered: clocks are too coarse to show which came first. */
  readonly order: number;
  answered: { readonly at: number; readonly order: number } | undefined;
}

/** The requests of the last seconds, seen as a sliding window of Azure's. */
interface RequestWindow {
  open(): SentRequest;
  answer(sent: SentRequest): void;
  /** Azure refused the request, and so did not count it. */
  drop(sent: SentRequest): void;
  /**
   * The times when the slots in use become free, soonest first. Where Azure counts requests in the order in which
   * they were sent, an answer shows that all before it have been counted.
   */
  busySlots(inOrder: boolean): readonly number[];
  /** Bounds for the number of requests that Azure had counted when it answered this one. */
  countedWith(sent: SentRequest): { readonly atLeast: number; readonly atMost: number };
}

// Timers may fire a moment early.
const marginMs = 20;

/** An empty window of that length. */
function requestWindow(clock: MonotonicClock, windowMs: number): RequestWindow {
  let requests: SentRequest[] = [];
  let order = 0;

  /**
   * Azure counts a request at an unknown moment between sending and answer. The duration of the fastest recent request
   * can be left out: the next request will need it as well.
   */
  function freed(now: number, inOrder: boolean): readonly number[] {
    const fastestMs = Math.min(
      ...requests.flatMap(({ at, answered }) => (answered === undefined ? [] : [answered.at - at])),
    );
    let laterAnswered = now;
    return requests.toReversed().map(({ at, answered }) => {
      const countedBy = Math.min(answered?.at ?? now, inOrder ? laterAnswered : now);
      laterAnswered = countedBy;
      return at + windowMs + marginMs + Math.max(0, countedBy - at - fastestMs);
    });
  }

  return {
    open() {
      order += 1;
      const sent: SentRequest = { at: clock.now(), order, answered: undefined };
      requests.push(sent);
      return sent;
    },
    answer(sent) {
      order += 1;
      sent.answered = { at: clock.now(), order };
    },
    drop(sent) {
      requests = requests.filter((other) => other !== sent);
    },
    busySlots(inOrder) {
      const now = clock.now();
      requests = requests.filter(({ answered }) => (answered?.at ?? now) + 2 * windowMs > now);
      return freed(now, inOrder)
        .filter((at) => at > now)
        .toSorted((one, other) => one - other);
    },
    // Answers overtake each other, so this is known only between two bounds.
    countedWith(sent) {
      const now = clock.now();
      const surely = requests.filter(
        ({ at, answered }) => at > now - windowMs && answered !== undefined && answered.order < sent.order,
      );
      const possibly = requests.filter(({ answered }) => (answered?.at ?? now) > sent.at - windowMs);
      return { atLeast: surely.length + 1, atMost: possibly.length };
    },
  };
}

/** The quota as an answer of Resource Graph states it. */
export interface QuotaReading {
  readonly throttled: boolean;
  /** `x-ms-user-quota-remaining`. */
  readonly remaining: number | undefined;
  /** `x-ms-user-quota-resets-after`: whole seconds, rounded up. */
  readonly resetsAfterMs: number | undefined;
  /** `Retry-After`, which Resource Graph does not always send with a 429. */
  readonly retryAfterMs: number | undefined;
}

/** Reads the quota from the headers of an answer; headers that are missing or malformed are unknown. */
export function readQuota(status: number, header: (name: string) => string | undefined): QuotaReading {
  return {
    throttled: status === 429,
    remaining: count(header('x-ms-user-quota-remaining')),
    resetsAfterMs: duration(header('x-ms-user-quota-resets-after')),
    retryAfterMs: seconds(header('retry-after')) ?? until(header('retry-after'), header('date')),
  };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `hh:mm:ss` in milliseconds. */
function duration(text: string | undefined): number | undefined {
  const [, hours, minutes, secs] = /^(\d+):(\d\d):(\d\d)/.exec(text ?? '') ?? [];
  return secs === undefined ? undefined : (Number(hours) * 3600 + Number(minutes) * 60 + Number(secs)) * 1000;
}

function seconds(text: string | undefined): number | undefined {
  const whole = count(text);
  return whole === undefined ? undefined : whole * 1000;
}

/** From the answer's own date, or now, to an HTTP date. */
function until(text: string | undefined, sentAt: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, .* GMT$/.test(text)) return undefined;
  const then = Date.parse(text);
  const now = Date.parse(sentAt ?? '');
  return Number.isNaN(then) ? undefined : Math.max(0, then - (Number.isNaN(now) ? Date.now() : now));
}
