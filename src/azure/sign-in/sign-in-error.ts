import { AzureError } from '../../model/errors.ts';
import type { CloudEndpoints } from '../cloud-endpoints.ts';
import { type Reason, reasonsOf, type SignInContext } from './reasons.ts';

const credentialErrors = new Set([
  'CredentialUnavailableError',
  'AggregateAuthenticationError',
  'AuthenticationError',
  'AuthenticationRequiredError',
]);

/** Reads what the credentials throw, or `signIn` made of it; `undefined` for any other error. */
export function signInFailure(
  error: unknown,
  cloud: CloudEndpoints,
  context: SignInContext = {},
): AzureError | undefined {
  if (error instanceof AzureError && error.operation === 'sign in') return error;
  if (!(error instanceof Error && credentialErrors.has(error.name))) return undefined;
  const reasons = reasonsOf(error, context);
  const telling = reasons.filter(({ isAbsent }) => !isAbsent);
  const isChain = error.name === 'AggregateAuthenticationError' && context.chosen === undefined;
  const code = /AADSTS\d+/.exec(telling.map(({ text }) => text).join('\n'))?.[0];
  return new AzureError(
    `could not sign in to Azure: ${inWords(telling.length > 0 || isChain ? telling : reasons)}`,
    {
      operation: 'sign in',
      status: 0,
      code: code ?? error.name,
      requestId: '',
      hint: hintFor(reasons, cloud, isChain),
    },
    { cause: error },
  );
}

/** One reason as it is, several with the names of their credentials, a line each. */
function inWords(reasons: readonly Reason[]): string {
  const [first, ...others] = reasons;
  if (first === undefined) return 'no credential was found';
  if (others.length === 0) return first.text;
  return [
    'no credential works',
    ...reasons.map(({ credential, text }) => `  ${credential === '' ? '' : `${credential}: `}${text}`),
  ].join('\n');
}

/** The advice for a sign-in that failed for these reasons; the first one that yields advice decides. */
function hintFor(reasons: readonly Reason[], cloud: CloudEndpoints, isChain: boolean): string {
  const texts = reasons.map(({ text }) => text).join('\n');
  for (const { text, credential, isAbsent } of reasons) {
    const known = isAbsent ? undefined : (hintOfCode(text) ?? hintOfCredential(text, credential, cloud));
    if (known !== undefined) return known;
  }
  const signInFirst = `Sign in with \`${loginWords(cloud)}\`; or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or a workload identity (AZURE_FEDERATED_TOKEN_FILE). AZURE_TOKEN_CREDENTIALS=AzureCliCredential (or another name) picks one credential of the chain.`;
  // The chain always tries a managed identity, and complains of the network wherever there is none.
  if (!/network|ENOTFOUND|ECONN|ETIMEDOUT|endpoints_resolution/i.test(texts)) return signInFirst;
  const network = `check the network and HTTPS_PROXY: ${cloud.authorityHost} must be reachable.`;
  return isChain ? `${signInFirst} If you are signed in, ${network}` : `C${network.slice(1)}`;
}

function loginWords({ name }: CloudEndpoints): string {
  return name === 'AzureCloud' ? 'az login' : `az cloud set --name ${name} && az login`;
}

function hintOfCode(text: string): string | undefined {
  const code = /AADSTS\d+/.exec(text)?.[0] ?? '';
  return hints.find(([codes]) => codes.includes(code))?.[1];
}

function hintOfCredential(text: string, credential: string, cloud: CloudEndpoints): string | undefined {
  if (/federated token file/.test(text))
    return 'AZURE_FEDERATED_TOKEN_FILE names the file that the platform writes the token to: check the path, and that the job may request a token (GitHub: permissions: id-token: write; Kubernetes: the service account of the pod).';
  if (/answered with status/.test(text))
    return `Check HTTPS_PROXY, and that the proxy lets requests through to ${cloud.authorityHost}.`;
  if (/Invalid tenant id/.test(text)) return 'Set AZURE_TENANT_ID to the id or the domain of the tenant.';
  if (credential === 'AzureDeveloperCliCredential') return 'Sign in: `azd auth login`';
  if (credential !== 'AzureCliCredential') return undefined;
  if (/az login|AADSTS\d+/.test(text)) return `Sign in: \`${loginWords(cloud)}\``;
  if (/did not answer/.test(text))
    return 'Pick another credential with AZURE_TOKEN_CREDENTIALS, or see what the Azure CLI waits for: `az account get-access-token`';
  return 'The Azure CLI itself fails. Repair or reinstall it, until this works, or pick another credential with AZURE_TOKEN_CREDENTIALS: `az account get-access-token`';
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
    ['AADSTS50020', 'AADSTS50034'],
    'The account does not belong to this tenant: sign in to the tenant of the vaults with an account that is a member or a guest there: `az login --tenant <tenant>`',
  ],
  [
    // Azure/login#517, #573
    ['AADSTS7002138'],
    'Subject and federated identity credential differ in letter case alone: write the subject of the credential exactly as the token has it, letter by letter (the owner, repository, branch or environment on GitHub).',
  ],
  [
    ['AADSTS70021', 'AADSTS700213', 'AADSTS700211', 'AADSTS700212'],
    'No federated identity credential matches: compare its issuer, subject and audience with the workload.',
  ],
  [
    // Azure/login#180, #372
    ['AADSTS700024'],
    'The federated token has expired: sign in later in the job, right before the scan, or use the federated token itself (AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_ID, AZURE_TENANT_ID).',
  ],
  [
    ['AADSTS50076', 'AADSTS50079', 'AADSTS70043', 'AADSTS700082', 'AADSTS50173', 'AADSTS50078'],
    'The session has ended or needs a second factor: sign in again: `az login`',
  ],
  [
    ['AADSTS53003', 'AADSTS530003', 'AADSTS53000'],
    'Conditional access refused the sign-in: use a managed device, or an identity that the policy admits.',
  ],
];
