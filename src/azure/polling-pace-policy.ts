import type { PipelinePolicy } from '@azure/core-rest-pipeline';

import { readQuota } from './quota-headers.ts';

/**
 * Lets no answer that is a success ask for a longer wait than this. `@azure/core-lro` 3.3.1 hands the `Retry-After` of a
 * long-running operation to a timer as it is; one of more than 24 days overflows, and it polls each millisecond.
 */
export function pollingPacePolicy(longestMs: number): PipelinePolicy {
  return {
    name: 'pollingPace',
    async sendRequest(request, next) {
      const response = await next(request);
      const { retryAfterMs = 0 } = readQuota(response.status, (name) => response.headers.get(name));
      if (retryAfterMs > longestMs) response.headers.set('retry-after', String(Math.ceil(longestMs / 1000)));
      return response;
    },
  };
}
