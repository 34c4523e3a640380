import { AzureError } from '../model/errors.ts';
import { isTransientStatus } from '../model/retry.ts';
import { explainForbidden } from '../model/forbidden.ts';
import type { CloudEndpoints } from './cloud-endpoints.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { isUntrusted, readRestFailure, type RestFailure } from './rest-failure.ts';
import { signInFailure } from './sign-in/sign-in-error.ts';

/**
 * Says what went wrong with a request and what to do about it. `operation` completes "could not …". An error that is
 * neither Azure's nor the network's is our bug, and comes back as it is.
 */
export function asAzureError(operation: string, error: unknown, cloud: CloudEndpoints): unknown {
  const refused = signInFailure(error, cloud);
  if (refused !== undefined) return refused;
  if (error instanceof MalformedAnswer) return malformed(operation, error);
  const failure = readRestFailure(error);
  if (failure === undefined) return error;
  const { status, code, requestId, details } = failure;
  return new AzureError(
    `could not ${operation}: ${reasonOf(failure)}`,
    { operation, status, code, requestId, details, hint: hintFor(failure, cloud) },
    { cause: error },
  );
}

/** Azure's own words, with those of the errors inside. Without full stops: sentences are built around it. */
function reasonOf({ message, code, status, details }: RestFailure): string {
  const inner = details.slice(0, mostDetails).map((detail) => `${detail.code}: ${detail.message}`);
  const words = [message || code || `status ${status}`, ...inner].map((text) => text.replace(/[.\s]+$/, ''));
  return [...new Set(words)].join('; ');
}

const mostDetails = 3;

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

function hintFor(failure: RestFailure, cloud: CloudEndpoints): string {
  const { status, code, fromAzure } = failure;
  if (status === 0) return networkHint(code, cloud);
  const forbidden = explainForbidden(failure);
  if (forbidden !== undefined) return forbidden.hint;
  if (!fromAzure) return foreignHint(status);
  const hint = hintsByCode[code] ?? hintsByStatus[status];
  if (hint !== undefined) return hint;
  if (missingRight.has(code)) return rightHint(failure.message);
  if (isTransientStatus(status)) return 'Azure could not answer: try again in a few minutes.';
  return 'If this does not go away, report it with the request id.';
}

/** The codes with which Azure says that a right is missing: ARM with the first, Resource Graph with the second. */
const missingRight: ReadonlySet<string> = new Set(['AuthorizationFailed', 'AccessDenied']);

const hintsByCode: Readonly<Record<string, string>> = {
  InvalidQuery:
    'Resource Graph refuses the query itself, whatever the identity may read: report it with the request id.',
  SubscriptionNotFound: 'Check the subscription id, and that you signed in to its tenant: `az account list`',
};

const hintsByStatus: Readonly<Record<number, string>> = {
  401: 'Azure refused the token: check --cloud and the clock of this machine, and sign in again: `az login`',
  404: 'Check the name or id, and that you signed in to the right tenant.',
  429: 'Azure throttles this identity: another program may be using up its quota. Try again later.',
};

function foreignHint(status: number): string {
  return status === 429 || isTransientStatus(status)
    ? 'Try again in a few minutes. If it stays, ask the operators of the proxy, gateway or firewall between here and Azure.'
    : 'Ask the operators of the proxy, gateway or firewall between here and Azure, and check HTTPS_PROXY.';
}

function rightHint(message: string): string {
  const [, action, scope] = /perform action '([^']+)' over scope '([^']+)'/.exec(message) ?? [];
  if (action === undefined || scope === undefined)
    return 'The identity needs the role Reader, which grants every right to read, on what is to be read.';
  const grantedBy = /\/read$/i.test(action) ? ': the role Reader grants it' : '';
  return `The identity needs ${action} on ${scope}${grantedBy}.`;
}

function networkHint(code: string, cloud: CloudEndpoints): string {
  const host = new URL(cloud.armEndpoint).host;
  if (isUntrusted(code))
    return `The certificate shown for ${host} is not trusted: behind an inspecting proxy, name its CA in NODE_EXTRA_CA_CERTS.`;
  return `Check the network, DNS and HTTPS_PROXY: ${host} must be reachable.`;
}
