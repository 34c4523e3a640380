import type { HttpClient } from '@azure/core-rest-pipeline';
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import { AzureLogger, getLogLevel, setLogLevel } from '@azure/logger';

import { UsageError } from '../../model/errors.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import type { Cloud } from '../cloud.ts';
import { askAzureCli, hidesReason } from './azure-cli.ts';
import { signInFailure } from './failure.ts';
import { foreignAnswer } from './foreign-answer.ts';
import type { SkippedCredential } from './reasons.ts';

/** Dependencies of sign-in other than the cloud; the defaults are right outside of tests. */
export interface SignInOptions {
  readonly httpClient?: HttpClient | undefined;
  /** Time limit for `az` and other command line tools, in milliseconds. */
  readonly toolTimeoutMs?: number;
}

/**
 * The identity to sign in with: whatever `DefaultAzureCredential` finds. Its `getToken` throws `AzureError` with the
 * reason of each credential that had one. Throws `UsageError` for a wrong AZURE_TOKEN_CREDENTIALS.
 */
export function signIn(
  cloud: Cloud,
  { httpClient, toolTimeoutMs = 30_000 }: SignInOptions = {},
): TokenCredential {
  const chosen = chosenCredential(process.env['AZURE_TOKEN_CREDENTIALS']);
  const foreign = foreignAnswer();
  const { credential, skipped } = construct({
    authorityHost: cloud.authorityHost,
    processTimeoutInMs: toolTimeoutMs,
    additionalPolicies: [{ policy: foreign.policy, position: 'perRetry' }],
    ...(httpClient === undefined ? {} : { httpClient }),
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
        throw signInFailure(error, cloud, { chosen, skipped, cliSays, answered, timedOutAfterMs }) ?? error;
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
