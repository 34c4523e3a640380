import { readRight, writeRight } from '../../resource-types/known-type.ts';
import { explainForbidden } from './forbidden.ts';
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

/** A refusal that no missing right at the scope explains; in Azure's words where nothing more is known of its code. */
export function forbidden({ refusal, attempted }: RefusedRequest): Explanation {
  const known = explainForbidden(refusal);
  if (known === undefined) return refusedPlainly(refusal, attempted);
  const { outcome, reason, hint } = known;
  return { outcome, cause: `${reason} (${label(refusal)}): ${refusal.message}`, hint, transient: false };
}

/** Azure: "… does not have authorization to perform action '<action>' over scope '<id>' or the scope is invalid." */
export function unauthorized({ refusal, vault, attempted }: RefusedRequest): Explanation {
  const needed = (attempted === 'read' ? readRight : writeRight)(vault.type);
  const named = /perform action '([^']+)' over scope '([^']+)'/i.exec(refusal.message);
  const action = named?.[1] ?? needed;
  const scope = named?.[2] ?? vault.id;
  return {
    outcome: 'unauthorized',
    cause: `The right ${action} is missing on ${scope} (${label(refusal)}): ${refusal.message}`,
    hint: `Have a role that grants ${action} assigned at that scope; a new assignment takes effect after a few minutes.`,
    transient: false,
  };
}

/** The token is not accepted, or no more. */
export function signedOut({ refusal, vault, attempted }: RefusedRequest): Explanation {
  if (explainForbidden(refusal) !== undefined) return forbidden({ refusal, vault, attempted });
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
  if (!absentCodes.has(refusal.code.toLowerCase())) return refusedPlainly(refusal, attempted);
  return {
    outcome: 'notFound',
    cause: 'The vault no longer exists.',
    hint: recoverHint,
    transient: false,
  };
}
