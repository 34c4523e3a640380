import { RestError, type PipelinePolicy } from '@azure/core-rest-pipeline';

/**
 * Ends a request that gets no whole answer in time, or that is aborted. The node client needs this: when a compressed
 * answer breaks off, it waits for the rest for ever.
 */
export function watchdogPolicy(withinMs: number): PipelinePolicy {
  return {
    name: 'watchdog',
    async sendRequest(request, next) {
      const late = AbortSignal.timeout(withinMs);
      const asked = request.abortSignal instanceof AbortSignal ? [request.abortSignal] : [];
      const ended = AbortSignal.any([late, ...asked]);
      request.abortSignal = ended;
      return Promise.race([next(request), rejectOn(ended)]).catch((error: unknown) => {
        if (!late.aborted || asked.some(({ aborted }) => aborted)) throw error;
        const seconds = Math.round(withinMs / 1000);
        throw new RestError(`no whole answer within ${seconds} seconds`, { code: 'ETIMEDOUT', request });
      });
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
