import { AzureError } from '../../model/errors.ts';
import type { Cloud } from '../cloud.ts';
import { hintFor } from './hints.ts';
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
  cloud: Cloud,
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
