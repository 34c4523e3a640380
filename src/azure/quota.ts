import type { MonotonicClock } from './clock.ts';
import { type QuotaReading, quotaWindow } from './quota-window.ts';

/** Permission to send one request. It must be released with the quota that was read; `undefined` without an answer. */
export interface Ticket {
  release(reading: QuotaReading | undefined): void;
}

/** The quota stays closed for longer than may be waited. */
export class QuotaClosed extends Error {
  override readonly name = 'QuotaClosed';
  readonly forMs: number;

  constructor(forMs: number) {
    super(`the quota is closed for another ${forMs} ms`);
    this.forMs = forMs;
  }
}

/** Lets requests through as fast as the quota allows, in the order in which they come. */
export interface Governor {
  /** Throws `QuotaClosed` where the wait would last until `until` or longer, by the governor's clock. */
  admit(signal: AbortSignal, onWait: (milliseconds: number) => void, until?: number): Promise<Ticket>;
}

type Admission = Parameters<Governor['admit']>;

/**
 * A governor of its own sliding window: the header that tells when quota comes back counts whole seconds, and waiting
 * for it would cost a fifth of the speed. The headers correct the window where they contradict it: another program
 * that draws on the same quota, a quota other than the documented one, a 429.
 */
export function quotaGovernor(clock: MonotonicClock): Governor {
  let alarm = new AbortController();
  const window = quotaWindow(clock, () => {
    alarm.abort();
  });
  let last: Promise<unknown> = Promise.resolve();

  async function sleep(wait: number, signal: AbortSignal): Promise<void> {
    alarm = new AbortController();
    const woken = AbortSignal.any([signal, alarm.signal]);
    await clock.sleep(wait, woken);
    signal.throwIfAborted();
  }

  async function waitForTurn(...[signal, onWait, until = Infinity]: Admission): Promise<Ticket> {
    signal.throwIfAborted();
    for (let wait = window.waitMs(); wait > 0; wait = window.waitMs()) {
      if (clock.now() + wait >= until) throw new QuotaClosed(wait);
      onWait(wait);
      await sleep(wait, signal);
    }
    const sent = window.open();
    return { release: (reading) => window.release(sent, reading) };
  }

  return {
    admit(...admission) {
      const turn = last.then(() => waitForTurn(...admission));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
