import { setTimeout as timer } from 'node:timers/promises';
import { RestError } from '@azure/core-rest-pipeline';

import type { Sleep } from '../model/clock.ts';

/** Clock and randomness, injected so that waiting can be tested without waiting. */
export interface MonotonicClock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number;
  readonly sleep: Sleep;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

/** A longer timer would fire immediately. */
const longestTimerMs = 2 ** 31 - 1;

/** Waits in real time. */
export const sleep: Sleep = async (milliseconds, signal) => {
  try {
    await timer(Math.min(longestTimerMs, milliseconds), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

/** The clock of the machine. */
export const systemClock: MonotonicClock = {
  now: () => performance.now(),
  sleep,
  random: () => Math.random(),
};

/** A signal that aborts with another one, or after some time. `release` must be called: both would hold on to it. */
export interface TimedSignal {
  readonly signal: AbortSignal;
  /** The error of a request that this ended for being late; `undefined` where it did not. */
  late(): RestError | undefined;
  release(): void;
}

/** Aborts with `outer`, or `withinMs` from now. */
export function timedSignal(outer: AbortSignal, withinMs: number): TimedSignal {
  const controller = new AbortController();
  let isLate = false;
  const forward = (): void => controller.abort(outer.reason);
  const timer = setTimeout(
    () => {
      isLate = true;
      controller.abort();
    },
    Math.min(longestTimerMs, withinMs),
  );
  outer.addEventListener('abort', forward, { once: true });
  if (outer.aborted) forward();
  return {
    signal: controller.signal,
    late: () => (isLate ? new RestError('no whole answer in time', { code: 'ETIMEDOUT' }) : undefined),
    release() {
      clearTimeout(timer);
      outer.removeEventListener('abort', forward);
    },
  };
}
