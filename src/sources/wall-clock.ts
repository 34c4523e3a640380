import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../model/clock.ts';

/** The time of day, and waiting that an abort merely ends. */
export const wallClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
