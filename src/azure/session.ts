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
