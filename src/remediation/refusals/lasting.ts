import { writeAction } from '../preconditions.ts';
import { type Explanation, label, recoverHint, refusedPlainly, type RefusedRequest } from './explanation.ts';

/** ARM's own words for a vault, or its group, that is not there. */
const absentCodes = new Set(['resourcenotfound', 'resourcegroupnotfound']);

/** Azure: "… because following scope(s) are locked: '<id>'. Please remove the lock and try again." */
export function locked({ refusal, vault }: RefusedRequest): Explanation {
  const scope = /scope\(s\) are locked: '([^']+)'/i.exec(refusal.message)?.[1] ?? vault.id;
  return {
    outcome: 'lockedByScope',
    cause: `A ReadOnly lock on ${scope} forbids every change.`,
    hint: 'Have the lock removed, apply again, then put the lock back.',
    transient: false,
  };
}

/** Azure Policy said no. */
export function denied({ refusal }: RefusedRequest): Explanation {
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
export function unauthorized({ refusal, vault, attempted }: RefusedRequest): Explanation {
  const needed = writeAction(vault.type).replace(/write$/, attempted);
  const named = /perform action '([^']+)' over scope '([^']+)'/i.exec(refusal.message);
  const action = named?.[1] ?? needed;
  const scope = named?.[2] ?? vault.id;
  return {
    outcome: 'unauthorized',
    cause: `The right ${action} is missing on ${scope} (${label(refusal)}).`,
    hint: `Have a role that grants ${action} assigned at that scope; a new assignment takes effect after a few minutes.`,
    transient: false,
  };
}

/** The token is not accepted, or no more. */
export function signedOut({ refusal }: RefusedRequest): Explanation {
  return {
    outcome: 'unauthorized',
    cause: `Azure does not accept the sign-in (${label(refusal)}): ${refusal.message}`,
    hint: 'Sign in again (az login), then apply the same plan with the same journal to continue.',
    transient: false,
  };
}

/** A 404: the vault is not there, or what it is in cannot be seen. */
export function gone({ refusal, vault, attempted }: RefusedRequest): Explanation {
  if (refusal.code.toLowerCase() === 'subscriptionnotfound') {
    return {
      outcome: 'failed',
      cause: `The subscription of ${vault.id} cannot be seen: ${refusal.message}`,
      hint: 'Check that you are signed in to its tenant, and have access to it.',
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
