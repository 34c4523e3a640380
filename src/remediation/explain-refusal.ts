import type { PlanVault } from '../model/plan.ts';
import type { Refusal } from '../model/refusal.ts';
import { isTransientStatus } from '../model/retry.ts';
import { type Attempted, type Explain, type Explanation, refusedPlainly } from './refusals/explanation.ts';
import { forbidden, locked, notAllowed, notFound, signedOut, unauthorized } from './refusals/lasting.ts';
import { conflict, noAnswer, throttled } from './refusals/passing.ts';

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
