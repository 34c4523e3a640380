import { format } from 'node:util';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import {
  bearerTokenAuthenticationPolicyName,
  createDefaultHttpClient,
  createPipelineFromOptions,
  type HttpClient,
  type Pipeline,
  redirectPolicyName,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { AzureLogger, setLogLevel } from '@azure/logger';
import {
  type Bearer,
  bearer,
  errorAnswerPolicy,
  pollingPacePolicy,
  watchdogPolicy,
} from './pipeline-policies.ts';
import { type MonotonicClock, systemClock } from './clock.ts';
import { type CloudEndpoints, cloudEndpoints } from './cloud-endpoints.ts';
import { type Governor, quotaGovernor } from './quota.ts';
import type { Cloud } from '../model/cloud.ts';
import { defaultRequestTimeoutMs, defaultVaultTimeoutMs } from '../model/retry.ts';
import { UsageError } from '../model/errors.ts';
import { signIn } from './sign-in/credential.ts';
import { redact } from '../reporters/text/redaction.ts';
import { terminalText } from '../reporters/text/terminal.ts';

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
  /** Gets the log of the Azure SDKs, a line at a time, without tokens. */
  readonly debug?: ((line: string) => void) | undefined;
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
  readonly keyVault: (subscriptionId: string) => KeyVaultManagementClient;
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
  /** Makes the next request ask for a new token. */
  renewToken(): void;
}

const answerWithinMs = 100_000;

/** Prepares the connection; nothing is sent before the first read. Throws `AzureError` for a wrong environment. */
export function connect(options: ConnectOptions): AzureConnection {
  checkProxySettings(process.env);
  logAzure(options.debug);
  const cloud = cloudEndpoints[options.cloud];
  const credential = options.credential ?? signIn(cloud, { httpClient: options.httpClient });
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const clock = options.clock ?? systemClock;
  const requestTimeoutMs = options.requestTimeoutMs ?? defaultRequestTimeoutMs;
  const common = {
    endpoint: cloud.armEndpoint,
    httpClient,
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `purgeproof/${options.version}` },
  };
  const token = bearer(credential, cloud.armScope);
  const ofArm = { token, withinMs: answerWithinMs, requestTimeoutMs };
  const graph = new ResourceGraphClient(credential, common);
  equip(graph.pipeline, ofArm);
  const connection: Omit<AzureConnection, 'vault'> = {
    cloud,
    clock,
    governor: quotaGovernor(clock),
    requestTimeoutMs,
    graph,
    keyVault: once((subscriptionId) => {
      const client = new KeyVaultManagementClient(credential, subscriptionId, common);
      equip(client.pipeline, ofArm);
      return client;
    }),
    credential,
    arm: { pipeline: equip(createPipelineFromOptions(common), ofArm), httpClient },
    renewToken: () => {
      token.renew();
    },
  };
  const ofVaults = {
    token: bearer(credential, cloud.vaultScope),
    withinMs: options.vaultTimeoutMs ?? defaultVaultTimeoutMs,
    requestTimeoutMs,
  };
  const pipeline = equip(createPipelineFromOptions(common), ofVaults);
  // Key Vault redirects nothing. What it were led to could be a secret itself, or another object than the one that is purged.
  pipeline.removePolicy({ name: redirectPolicyName });
  return {
    ...connection,
    vault: (endpoint) => atVault(connection, { endpoint, pipeline, token: ofVaults.token }),
  };
}

/** The particulars of requests to one service. */
interface Service {
  readonly token: Bearer;
  readonly withinMs: number;
  readonly requestTimeoutMs: number;
}

function equip(pipeline: Pipeline, { token, withinMs, requestTimeoutMs }: Service): Pipeline {
  pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
  // Inside of what reads bodies, outside of what follows redirections and renews tokens.
  pipeline.addPolicy(pollingPacePolicy(requestTimeoutMs), { phase: 'Retry' });
  pipeline.addPolicy(errorAnswerPolicy, { phase: 'Retry' });
  pipeline.addPolicy(token.policy, { phase: 'Sign' });
  pipeline.addPolicy(watchdogPolicy(Math.min(withinMs, requestTimeoutMs)), { afterPhase: 'Sign' });
  return pipeline;
}

/** All data planes share a pipeline, and with it the token. */
function atVault(
  connection: Omit<AzureConnection, 'vault'>,
  {
    endpoint,
    pipeline,
    token,
  }: { readonly endpoint: string; readonly pipeline: Pipeline; readonly token: Bearer },
): AzureConnection {
  const { cloud, arm } = connection;
  return {
    ...connection,
    cloud: { ...cloud, armEndpoint: endpoint, armScope: cloud.vaultScope },
    arm: { ...arm, pipeline },
    isReachedOrNot: true,
    vault: (other) => atVault(connection, { endpoint: other, pipeline, token }),
    renewToken: () => {
      token.renew();
    },
  };
}

/** Makes a value for each key, and no second one. */
function once<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

/** The variables from which the Azure SDKs take a proxy; the first that is set holds. */
const variables = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'];

/** Refuses a proxy that is not a URL, on which the SDKs would fail without saying so. Never shows it: it may hold a password. */
function checkProxySettings(env: Readonly<Record<string, string | undefined>>): void {
  const variable = variables.find((name) => (env[name] ?? '') !== '');
  if (variable === undefined || isProxyUrl(env[variable] ?? '')) return;
  throw new UsageError(
    `The environment variable ${variable} is not the URL of an HTTP proxy.`,
    'Write it as http://HOST:PORT. A user and a password stand before the host as in any URL, with special characters percent-encoded (@ as %40, / as %2F, % as %25).',
  );
}

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && [username, password].every(isEncoded);
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Sends the log of the Azure SDKs to `write`, a line at a time, without tokens and secrets and with nothing that a
 * terminal or a build log would obey. There is one log a process. Without `write` the log goes where it always goes, to
 * standard error, and only when AZURE_LOG_LEVEL or DEBUG asks for it; nothing secret is in it then either.
 */
function logAzure(write: ((line: string) => void) | undefined): void {
  const log = write ?? writeToStandardError;
  AzureLogger.log = (...parts: unknown[]) => {
    for (const line of linesOf(format(...parts))) log(line);
  };
  if (write !== undefined) setLogLevel('info');
}

/** Redacted as a whole: a secret may be wrapped. */
function linesOf(text: string): readonly string[] {
  return redact(text)
    .trimEnd()
    .split(/\r\n|\n/)
    .map(terminalText);
}

function writeToStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}
