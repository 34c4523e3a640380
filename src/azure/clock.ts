import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance, injected so that waiting can be tested without waiting. */
export interface MonotonicClock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number;
  /** Rejects with an `AbortError` as soon as `signal` aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

/** A longer timer would go off at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of the machine. */
export const systemClock: MonotonicClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(Math.min(longestTimerMs, milliseconds), undefined, { signal }),
  random: () => Math.random(),
};
