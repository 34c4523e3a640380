/** What a read has cost so far. `waitMs` is time spent because Azure throttles. */
interface Cost {
  queries: number;
  pages: number;
  retries: number;
  waitMs: number;
}

/** One read of Azure from beginning to end: what may stop it, what it costs, and who is told of waiting. */
export interface Session {
  readonly signal: AbortSignal;
  readonly cost: Cost;
  readonly onWait: (milliseconds: number) => void;
}
