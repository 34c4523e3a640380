import type { MonotonicClock } from './clock.ts';

/** A request that Azure may have counted. */
export interface Sent {
  readonly at: number;
  /** Its sequence number among all that was sent and answered: clocks are too coarse to tell what came first. */
  readonly order: number;
  answered: { readonly at: number; readonly order: number } | undefined;
}

/** The requests of the last seconds, seen as a sliding window of Azure's. */
export interface SentRequests {
  open(): Sent;
  answer(sent: Sent): void;
  /** Azure refused the request, and so did not count it. */
  drop(sent: Sent): void;
  /**
   * The times when the slots in use become free, soonest first. Where Azure counts requests in the order in which
   * they were sent, an answer shows that all before it have been counted.
   */
  places(inOrder: boolean): readonly number[];
  /** Bounds for the number of requests that Azure had counted when it answered this one. */
  countedWith(sent: Sent): { readonly atLeast: number; readonly atMost: number };
}

// Timers may fire a moment early.
const marginMs = 20;

/** An empty window of that length. */
export function sentRequests(clock: MonotonicClock, windowMs: number): SentRequests {
  let requests: Sent[] = [];
  let order = 0;

  /**
   * Azure counts a request at an unknown moment between sending and answer. The duration of the fastest recent request
   * can be left out: the next request will need it as well.
   */
  function freed(now: number, inOrder: boolean): readonly number[] {
    const quickestMs = Math.min(
      ...requests.flatMap(({ at, answered }) => (answered === undefined ? [] : [answered.at - at])),
    );
    let laterAnswered = now;
    return requests.toReversed().map(({ at, answered }) => {
      const countedBy = Math.min(answered?.at ?? now, inOrder ? laterAnswered : now);
      laterAnswered = countedBy;
      return at + windowMs + marginMs + Math.max(0, countedBy - at - quickestMs);
    });
  }

  return {
    open() {
      order += 1;
      const sent: Sent = { at: clock.now(), order, answered: undefined };
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
    places(inOrder) {
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
