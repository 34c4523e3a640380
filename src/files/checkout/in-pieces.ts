import { setImmediate } from 'node:timers/promises';
import type { Piecewise } from '../../iac/piecewise.ts';

/** The longest time, in milliseconds, that other work of the process waits. */
const longestSlice = 25;

/**
 * Does work piece by piece and lets the rest of the process, such as Ctrl-C, run in between.
 * `undefined` when `signal` aborts before the end.
 */
export async function inPieces<T>(work: Piecewise<T>, signal: AbortSignal): Promise<T | undefined> {
  let began = performance.now();
  for (;;) {
    if (signal.aborted) return undefined;
    const piece = work.next();
    if (piece.done === true) return piece.value;
    if (performance.now() - began < longestSlice) continue;
    await setImmediate();
    began = performance.now();
  }
}
