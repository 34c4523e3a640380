import type { Outcome } from '../model/apply.ts';
import type { PlanVault } from '../model/plan.ts';
import type { Refusal } from '../model/vault-writer.ts';
import { writeAction } from './preconditions.ts';

/** What to do about a vault that is not there any more. */
export const recoverHint =
  'If it was deleted by mistake, recover it: az keyvault recover --name NAME, or --hsm-name NAME for a managed HSM.';

/** What a refusal means: for the step, for the person, and for another attempt. */
export interface Explanation {
  readonly outcome: Outcome;
  readonly cause: string;
  readonly hint: string;
  /** Another attempt may succeed. */
  readonly transient: boolean;
}

/** What was tried when Azure refused. */
export type Attempted = 'read' | 'write';

/** Tells the refusals of ARM apart. */
export function explainRefusal(
  refusal: Refusal,
  vault: Pick<PlanVault, 'id' | 'type'>,
  attempted: Attempted,
): Explanation {
  const { status, code } = refusal;
  const known = byCode.get(code.toLowerCase()) ?? byStatus.get(status);
  if (known !== undefined) return unlessTooLong(known({ refusal, vault, attempted }), refusal);
  if (status === 0 || status === 408 || status >= 500)
    return unlessTooLong(noAnswer(refusal, attempted), refusal);
  return refusedPlainly(refusal, attempted);
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

function refusedPlainly(refusal: Refusal, attempted: Attempted): Explanation {
  return {
    outcome: 'failed',
    cause: `Azure refused the ${attempted} (${label(refusal)}): ${refusal.message}`,
    hint: 'Fix what Azure reports, then plan again.',
    transient: false,
  };
}

/** ARM's own words for a vault, or its group, that is not there. */
const absentCodes = new Set(['resourcenotfound', 'resourcegroupnotfound']);

interface Case {
  readonly refusal: Refusal;
  readonly vault: Pick<PlanVault, 'id' | 'type'>;
  readonly attempted: Attempted;
}

type Explain = (refused: Case) => Explanation;

const byCode = new Map<string, Explain>([
  ['scopelocked', locked],
  ['requestdisallowedbypolicy', denied],
  ['authorizationfailed', unauthorized],
  ['linkedauthorizationfailed', unauthorized],
]);

const byStatus = new Map<number, Explain>([
  [401, signedOut],
  [403, unauthorized],
  [404, gone],
  [409, conflict],
  [429, throttled],
]);

/** Azure: "… because following scope(s) are locked: '<id>'. Please remove the lock and try again." */
function locked({ refusal, vault }: Case): Explanation {
  const scope = /scope\(s\) are locked: '([^']+)'/i.exec(refusal.message)?.[1] ?? vault.id;
  return {
    outcome: 'lockedByScope',
    cause: `A ReadOnly lock on ${scope} forbids every change.`,
    hint: 'Have the lock removed for the time of the change, apply again, and put it back.',
    transient: false,
  };
}

function denied({ refusal }: Case): Explanation {
  const { policies } = refusal;
  const which = policies.length === 0 ? 'A policy' : `The policy ${policies.join(', ')}`;
  return {
    outcome: 'deniedByPolicy',
    cause: `${which} denies the change: ${refusal.message}`,
    hint: 'Azure Policy judges the whole vault as it would become: fix what the policy reports, or ask for an exemption.',
    transient: false,
  };
}

/** Azure: "… does not have authorization to perform action '<action>' over scope '<id>' or the scope is invalid." */
function unauthorized({ refusal, vault, attempted }: Case): Explanation {
  const needed = writeAction(vault.type).replace(/write$/, attempted);
  const named = /perform action '([^']+)' over scope '([^']+)'/i.exec(refusal.message);
  const action = named?.[1] ?? needed;
  const scope = named?.[2] ?? vault.id;
  return {
    outcome: 'unauthorized',
    cause: `The right ${action} is missing on ${scope} (${label(refusal)}).`,
    hint: `Have a role that grants ${action} assigned at that scope; a new assignment takes some minutes to count.`,
    transient: false,
  };
}

function signedOut({ refusal }: Case): Explanation {
  return {
    outcome: 'unauthorized',
    cause: `Azure does not accept the sign-in (${label(refusal)}): ${refusal.message}`,
    hint: 'Sign in again (az login), then apply the same plan with the same journal to continue.',
    transient: false,
  };
}

function gone({ refusal, vault, attempted }: Case): Explanation {
  if (refusal.code.toLowerCase() === 'subscriptionnotfound') {
    return {
      outcome: 'failed',
      cause: `The subscription of ${vault.id} cannot be seen: ${refusal.message}`,
      hint: 'Check that you are signed in to its tenant, and may see it.',
      transient: false,
    };
  }
  if (attempted === 'read' && !absentCodes.has(refusal.code.toLowerCase()))
    return refusedPlainly(refusal, attempted);
  return {
    outcome: 'notFound',
    cause: 'The vault no longer exists.',
    hint: recoverHint,
    transient: false,
  };
}

function conflict({ refusal, attempted }: Case): Explanation {
  // Most codes of a 409, such as ReadOnlyDisabledSubscription, last.
  if (refusal.code !== '' && !/conflict|concurrent|in_?progress|anotheroperation/i.test(refusal.code))
    return refusedPlainly(refusal, attempted);
  return {
    outcome: 'conflict',
    cause: `Somebody else was changing the vault (${label(refusal)}): ${refusal.message}`,
    hint: 'Apply again when the other change has finished.',
    transient: true,
  };
}

function throttled({ attempted }: Case): Explanation {
  return {
    outcome: 'failed',
    cause: `Azure throttled the ${attempted} (HTTP 429) for as long as we tried.`,
    hint: 'Apply again in a few minutes.',
    transient: true,
  };
}

function noAnswer(refusal: Refusal, attempted: Attempted): Explanation {
  const what = refusal.status === 0 ? 'No answer came from Azure' : `Azure failed (${label(refusal)})`;
  return {
    outcome: 'failed',
    cause: `${what} to the ${attempted}: ${refusal.message}`,
    hint: 'Apply again: the vault is read first, and nothing is sent twice.',
    transient: true,
  };
}

function label({ status, code, requestId }: Refusal): string {
  const parts = [code, status > 0 ? `HTTP ${status}` : '', requestId === '' ? '' : `request ${requestId}`];
  return parts.filter((part) => part !== '').join(', ');
}
