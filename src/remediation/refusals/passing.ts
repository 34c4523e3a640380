import { type Explanation, label, refusedPlainly, type RefusedRequest } from './explanation.ts';

/** A 409: another client is writing to the vault; or, by its code, something that lasts. */
export function conflict({ refusal, attempted }: RefusedRequest): Explanation {
  // Most codes of a 409, such as ReadOnlyDisabledSubscription, last.
  if (refusal.code !== '' && !/conflict|concurrent|in_?progress|anotheroperation/i.test(refusal.code))
    return refusedPlainly(refusal, attempted);
  return {
    outcome: 'conflict',
    cause: `Another client was changing the vault (${label(refusal)}): ${refusal.message}`,
    hint: 'Try again once the other change has finished.',
    transient: true,
  };
}

/** Azure throttles. */
export function throttled({ attempted }: RefusedRequest): Explanation {
  return {
    outcome: 'failed',
    cause: `Azure throttled the ${attempted} (HTTP 429).`,
    hint: 'Try again in a few minutes.',
    transient: true,
  };
}

/** The network, or Azure itself, failed. */
export function noAnswer({ refusal, attempted }: RefusedRequest): Explanation {
  const what = refusal.status === 0 ? 'No answer came from Azure' : `Azure failed (${label(refusal)})`;
  return {
    outcome: 'failed',
    cause: `${what} to the ${attempted}: ${refusal.message}`,
    hint: 'Run the same command again: the vault is read first, and nothing is sent twice.',
    transient: true,
  };
}
