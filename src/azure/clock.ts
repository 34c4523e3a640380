import { setTimeout as timer } from 'node:timers/promises';
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
