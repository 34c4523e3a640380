/** Waits; ends early, without an error, when `signal` aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Time, as an argument. */
export interface Clock {
  now(): Date;
  readonly sleep: Sleep;
}
