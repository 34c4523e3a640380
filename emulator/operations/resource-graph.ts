import type { Operation, OperationRequest } from '../operation.ts';
import { answerQuery } from '../resource-graph/answer.ts';
import { GraphError, graphErrorResponse, rateLimited, type GraphFailure } from '../resource-graph/errors.ts';
import { quotaHeaders } from '../resource-graph/quota.ts';
import { json } from '../responses.ts';
import type { World } from '../world.ts';

/** `POST /providers/Microsoft.ResourceGraph/resources`: runs the query it is sent. */
export const queryResourceGraph: Operation = {
  method: 'POST',
  path: '/providers/Microsoft.ResourceGraph/resources',
  apiVersions: ['2019-04-01', '2021-03-01', '2022-10-01', '2024-04-01'],
  handle: (request, world) => {
    const quota = world.quota.take(world.now());
    const headers = quotaHeaders(quota);
    if (!quota.admitted) {
      const seconds = String(Math.ceil(quota.resetsAfterMs / 1000));
      const wait: Record<string, string> =
        world.options.retryAfter === true ? { 'retry-after': seconds } : {};
      return graphErrorResponse(rateLimited, world, { ...headers, ...wait });
    }
    return run(request, world, headers);
  },
};

// The service answers 500, not 415, to anything but JSON.
const notJson: GraphFailure = {
  status: 500,
  code: 'InternalServerError',
  details: [
    { code: 'InternalServerError', message: 'Unexpected content type; application/json is expected.' },
  ],
};

function run(request: OperationRequest, world: World, headers: Record<string, string>): Response {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    return graphErrorResponse(notJson, world, headers);
  }
  try {
    const { page, limited } = answerQuery(request.body, world);
    const hit: Record<string, string> = limited ? { 'x-ms-tenant-subscription-limit-hit': 'true' } : {};
    return json(page, { headers: { ...headers, ...hit } });
  } catch (error) {
    if (error instanceof GraphError) return graphErrorResponse(error.failure, world, headers);
    throw error;
  }
}
