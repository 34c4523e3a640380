import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';

import { AzureError } from '../model/errors.ts';
import type { Cloud } from './cloud.ts';
import { redact } from './redaction.ts';

/** The identity to sign in with: whatever `DefaultAzureCredential` finds. Throws `AzureError` for a wrong environment. */
export function signIn(cloud: Cloud): TokenCredential {
  try {
    return new DefaultAzureCredential({ authorityHost: cloud.authorityHost });
  } catch (error) {
    throw signInError(error instanceof Error ? error : new Error(String(error)), cloud);
  }
}

/** Reads what the credentials throw; `undefined` for any other error. */
export function signInFailure(error: unknown, cloud: Cloud): AzureError | undefined {
  return error instanceof Error && credentialErrors.has(error.name) ? signInError(error, cloud) : undefined;
}

const credentialErrors = new Set([
  'CredentialUnavailableError',
  'AggregateAuthenticationError',
  'AuthenticationError',
  'AuthenticationRequiredError',
]);

function signInError(error: Error, cloud: Cloud): AzureError {
  const code = /AADSTS\d+/.exec(error.message)?.[0] ?? '';
  return new AzureError(
    `could not sign in to Azure: ${summarise(error, code)}`,
    {
      operation: 'sign in',
      status: 0,
      code: code || error.name,
      requestId: '',
      hint: hintFor(code, error, cloud),
    },
    { cause: error },
  );
}

/** The first telling line: the chain's own message lists every credential that it tried. */
function summarise(error: Error, code: string): string {
  const lines = redact(error.message).split(/\r?\n/);
  if (code !== '') return (lines.find((line) => line.includes(code)) ?? code).trim().replace(/,$/, '');
  if (error.name === 'AggregateAuthenticationError') return 'no credential was found';
  return lines[0] ?? error.name;
}

function hintFor(code: string, error: Error, cloud: Cloud): string {
  const known = hints.find(([codes]) => codes.includes(code))?.[1];
  if (known !== undefined) return known;
  const cli = cloud.name === 'AzureCloud' ? 'az login' : `az cloud set --name ${cloud.name} && az login`;
  const signInFirst = `Sign in with ${cli}; or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or a workload identity (AZURE_FEDERATED_TOKEN_FILE). AZURE_TOKEN_CREDENTIALS=AzureCliCredential (or another name) picks one credential of the chain.`;
  // The chain always tries a managed identity, and complains of the network wherever there is none.
  const isChain = error.name === 'AggregateAuthenticationError';
  if (!/network|ENOTFOUND|ECONN|ETIMEDOUT|endpoints_resolution/i.test(error.message)) return signInFirst;
  const network = `check the network and HTTPS_PROXY: ${cloud.authorityHost} must be reachable.`;
  return isChain ? `${signInFirst} If you are signed in, ${network}` : `C${network.slice(1)}`;
}

// Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
const hints: readonly (readonly [readonly string[], string])[] = [
  [
    ['AADSTS7000215', 'AADSTS7000222'],
    'The client secret is wrong or has expired: make a new one and set AZURE_CLIENT_SECRET.',
  ],
  [['AADSTS700016'], 'The application is unknown in this tenant: check AZURE_CLIENT_ID and AZURE_TENANT_ID.'],
  [['AADSTS90002', 'AADSTS900023'], 'The tenant is unknown: check AZURE_TENANT_ID and --cloud.'],
  [
    ['AADSTS70021', 'AADSTS700213', 'AADSTS700211', 'AADSTS700212'],
    'No federated identity credential matches: compare its issuer, subject and audience with the workload.',
  ],
  [['AADSTS700024'], 'The federated token has expired: get a new one before the scan.'],
  [
    ['AADSTS50076', 'AADSTS50079', 'AADSTS70043', 'AADSTS700082', 'AADSTS50173', 'AADSTS50078'],
    'The session has ended or needs a second factor: run az login again.',
  ],
  [
    ['AADSTS53003', 'AADSTS530003', 'AADSTS53000'],
    'Conditional access refused the sign-in: use a managed device, or an identity that the policy admits.',
  ],
];
