import {
  type HttpClient,
  isRestError,
  type PipelinePolicy,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import { AzureLogger, getLogLevel, setLogLevel } from '@azure/logger';
import { exec } from 'node:child_process';
import { UsageError } from '../../model/errors.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import type { CloudEndpoints } from '../cloud-endpoints.ts';
import { signInFailure } from './sign-in-error.ts';
import type { SkippedCredential } from './reasons.ts';

/** Dependencies of sign-in other than the cloud; the defaults are right outside of tests. */
export interface SignInOptions {
  readonly httpClient?: HttpClient | undefined;
  /** The tenant to sign in to, for the credentials that can choose one. */
  readonly tenantId?: string | undefined;
  /** Policies for each request of the sign-in. */
  readonly policies?: readonly PipelinePolicy[];
  /** Time limit for `az` and other command line tools, in milliseconds. */
  readonly toolTimeoutMs?: number;
}

/**
 * The identity to sign in with: whatever `DefaultAzureCredential` finds. Its `getToken` throws `AzureError` with the
 * reason of each credential that had one. Throws `UsageError` for a wrong AZURE_TOKEN_CREDENTIALS.
 */
export function signIn(
  cloud: CloudEndpoints,
  { httpClient, tenantId, policies = [], toolTimeoutMs = 30_000 }: SignInOptions = {},
): TokenCredential {
  const chosen = chosenCredential(process.env['AZURE_TOKEN_CREDENTIALS']);
  const foreign = foreignAnswer();
  const { credential, skipped } = construct({
    authorityHost: cloud.authorityHost,
    processTimeoutInMs: toolTimeoutMs,
    additionalPolicies: [foreign.policy, ...policies].map((policy) => ({ policy, position: 'perRetry' })),
    ...(httpClient === undefined ? {} : { httpClient }),
    ...(tenantId === undefined ? {} : { tenantId }),
  });
  return {
    async getToken(scopes, options) {
      const startedAt = performance.now();
      try {
        return await credential.getToken(scopes, options);
      } catch (error) {
        const isLate = performance.now() - startedAt >= toolTimeoutMs;
        const cliSays = hidesReason(error) ? await askAzureCli(cloud.armScope, toolTimeoutMs) : undefined;
        const timedOutAfterMs = isLate ? toolTimeoutMs : undefined;
        const answered = foreign.inWords();
        const noAnswer = foreign.lastError();
        const context = { chosen, skipped, cliSays, answered, noAnswer, timedOutAfterMs };
        throw signInFailure(error, cloud, context) ?? error;
      }
    },
  };
}

/** Source: https://learn.microsoft.com/javascript/api/@azure/identity/defaultazurecredential, @azure/identity 4.13.1 */
const accepted = [
  'dev',
  'prod',
  'EnvironmentCredential',
  'WorkloadIdentityCredential',
  'ManagedIdentityCredential',
  'VisualStudioCodeCredential',
  'AzureCliCredential',
  'AzurePowerShellCredential',
  'AzureDeveloperCliCredential',
];

/** The one credential that the user wants; `undefined` for a chain of them. */
function chosenCredential(value = ''): string | undefined {
  const wanted = value.trim();
  const known = accepted.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (wanted !== '' && known === undefined)
    throw new UsageError(
      `AZURE_TOKEN_CREDENTIALS is ${JSON.stringify(wanted)}, which names no credential.${didYouMean(wanted, accepted)}`,
      `Accepted values: ${accepted.join(', ')}. If it is not set, all of them are tried.`,
    );
  return known?.endsWith('Credential') === true ? known : undefined;
}

function construct(options: ConstructorParameters<typeof DefaultAzureCredential>[0]): {
  readonly credential: TokenCredential;
  readonly skipped: readonly SkippedCredential[];
} {
  const skipped: SkippedCredential[] = [];
  const [log, level] = [AzureLogger.log, getLogLevel()];
  AzureLogger.log = (...parts: unknown[]) => {
    const [, name, reason] = /Skipped createDefault(\w+) because [^:]*: (.*)/s.exec(parts.join(' ')) ?? [];
    if (name !== undefined && reason !== undefined) skipped.push({ name, reason });
    if (level !== undefined) log(...parts);
  };
  if (level === undefined || level === 'error') setLogLevel('warning');
  try {
    return { credential: new DefaultAzureCredential(options), skipped };
  } finally {
    AzureLogger.log = log;
    setLogLevel(level);
  }
}

/** The message of AzureCliCredential whenever `az` mentions `az login`; the reason is lost. */
const loginAdvice = /Please run 'az login' from a command prompt/;

/** True when `az` gave a reason that the SDK does not pass on, such as an expired federated token. */
function hidesReason(error: unknown): boolean {
  return error instanceof Error && loginAdvice.test(error.message);
}

/**
 * The standard error of `az` when it is asked for a token as the SDK asks it; empty when it prints nothing.
 * With `--output none` no token is printed. The command holds nothing but our own words, and `az` is not looked for in
 * the current folder.
 */
function askAzureCli(scope: string, timeout: number): Promise<string> {
  const resource = scope.replace(/\/\.default$/, '');
  const command = `az account get-access-token --output none --resource ${resource}`;
  const cwd = process.platform === 'win32' ? (process.env['SystemRoot'] ?? 'C:\\Windows') : '/bin';
  return new Promise((resolve) => {
    exec(command, { cwd, timeout }, (_, __, stderr) => {
      resolve(stderr);
    });
  });
}

/** Remembers an answer to a request for a token that did not come from Microsoft Entra ID, but from a proxy or a guest network. */
interface ForeignAnswer {
  readonly policy: PipelinePolicy;
  /** The network failure of the last request, such as `connect ECONNREFUSED 127.0.0.1:8080`. */
  lastError(): string | undefined;
  /** The last answer in words, such as `status 403 and the page "Access denied"`; `undefined` where it was Azure's. */
  inWords(): string | undefined;
}

/** @azure/identity 4.13.1 makes a bare `network_error` of any answer that is no JSON, and drops its status. */
function foreignAnswer(): ForeignAnswer {
  let words: string | undefined;
  let lastError: string | undefined;
  return {
    lastError: () => lastError,
    inWords: () => words,
    policy: {
      name: 'foreignAnswer',
      async sendRequest(request, next) {
        words = undefined;
        const response = await next(request).catch((error: unknown) => {
          lastError = isRestError(error) ? error.message.split('\n', 1)[0] : undefined;
          throw error;
        });
        lastError = undefined;
        words = isJson(response.bodyAsText ?? '') ? undefined : describe(response);
        return response;
      },
    },
  };
}

function isJson(body: string): boolean {
  return /^\s*[{[]/.test(body);
}

function describe({ status, bodyAsText }: PipelineResponse): string {
  const title = /<title[^>]*>\s*([^<]{1,100})/i.exec(bodyAsText ?? '')?.[1]?.trim() ?? '';
  return `status ${status} and ${title === '' ? 'no answer of its own' : `the page ${JSON.stringify(title)}`}`;
}
