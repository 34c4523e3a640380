import { AzureError } from '../model/errors.ts';
import type { Cloud } from './cloud.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { redact } from './redaction.ts';
import { isUntrusted } from './failure-kind.ts';
import { readRestFailure, type RestFailure } from './rest-failure.ts';
import { signInFailure } from './sign-in.ts';

/**
 * Says what went wrong with a request and what to do about it. `operation` completes "could not …". An error that is
 * neither Azure's nor the network's is our bug, and comes back as it is.
 */
export function asAzureError(operation: string, error: unknown, cloud: Cloud): unknown {
  const refused = signInFailure(error, cloud);
  if (refused !== undefined) return refused;
  if (error instanceof MalformedAnswer) return malformed(operation, error);
  const failure = readRestFailure(error);
  if (failure === undefined) return error;
  const { status, code, requestId } = failure;
  // Sentences are built around it, which end by themselves.
  const reason = redact(failure.message).replace(/[.\s]+$/, '') || code || `status ${status}`;
  const hint = hintFor(failure, cloud);
  return new AzureError(
    `could not ${operation}: ${reason}`,
    { operation, status, code, requestId, hint },
    { cause: error },
  );
}

function malformed(operation: string, error: MalformedAnswer): AzureError {
  return new AzureError(
    `could not ${operation}: ${error.message}`,
    {
      operation,
      status: 200,
      code: 'MalformedAnswer',
      requestId: '',
      hint: 'Something between here and Azure may cut or rewrite answers: check the proxy, and try again.',
    },
    { cause: error },
  );
}

function hintFor(failure: RestFailure, cloud: Cloud): string {
  const { status, code } = failure;
  if (status === 0) return networkHint(code, cloud);
  const hint = hintsByCode[code] ?? hintsByStatus[status];
  if (hint !== undefined) return hint;
  if (status === 403) return rightHint(failure.message);
  if (status >= 500) return 'Azure could not answer: try again in a few minutes.';
  return 'If this does not go away, report it with the request id.';
}

const hintsByCode: Readonly<Record<string, string>> = {
  SubscriptionNotFound: 'Check the subscription id, and that you signed in to its tenant (az account list).',
  InvalidAuthenticationTokenTenant:
    'You signed in to another tenant than that of the subscription: az login --tenant.',
};

const hintsByStatus: Readonly<Record<number, string>> = {
  401: 'Azure refused the token: sign in again (az login), and check --cloud and the clock of this machine.',
  404: 'Check the name or id, and that you signed in to the right tenant.',
  429: 'Azure throttles this identity: another program may be using up its quota. Try again later.',
};

function rightHint(message: string): string {
  const [, action, scope] = /perform action '([^']+)' over scope '([^']+)'/.exec(message) ?? [];
  return action === undefined || scope === undefined
    ? 'The identity needs the role Reader (which holds Microsoft.KeyVault/vaults/read) on what is to be scanned.'
    : `The identity needs ${action} on ${scope}: the role Reader grants it.`;
}

function networkHint(code: string, cloud: Cloud): string {
  const host = new URL(cloud.armEndpoint).host;
  if (isUntrusted(code))
    return `The certificate shown for ${host} is not trusted: behind an inspecting proxy, name its CA in NODE_EXTRA_CA_CERTS.`;
  return `Check the network, DNS and HTTPS_PROXY: ${host} must be reachable.`;
}
