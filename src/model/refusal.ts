/** Azure's answer when it would not do what was asked. `status` is 0 when no answer came. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  /** How long Azure asks to wait; absent when it does not say. */
  readonly retryAfterMs?: number;
  /** Names of the policies that deny the request. */
  readonly policies: readonly string[];
}
