import type { Clock } from './clock.ts';

/** A request that Azure may have counted. */
export interface Sent {
  readonly at: number;
  /** Of all that was sent and answered, the how manieth: clocks are too coarse to tell what came first. */
  readonly order: number;
  answered: { readonly at: number; readonly order: number } | undefined;
}

/** The requests of the last seconds, seen as a sliding window of Azure's. */
export interface SentRequests {
  open(): Sent;
  answer(sent: Sent): void;
  /** Azure refused the request, and so did not count it. */
  drop(sent: Sent): void;
  /** When each place that is taken now will be free, soonest first. */
  places(countedLate: boolean): readonly number[];
  /** How many requests Azure must, and can at most, have counted when it answered this one. */
  countedWith(sent: Sent): { readonly atLeast: number; readonly atMost: number };
}

// Timers may fire a moment early.
const marginMs = 20;

/** An empty window of that length. */
export function sentRequests(clock: Clock, windowMs: number): SentRequests {
  let requests: Sent[] = [];
  let order = 0;
  let quickestMs = Number.POSITIVE_INFINITY;

  /**
   * Azure counts a request somewhere between sending and answer. As long as the way there takes as long for one as for
   * another, that does not matter; once it has been seen to matter, a slow request holds its place for longer.
   */
  function freedAt({ at, answered }: Sent, countedLate: boolean): number {
    const lateMs = countedLate ? Math.max(0, (answered?.at ?? clock.now()) - at - quickestMs) : 0;
    return at + windowMs + marginMs + lateMs;
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
      quickestMs = Math.min(quickestMs, sent.answered.at - sent.at);
    },
    drop(sent) {
      requests = requests.filter((other) => other !== sent);
    },
    places(countedLate) {
      const now = clock.now();
      requests = requests.filter(({ answered }) => (answered?.at ?? now) + 2 * windowMs > now);
      const freed = requests.map((sent) => freedAt(sent, countedLate)).filter((at) => at > now);
      return freed.toSorted((one, other) => one - other);
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
