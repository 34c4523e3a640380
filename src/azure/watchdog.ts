import { RestError, type PipelinePolicy } from '@azure/core-rest-pipeline';

/**
 * Ends a request that gets no whole answer in time, or that is aborted. The node client needs this: when a compressed
 * answer breaks off, it waits for the rest for ever.
 */
export function watchdogPolicy(withinMs: number): PipelinePolicy {
  return {
    name: 'watchdog',
    async sendRequest(request, next) {
      const asked = request.abortSignal;
      const controller = new AbortController();
      const seconds = Math.round(withinMs / 1000);
      const late = new RestError(`no whole answer within ${seconds} seconds`, { code: 'ETIMEDOUT', request });
      const forward = (): void => {
        controller.abort(new DOMException('The request was aborted.', 'AbortError'));
      };
      const timer = setTimeout(() => {
        controller.abort(late);
      }, withinMs);
      asked?.addEventListener('abort', forward);
      if (asked?.aborted === true) forward();
      request.abortSignal = controller.signal;
      try {
        return await Promise.race([next(request), rejectOn(controller.signal)]);
      } finally {
        // Nothing may hold on to the request: its answer can be megabytes.
        clearTimeout(timer);
        asked?.removeEventListener('abort', forward);
      }
    },
  };
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
