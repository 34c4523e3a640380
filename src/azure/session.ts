/** The cost of a read so far. `waitMs` is time spent because Azure throttles. */
interface Cost {
  queries: number;
  pages: number;
  retries: number;
  waitMs: number;
}

/** One read of Azure from beginning to end: its signal, its cost, and a callback for waiting. */
export interface Session {
  readonly signal: AbortSignal;
  readonly cost: Cost;
  readonly onWait: (milliseconds: number) => void;
}

/** A session whose cost and waits are not reported. */
export function quietSession(signal: AbortSignal): Session {
  return {
    signal,
    cost: { queries: 0, pages: 0, retries: 0, waitMs: 0 },
    onWait: () => undefined,
  };
}
