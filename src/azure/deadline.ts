import { RestError } from '@azure/core-rest-pipeline';

/** A signal that aborts with another one, or after some time. `release` must be called: both would hold on to it. */
export interface TimedSignal {
  readonly signal: AbortSignal;
  /** The error of a request that this ended for being late; `undefined` where it did not. */
  late(): RestError | undefined;
  release(): void;
}

/** Aborts with `outer`, or `withinMs` from now. */
export function timedSignal(outer: AbortSignal, withinMs: number): TimedSignal {
  const controller = new AbortController();
  let isLate = false;
  const forward = (): void => controller.abort(outer.reason);
  const timer = setTimeout(
    () => {
      isLate = true;
      controller.abort();
    },
    Math.min(longestTimerMs, withinMs),
  );
  outer.addEventListener('abort', forward, { once: true });
  if (outer.aborted) forward();
  return {
    signal: controller.signal,
    late: () => (isLate ? new RestError('no whole answer in time', { code: 'ETIMEDOUT' }) : undefined),
    release() {
      clearTimeout(timer);
      outer.removeEventListener('abort', forward);
    },
  };
}

/** A longer timer would go off at once. */
const longestTimerMs = 2 ** 31 - 1;
