import type { Refusal } from '../model/refusal.ts';
import type { CloudEndpoints } from './cloud-endpoints.ts';
import { redact } from '../reporters/text/redaction.ts';
import { readRestFailure } from './rest-failure.ts';
import { signInFailure } from './sign-in/sign-in-error.ts';

/** Reads what the pipeline threw as a refusal. An error that is neither Azure's nor the network's is thrown on. */
export function toRefusal(error: unknown, cloud: CloudEndpoints): Refusal {
  const signIn = signInFailure(error, cloud);
  if (signIn !== undefined) return refusal({ status: 401, code: signIn.code, message: signIn.message });
  const failure = readRestFailure(error);
  if (failure === undefined) return operationFailure(error);
  const { header: _, ...refused } = failure;
  // A partial response is treated as no response.
  return refused.code === 'PARSE_ERROR' ? { ...refused, status: 0 } : refused;
}

/** The poller of a long-running operation throws plain errors. */
function operationFailure(error: unknown): Refusal {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'AbortError') return refusal({ status: 0, code: 'Aborted', message: 'interrupted' });
  if (!/long-running operation/i.test(error.message)) throw error;
  return refusal({ status: 0, code: 'OperationFailed', message: redact(error.message) });
}

/** A refusal that carries nothing but this. */
export function refusal(known: Pick<Refusal, 'status' | 'code' | 'message'>): Refusal {
  return { ...known, details: [], requestId: '', fromAzure: true, policies: [] };
}
