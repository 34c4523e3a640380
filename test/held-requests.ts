import type { Emulator } from '../emulator/index.ts';

/** Requests that the emulator took and does not answer until they are released. */
export interface HeldRequests {
  /** Resolves when the first one has come; rejects where none comes in time. */
  readonly reached: () => Promise<void>;
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
  return {
    reached: () => within(reached.given, `${what} (${pass} may pass)`),
    release: gate.give,
    taken: () => taken,
  };
}

const patience = 30_000;

/** Waits for something that is about to happen, and says what did not. */
export async function within<T>(happening: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patience / 1000} s in vain for ${what}`)), patience);
  });
  return Promise.race([happening, late]).finally(() => clearTimeout(timer));
}

/** Waits until something holds that nobody reports, and says what did not. */
export async function waitUntil(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + patience;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited ${patience / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}
