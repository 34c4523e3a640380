import { format } from 'node:util';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  type Pipeline,
  redirectPolicyName,
} from '@azure/core-rest-pipeline';
import { AzureLogger, setLogLevel } from '@azure/logger';
import { type Bearer, bearer, equip } from './pipeline-policies.ts';
import { systemClock } from './clock.ts';
import { exchangeLogPolicy } from './exchange-log.ts';
import { cloudEndpoints } from './cloud-endpoints.ts';
import type { AzureConnection, ConnectOptions } from './connection.ts';
import { adoptProxySettings } from './proxy-settings.ts';
import { quotaGovernor } from './quota.ts';
import { defaultRequestTimeoutMs, defaultVaultTimeoutMs } from '../model/retry.ts';
import { identityListener, inTenant } from './identity.ts';
import { signIn } from './sign-in/credential.ts';
import { redact } from '../reporters/text/redaction.ts';
import { terminalText } from '../reporters/text/terminal.ts';

const answerWithinMs = 100_000;

/** Prepares the connection; nothing is sent before the first read. Throws `AzureError` for a wrong environment. */
export function connect(options: ConnectOptions): AzureConnection {
  adoptProxySettings(process.env);
  logAzure(options.debug);
  const cloud = cloudEndpoints[options.cloud];
  const { tenantId, onExchange } = options;
  const clock = options.clock ?? systemClock;
  const log = onExchange === undefined ? [] : [exchangeLogPolicy(onExchange, clock)];
  const anywhere =
    options.credential ?? signIn(cloud, { httpClient: options.httpClient, tenantId, policies: log });
  const credential = tenantId === undefined ? anywhere : inTenant(anywhere, tenantId);
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const requestTimeoutMs = options.requestTimeoutMs ?? defaultRequestTimeoutMs;
  const common = {
    endpoint: cloud.armEndpoint,
    httpClient,
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `purgeproof/${options.version}` },
  };
  const token = bearer(credential, cloud.armScope, identityListener(options.onSignedIn));
  const ofArm = { token, withinMs: answerWithinMs, requestTimeoutMs, log };
  const graph = new ResourceGraphClient(credential, common);
  equip(graph.pipeline, ofArm);
  const connection: Omit<AzureConnection, 'vault'> = {
    cloud,
    clock,
    governor: quotaGovernor(clock),
    requestTimeoutMs,
    graph,
    keyVault: once(async (subscriptionId) => {
      // A scan reads Resource Graph, and must not wait for this client.
      const { KeyVaultManagementClient } = await import('@azure/arm-keyvault');
      const client = new KeyVaultManagementClient(credential, subscriptionId, common);
      equip(client.pipeline, ofArm);
      return client;
    }),
    credential,
    arm: { pipeline: equip(createPipelineFromOptions(common), ofArm), httpClient },
    beginSignIn: (signal) => {
      token.begin(signal);
    },
    renewToken: () => {
      token.renew();
    },
  };
  const ofVaults = {
    token: bearer(credential, cloud.vaultScope),
    withinMs: options.vaultTimeoutMs ?? defaultVaultTimeoutMs,
    requestTimeoutMs,
    log,
  };
  const pipeline = equip(createPipelineFromOptions(common), ofVaults);
  // Key Vault redirects nothing. What it were led to could be a secret itself, or another object than the one that is purged.
  pipeline.removePolicy({ name: redirectPolicyName });
  return {
    ...connection,
    vault: (endpoint) => atVault(connection, { endpoint, pipeline, token: ofVaults.token }),
  };
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
