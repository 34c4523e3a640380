import type { PlanVault } from '../model/plan.ts';
import type { Refusal } from '../model/refusal.ts';
import { isTransientStatus } from '../model/retry.ts';
import { type Attempted, type Explain, type Explanation, refusedPlainly } from './refusals/explanation.ts';
import { forbidden, gone, locked, signedOut, unauthorized } from './refusals/lasting.ts';
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
  return unlessTooLong(known({ refusal, vault, attempted }), refusal);
}

/** Longer than this is not waited for; and nothing is sent earlier than Azure asks. */
const longestWaitMs = 5 * 60_000;

function unlessTooLong(explanation: Explanation, { retryAfterMs = 0 }: Refusal): Explanation {
  if (!explanation.transient || retryAfterMs <= longestWaitMs) return explanation;
  const seconds = Math.ceil(retryAfterMs / 1000);
  return {
    ...explanation,
    outcome: 'failed',
    cause: `${explanation.cause} Azure asks to wait ${seconds} seconds.`,
    hint: `Apply again after ${seconds} seconds.`,
    transient: false,
  };
}

const byCode = new Map<string, Explain>([
  ['scopelocked', locked],
  ['requestdisallowedbypolicy', forbidden],
  ['insufficientpermissions', forbidden],
  ['authorizationfailed', unauthorized],
]);

const byStatus = new Map<number, Explain>([
  [401, signedOut],
  [403, forbidden],
  [407, forbidden],
  [404, gone],
  [409, conflict],
  [429, throttled],
]);
