import { setImmediate as turn } from 'node:timers/promises';

import type { AzureHttpClient } from '../../src/azure/connection.ts';
import type { MonotonicClock } from '../../src/azure/clock.ts';

/** A clock that leaps to the next wake-up as soon as nothing else is going on. */
export interface FakeClock extends MonotonicClock {
  advance(milliseconds: number): void;
  /** Requests under way keep time from passing. */
  watch(client: AzureHttpClient): AzureHttpClient;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function fakeClock(start = 0): FakeClock {
  let now = start;
  let underWay = 0;
  let leaping = false;
  const sleepers = new Set<Sleeper>();

  async function leap(): Promise<void> {
    for (let quiet = 0; sleepers.size > 0;) {
      await turn();
      quiet = underWay === 0 ? quiet + 1 : 0;
      if (quiet < 5) continue;
      const [next] = [...sleepers].toSorted((one, other) => one.at - other.at);
      if (next === undefined) break;
      sleepers.delete(next);
      now = Math.max(now, next.at);
      next.wake();
      quiet = 0;
    }
    leaping = false;
  }

  return {
    now: () => now,
    random: () => 0.5,
    advance(milliseconds) {
      now += milliseconds;
    },
    sleep(milliseconds, signal) {
      return new Promise((resolve) => {
        const abort = (): void => {
          sleepers.delete(sleeper);
          resolve();
        };
        const wake = (): void => {
          signal.removeEventListener('abort', abort);
          resolve();
        };
        const sleeper = { at: now + milliseconds, wake };
        if (signal.aborted) return abort();
        signal.addEventListener('abort', abort, { once: true });
        sleepers.add(sleeper);
        if (!leaping) {
          leaping = true;
          void leap();
        }
      });
    },
    watch: (client) => ({
      async sendRequest(request) {
        underWay += 1;
        try {
          return await client.sendRequest(request);
        } finally {
          underWay -= 1;
        }
      },
    }),
  };
}
