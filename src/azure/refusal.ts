import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Cloud } from './cloud.ts';
import { retryAfterMs } from './failure-kind.ts';
import { redact } from './redaction.ts';
import { readRestFailure } from './rest-failure.ts';
import { signInFailure } from './sign-in.ts';

/** The raw body of the answer, which the SDK clients only keep in part. */
export type RawBody = unknown;

/** Reads what the pipeline threw as Azure's no. An error that is neither Azure's nor the network's is thrown on. */
export function toRefusal(error: unknown, raw: RawBody, cloud: Cloud): Refusal {
  const signIn = signInFailure(error, cloud);
  if (signIn !== undefined) return refusal({ status: 401, code: signIn.code, message: signIn.message });
  const failure = readRestFailure(error);
  if (failure === undefined) return operationFailure(error);
  const { code, message, requestId } = failure;
  // Half an answer is none: nobody knows what it would have said.
  const status = code === 'PARSE_ERROR' ? 0 : failure.status;
  const wait = retryAfterMs(error);
  return {
    status,
    code,
    message: redact(message),
    requestId,
    policies: policiesIn(raw),
    ...(wait > 0 ? { retryAfterMs: wait } : {}),
  };
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
  return { ...known, requestId: '', policies: [] };
}

/** Names of the policies in `additionalInfo[]` of type PolicyViolation, at any depth of the error. */
function policiesIn(raw: RawBody): readonly string[] {
  const error = isJsonObject(raw) && isJsonObject(raw['error']) ? raw['error'] : undefined;
  return error === undefined ? [] : [...new Set(policiesOf(error))];
}

function policiesOf(error: JsonObject): readonly string[] {
  const own = list(error['additionalInfo']).flatMap((entry) => {
    const info = isJsonObject(entry) ? entry['info'] : undefined;
    return isJsonObject(info) ? policyName(info) : [];
  });
  const inner = list(error['details']).flatMap((detail) => (isJsonObject(detail) ? policiesOf(detail) : []));
  return [...own, ...inner];
}

function policyName(info: JsonObject): readonly string[] {
  const names = ['policyDefinitionDisplayName', 'policyDefinitionName', 'policyAssignmentDisplayName'];
  const name = names.map((key) => info[key]).find((value) => typeof value === 'string' && value !== '');
  return typeof name === 'string' ? [`"${name}"`] : [];
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
