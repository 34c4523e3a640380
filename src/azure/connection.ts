import type { KeyVaultManagementClient } from '@azure/arm-keyvault';
import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { HttpClient, Pipeline } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { Cloud } from '../model/cloud.ts';
import type { Identity } from '../model/identity.ts';
import type { MonotonicClock } from './clock.ts';
import type { CloudEndpoints } from './cloud-endpoints.ts';
import type { Governor } from './quota.ts';

export type AzureHttpClient = HttpClient;
type AzureCredential = TokenCredential;

/** Options of a connection. Everything but the cloud and the version has a default that is right outside of tests. */
export interface ConnectOptions {
  readonly cloud: Cloud;
  /** purgeproof's own version, for the user agent. */
  readonly version: string;
  readonly credential?: AzureCredential | undefined;
  readonly httpClient?: AzureHttpClient | undefined;
  readonly clock?: MonotonicClock | undefined;
  /** The time that one request may take, with every retry and every wait. */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * The time that the data plane of a vault has to answer one request. Firewalls and private endpoints of others leave a
   * connection hanging: it has less time than ARM, so that vaults out of reach do not cost minutes.
   */
  readonly vaultTimeoutMs?: number | undefined;
  /** The id of the tenant to sign in to; where it is left out, the sign-in decides. */
  readonly tenantId?: string | undefined;
  /** Is told once as whom Azure is read. */
  readonly onSignedIn?: ((identity: Identity) => void) | undefined;
  /** Gets the log of the Azure SDKs, a line at a time, without tokens. */
  readonly debug?: ((line: string) => void) | undefined;
  /** Gets a line for each request that is answered or has failed, those of the sign-in included, without secrets. */
  readonly onExchange?: ((line: string) => void) | undefined;
}

/** Replacements for the credential, the network and the clock: the demo and the tests use the emulator through them. */
export type AzureOverrides = Pick<ConnectOptions, 'credential' | 'httpClient' | 'clock'>;

/** A way into one Azure cloud as one identity. Opaque outside of src/azure. */
export interface AzureConnection {
  readonly cloud: CloudEndpoints;
  readonly clock: MonotonicClock;
  readonly governor: Governor;
  readonly requestTimeoutMs: number;
  readonly graph: ResourceGraphClient;
  /** Reads and changes single vaults and managed HSMs of a subscription. */
  readonly keyVault: (subscriptionId: string) => Promise<KeyVaultManagementClient>;
  readonly credential: TokenCredential;
  /**
   * For requests that no stable SDK client can send, or whose client misreads the answer: to ARM, or, of a connection to a
   * vault, to its data plane. `cloud.armEndpoint` is where they go.
   */
  readonly arm: { readonly pipeline: Pipeline; readonly httpClient: HttpClient };
  /**
   * The same identity at the data plane of one vault, with a token for vaults. `endpoint` is its origin, which must have been
   * checked to be one of this cloud's: whatever is there gets the token.
   */
  vault(endpoint: string): AzureConnection;
  /** True where a host that cannot be reached is not tried again. */
  readonly isReachedOrNot?: true;
  /** Signs in before the first request, which then has its token. What fails is told by the first request. */
  beginSignIn(signal: AbortSignal): void;
  /** Makes the next request ask for a new token. */
  renewToken(): void;
}
