import { setImmediate } from 'node:timers/promises';
import type { Piecewise } from '../../iac/piecewise.ts';

/** So long, in milliseconds, other work may have to wait for a turn. */
const turn = 25;

/**
 * Does work piece by piece and lets everything else of the process, Ctrl-C above all, have a turn in between.
 * `undefined` when `signal` aborts before the end.
 */
export async function inTurns<T>(work: Piecewise<T>, signal: AbortSignal): Promise<T | undefined> {
  let began = performance.now();
  for (;;) {
    if (signal.aborted) return undefined;
    const piece = work.next();
    if (piece.done === true) return piece.value;
    if (performance.now() - began < turn) continue;
    await setImmediate();
    began = performance.now();
  }
}
