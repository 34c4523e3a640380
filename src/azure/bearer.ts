import {
  bearerTokenAuthenticationPolicy,
  bearerTokenAuthenticationPolicyName,
  type PipelinePolicy,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';

/** Puts a token on every request. */
export interface Bearer {
  readonly policy: PipelinePolicy;
  /** Forgets the token in use, so that the next request asks for a new one. */
  renew(): void;
}

/** The SDK's own policy keeps a token until it is about to expire, even when Azure has refused it: see `renew`. */
export function bearer(credential: TokenCredential, scope: string): Bearer {
  const fresh = (): PipelinePolicy => bearerTokenAuthenticationPolicy({ credential, scopes: scope });
  let current = fresh();
  return {
    policy: {
      name: bearerTokenAuthenticationPolicyName,
      sendRequest: (request, next) => current.sendRequest(request, next),
    },
    renew() {
      current = fresh();
    },
  };
}
