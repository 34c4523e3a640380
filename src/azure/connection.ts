import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import {
  bearerTokenAuthenticationPolicyName,
  createDefaultHttpClient,
  createPipelineFromOptions,
  type HttpClient,
  type Pipeline,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';

import { bearer } from './bearer.ts';
import { systemClock, type MonotonicClock } from './clock.ts';
import type { Cloud as CloudName } from '../model/settings.ts';
import { defaultRequestTimeoutMs } from '../model/retry.ts';
import { clouds, type Cloud } from './cloud.ts';
import { logAzure } from './debug-log.ts';
import { errorAnswerPolicy } from './error-answer-policy.ts';
import { pollingPacePolicy } from './polling-pace-policy.ts';
import { checkProxySettings } from './proxy-settings.ts';
import { quotaGovernor, type Governor } from './quota.ts';
import { signIn } from './sign-in/credential.ts';
import { watchdogPolicy } from './watchdog.ts';

export type AzureHttpClient = HttpClient;
type AzureCredential = TokenCredential;

/** Options of a connection. Everything but the cloud and the version has a default that is right outside of tests. */
export interface ConnectOptions {
  readonly cloud: CloudName;
  /** purgeproof's own version, for the user agent. */
  readonly version: string;
  readonly credential?: AzureCredential | undefined;
  readonly httpClient?: AzureHttpClient | undefined;
  readonly clock?: MonotonicClock | undefined;
  /** The time that one request may take, with every retry and every wait. */
  readonly requestTimeoutMs?: number | undefined;
  /** Gets the log of the Azure SDKs, a line at a time, without tokens. */
  readonly debug?: ((line: string) => void) | undefined;
}

/** Replacements for the credential, the network and the clock: the demo and the tests use the emulator through them. */
export type AzureOverrides = Pick<ConnectOptions, 'credential' | 'httpClient' | 'clock'>;

/** A way into one Azure cloud as one identity. Opaque outside of src/azure. */
export interface AzureConnection {
  readonly cloud: Cloud;
  readonly clock: MonotonicClock;
  readonly governor: Governor;
  readonly requestTimeoutMs: number;
  readonly graph: ResourceGraphClient;
  /** Reads and changes single vaults and managed HSMs of a subscription. */
  readonly keyVault: (subscriptionId: string) => KeyVaultManagementClient;
  readonly credential: TokenCredential;
  /** For requests to ARM that no stable SDK client can send, or whose client misreads the answer. */
  readonly arm: { readonly pipeline: Pipeline; readonly httpClient: HttpClient };
  /** Makes the next request ask for a new token. */
  renewToken(): void;
}

const answerWithinMs = 100_000;

/** Prepares the connection; nothing is sent before the first read. Throws `AzureError` for a wrong environment. */
export function connect(options: ConnectOptions): AzureConnection {
  checkProxySettings(process.env);
  logAzure(options.debug);
  const cloud = clouds[options.cloud];
  const credential = options.credential ?? signIn(cloud, { httpClient: options.httpClient });
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const clock = options.clock ?? systemClock;
  const requestTimeoutMs = options.requestTimeoutMs ?? defaultRequestTimeoutMs;
  const token = bearer(credential, cloud.armScope);
  const common = {
    endpoint: cloud.armEndpoint,
    httpClient,
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `purgeproof/${options.version}` },
  };
  const equip = (pipeline: Pipeline): Pipeline => {
    pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
    // Inside of what reads bodies, outside of what follows redirections and renews tokens.
    pipeline.addPolicy(pollingPacePolicy(requestTimeoutMs), { phase: 'Retry' });
    pipeline.addPolicy(errorAnswerPolicy, { phase: 'Retry' });
    pipeline.addPolicy(token.policy, { phase: 'Sign' });
    pipeline.addPolicy(watchdogPolicy(Math.min(answerWithinMs, requestTimeoutMs)), { afterPhase: 'Sign' });
    return pipeline;
  };
  const graph = new ResourceGraphClient(credential, common);
  const keyVaults = new Map<string, KeyVaultManagementClient>();
  equip(graph.pipeline);
  return {
    cloud,
    clock,
    governor: quotaGovernor(clock),
    requestTimeoutMs,
    graph,
    keyVault: (subscriptionId) => {
      const known = keyVaults.get(subscriptionId);
      if (known !== undefined) return known;
      const client = new KeyVaultManagementClient(credential, subscriptionId, common);
      equip(client.pipeline);
      keyVaults.set(subscriptionId, client);
      return client;
    },
    credential,
    arm: { pipeline: equip(createPipelineFromOptions(common)), httpClient },
    renewToken: () => {
      token.renew();
    },
  };
}
