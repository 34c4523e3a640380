/** Time, as an argument. */
export interface Clock {
  now(): Date;
  /** Waits; ends early, without an error, when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
