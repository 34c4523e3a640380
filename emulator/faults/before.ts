import { setTimeout as delay } from 'node:timers/promises';
import { graphErrorResponse, rateLimited, type GraphFailure } from '../resource-graph/errors.ts';
import { invalidSkipToken } from '../resource-graph/skip-token.ts';
import { armError, json } from '../responses.ts';
import { findSubscription } from '../tenant.ts';
import type { World } from '../world.ts';
import { ConnectionReset, type Fault } from './fault.ts';

type StatusFault = Extract<Fault, { readonly kind: 'status' }>;

/** What a fault does before the request is answered. An answer here takes the place of the real one. */
export async function injectBefore(fault: Fault, path: string, world: World): Promise<Response | undefined> {
  switch (fault.kind) {
    case 'status':
      return statusAnswer(fault, path, world);
    case 'resetBeforeHeaders':
      throw new ConnectionReset();
    case 'expiredSkipToken':
      return graphErrorResponse(invalidSkipToken().failure, world, {});
    case 'slow':
      await delay(fault.ms);
      return undefined;
    case 'deny': {
      const subscription = findSubscription(world.tenant, fault.subscriptionId);
      if (subscription !== undefined) subscription.access = 'denied';
      return undefined;
    }
    case 'hook':
      await fault.run(world.tenant);
      return undefined;
    default:
      return undefined;
  }
}

function statusAnswer(fault: StatusFault, path: string, world: World): Response {
  const headers: Record<string, string> = {
    ...fault.headers,
    ...(fault.retryAfter !== undefined && { 'retry-after': String(fault.retryAfter) }),
  };
  if (fault.body !== undefined) return json(fault.body, { status: fault.status, headers });
  if (fault.text !== undefined)
    return new Response(fault.text, {
      status: fault.status,
      headers: { 'content-type': 'text/html', ...headers },
    });
  const { status } = fault;
  const code = fault.code ?? codes[status] ?? 'Error';
  const message = fault.message ?? 'The server could not answer the request.';
  if (!/\/providers\/Microsoft\.ResourceGraph\//i.test(path))
    return armError({ status, code, message, headers });
  const failure: GraphFailure = { status, code, details: [{ code, message }] };
  const throttled = { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:05' };
  if (status !== 429) return graphErrorResponse(failure, world, headers);
  return graphErrorResponse(fault.code === undefined ? rateLimited : failure, world, {
    ...throttled,
    ...headers,
  });
}

const codes: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'InvalidAuthenticationToken',
  403: 'AuthorizationFailed',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};
