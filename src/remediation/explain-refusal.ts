import type { PlanVault } from '../model/plan.ts';
import type { Refusal } from '../model/refusal.ts';
import { isTransientStatus } from '../model/retry.ts';
import {
  forbidden,
  locked,
  notAllowed,
  notFound,
  signedOut,
  unauthorized,
  type Attempted,
  type Explain,
  type Explanation,
  label,
  type RefusedRequest,
  readOnlySubscription,
  refusedPlainly,
} from './explanations.ts';

/** Tells the refusals of ARM apart. */
export function explainRefusal(
  refusal: Refusal,
  vault: Pick<PlanVault, 'id' | 'type'>,
  attempted: Attempted,
): Explanation {
  const { status, code } = refusal;
  const known =
    byCode.get(code.toLowerCase()) ??
    byStatus.get(status) ??
    (isTransientStatus(status) ? noAnswer : undefined);
  if (known === undefined) return refusedPlainly(refusal, attempted);
  const explanation = known({ refusal, vault, attempted });
  return explanation.transient && refusal.outOfTime !== undefined
    ? givenUp(explanation, refusal.outOfTime, refusal.retryAfterMs ?? 0)
    : explanation;
}

function givenUp(explanation: Explanation, why: string, retryAfterMs: number): Explanation {
  const when = retryAfterMs > 0 ? `after ${Math.ceil(retryAfterMs / 1000)} seconds` : 'later';
  return {
    ...explanation,
    outcome: 'failed',
    cause: `${explanation.cause.replace(/\.$/, '')}; ${why}.`,
    hint: `Try again ${when}, or allow a request more time with --request-timeout.`,
    transient: false,
  };
}

const byCode = new Map<string, Explain>([
  ['scopelocked', locked],
  ['requestdisallowedbypolicy', forbidden],
  ['insufficientpermissions', forbidden],
  ['authorizationfailed', unauthorized],
  ['methodnotallowed', notAllowed],
  ['readonlydisabledsubscription', readOnlySubscription],
]);

const byStatus = new Map<number, Explain>([
  [401, signedOut],
  [403, forbidden],
  [407, forbidden],
  [404, notFound],
  [405, notAllowed],
  [409, conflict],
  [429, throttled],
]);

/** A 409: another client is writing to the vault; or, by its code, something that lasts. */
function conflict({ refusal, attempted }: RefusedRequest): Explanation {
  // Most codes of a 409 last.
  if (refusal.code !== '' && !/conflict|concurrent|in_?progress|anotheroperation/i.test(refusal.code))
    return refusedPlainly(refusal, attempted);
  return {
    outcome: 'conflict',
    cause: `Another client was changing it (${label(refusal)}): ${refusal.message}`,
    hint: 'Try again once the other change has finished.',
    transient: true,
  };
}

/** Azure throttles. */
function throttled({ attempted }: RefusedRequest): Explanation {
  return {
    outcome: 'failed',
    cause: `Azure throttled the ${attempted} (HTTP 429).`,
    hint: 'Try again in a few minutes.',
    transient: true,
  };
}

/** The network, or Azure itself, failed. */
function noAnswer({ refusal, attempted }: RefusedRequest): Explanation {
  const what = refusal.status === 0 ? 'No answer came from Azure' : `Azure failed (${label(refusal)})`;
  return {
    outcome: 'failed',
    cause: `${what} to the ${attempted}: ${refusal.message}`,
    hint: 'Run the same command again: Azure is read first, and nothing is sent twice.',
    transient: true,
  };
}
