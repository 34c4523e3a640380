import {
  bearerTokenAuthenticationPolicy,
  bearerTokenAuthenticationPolicyName,
  type Pipeline,
  type PipelinePolicy,
  RestError,
} from '@azure/core-rest-pipeline';
import type { AccessToken, TokenCredential } from '@azure/identity';

import { readQuota } from './quota-window.ts';

/** Puts a token on every request. */
export interface Bearer {
  readonly policy: PipelinePolicy;
  /** Asks for the token of the first request, before there is one; a failure is that of the first request. */
  begin(signal: AbortSignal): void;
  /** Forgets the token in use, so that the next request asks for a new one. */
  renew(): void;
}

/** `onToken` gets the token of each request. The SDK's own policy keeps a token until it is about to expire, even when Azure has refused it: see `renew`. */
export function bearer(
  credential: TokenCredential,
  scope: string,
  onToken: (token: string) => void = () => undefined,
): Bearer {
  let begun: Promise<AccessToken | null> | undefined;
  const getToken: TokenCredential['getToken'] = (scopes, options) => {
    const asked = begun ?? credential.getToken(scopes, options);
    begun = undefined;
    return asked;
  };
  const fresh = (): PipelinePolicy =>
    bearerTokenAuthenticationPolicy({ credential: { getToken }, scopes: scope });
  let current = fresh();
  return {
    begin(signal) {
      begun = credential.getToken(scope, { abortSignal: signal, enableCae: true });
      begun.catch(() => undefined);
    },
    policy: {
      name: bearerTokenAuthenticationPolicyName,
      sendRequest: (request, next) =>
        current.sendRequest(request, (signed) => {
          onToken(signed.headers.get('authorization')?.replace(/^Bearer /i, '') ?? '');
          return next(signed);
        }),
    },
    renew() {
      current = fresh();
    },
  };
}

/**
 * Ends a request that gets no whole answer in time, or that is aborted. The node client needs this: when a compressed
 * answer breaks off, it waits for the rest forever.
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
        // The retry policy of the SDK takes a request that was late for one that its caller has aborted.
        if (asked === undefined) delete request.abortSignal;
        else request.abortSignal = asked;
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

/**
 * Turns every answer that is not a success into a `RestError` before an SDK client reads its body. The clients expect
 * Azure's shape there: a gateway's `{}` makes `@azure/arm-resourcegraph` 5.0.0 throw a TypeError, which has no status.
 */
const errorAnswerPolicy: PipelinePolicy = {
  name: 'errorAnswer',
  async sendRequest(request, next) {
    const response = await next(request);
    const { status } = response;
    if (status >= 200 && status < 300) return response;
    throw new RestError(`HTTP ${status}`, { statusCode: status, request, response });
  },
};

/**
 * Lets no answer that is a success ask for a longer wait than this. `@azure/core-lro` 3.3.1 hands the `Retry-After` of a
 * long-running operation to a timer as it is; one of more than 24 days overflows, and it polls each millisecond.
 */
function pollingPacePolicy(longestMs: number): PipelinePolicy {
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

/** The particulars of requests to one service. */
interface Service {
  readonly token: Bearer;
  readonly withinMs: number;
  readonly requestTimeoutMs: number;
  /** The policy that tells each request, if it is to be told. */
  readonly log: readonly PipelinePolicy[];
}

/** Gives a pipeline the policies of a service, in place of the SDK's own for tokens. */
export function equip(pipeline: Pipeline, { token, withinMs, requestTimeoutMs, log }: Service): Pipeline {
  pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
  // Inside of what reads bodies, outside of what follows redirections and renews tokens.
  pipeline.addPolicy(pollingPacePolicy(requestTimeoutMs), { phase: 'Retry' });
  pipeline.addPolicy(errorAnswerPolicy, { phase: 'Retry' });
  pipeline.addPolicy(token.policy, { phase: 'Sign' });
  for (const policy of log) pipeline.addPolicy(policy, { afterPhase: 'Sign' });
  pipeline.addPolicy(watchdogPolicy(Math.min(withinMs, requestTimeoutMs)), { afterPhase: 'Sign' });
  return pipeline;
}
