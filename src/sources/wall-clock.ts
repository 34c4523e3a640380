import { sleep } from '../azure/clock.ts';
import type { Clock } from '../model/clock.ts';

/** The time of day of the machine. */
export const wallClock: Clock = { now: () => new Date(), sleep };
