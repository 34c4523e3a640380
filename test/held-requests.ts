import { setTimeout as delay } from 'node:timers/promises';
import type { Emulator } from '../emulator/index.ts';

/** Requests that the emulator took and does not answer until they are released. */
export interface HeldRequests {
  /** Resolves when the first one has come; rejects where the client ends before. */
  readonly reached: (ended: Promise<unknown>) => Promise<void>;
  /** Answers those that are held, and from now on every other. */
  readonly release: () => void;
  /** How many requests have matched, held or not. */
  readonly taken: () => number;
}

/** Holds every request that matches, but for the first `pass` of them. */
export function holdRequests(
  azure: Pick<Emulator, 'inject'>,
  match: { readonly method?: string; readonly path?: RegExp },
  pass = 0,
): HeldRequests {
  let taken = 0;
  const [reached, gate] = [signal(), signal()];
  const run = async (): Promise<void> => {
    taken += 1;
    if (taken <= pass) return;
    reached.give();
    await gate.given;
  };
  azure.inject({ match, times: Number.MAX_SAFE_INTEGER, kind: 'hook', run });
  const what = `a request like ${match.method ?? ''} ${String(match.path ?? '')}`.trim();
  const endedBefore = async (ended: Promise<unknown>): Promise<never> => {
    throw new Error(`no ${what} came (${pass} may pass), but this: ${JSON.stringify(await ended)}`);
  };
  return {
    reached: (ended) => Promise.race([reached.given, endedBefore(ended)]),
    release: gate.give,
    taken: () => taken,
  };
}

/** Waits until something holds that nobody reports, however slow the machine is. */
export async function waitUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(20);
}

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}
