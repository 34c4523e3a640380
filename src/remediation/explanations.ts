import type { Outcome } from '../model/apply.ts';
import type { PlanVault } from '../model/plan.ts';
import type { Refusal } from '../model/refusal.ts';
import { purgeRight, readRight, writeRight } from '../resource-types/known-type.ts';
import { explainForbidden } from '../model/forbidden.ts';

/** The advice for a vault that no longer exists. */
export const recoverHint =
  'If it was deleted by mistake, recover it: `purgeproof deleted list` `purgeproof deleted recover <name>`';

/** The meaning of a refusal: for the step, for the user, and for another attempt. */
export interface Explanation {
  readonly outcome: Outcome;
  readonly cause: string;
  readonly hint: string;
  /** Another attempt may succeed. */
  readonly transient: boolean;
}

/** The operation that Azure refused. */
export type Attempted = 'read' | 'write' | 'recovery' | 'purge';

/** A refusal, and what it was an answer to. */
export interface RefusedRequest {
  readonly refusal: Refusal;
  readonly vault: Pick<PlanVault, 'id' | 'type'>;
  readonly attempted: Attempted;
}

/** Words for a refusal that is known by its code or its status. */
export type Explain = (refused: RefusedRequest) => Explanation;

/** Words for a refusal of which nothing more is known than what Azure says. */
export function refusedPlainly(refusal: Refusal, attempted: Attempted): Explanation {
  return {
    outcome: 'failed',
    cause: `${refusal.fromAzure ? 'Azure' : 'Something between here and Azure'} refused the ${attempted} (${label(refusal)}): ${refusal.message}`,
    hint: refusal.fromAzure
      ? 'Fix what Azure reports, then try again.'
      : 'Check the proxy or gateway between here and Azure, then try again.',
    transient: false,
  };
}

/** The code, the status of an error, and the request id of a refusal, where there are any. */
export function label({ status, code, requestId }: Refusal): string {
  // An operation that fails in its own body is answered with 200, which would read as a success.
  const parts = [code, status >= 300 ? `HTTP ${status}` : '', requestId === '' ? '' : `request ${requestId}`];
  return parts.filter((part) => part !== '').join(', ');
}

/** ARM's own words for a vault, or its group, that is not there. */
const absentCodes = new Set(['resourcenotfound', 'resourcegroupnotfound']);

/** Azure: "… because following scope(s) are locked: '<id>'. Please remove the lock and try again." */
export function locked({ refusal, vault }: RefusedRequest): Explanation {
  const scope = /scope\(s\) are locked: '([^']+)'/i.exec(refusal.message)?.[1] ?? vault.id;
  return {
    outcome: 'lockedByScope',
    cause: `A ReadOnly lock on ${scope} forbids every change.`,
    hint: 'Have the lock removed, try again, then put the lock back.',
    transient: false,
  };
}

/** Azure: "The subscription '…' is disabled and therefore marked as read only. …". */
export function readOnlySubscription({ refusal, attempted }: RefusedRequest): Explanation {
  return {
    outcome: 'failed',
    cause: `Its subscription is disabled, and so read-only: Azure refused the ${attempted} (${label(refusal)}): ${refusal.message}`,
    hint: 'No role helps: have the subscription enabled again, then run the same command again.',
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
  const needed = rightFor[attempted](vault.type);
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

const rightFor: Readonly<Record<Attempted, (type: string) => string>> = {
  read: readRight,
  write: writeRight,
  recovery: writeRight,
  purge: purgeRight,
};

/** The token is not accepted, or no more. */
export function signedOut({ refusal, vault, attempted }: RefusedRequest): Explanation {
  if (explainForbidden(refusal) !== undefined) return forbidden({ refusal, vault, attempted });
  return {
    outcome: 'unauthorized',
    cause: `Azure does not accept the sign-in (${label(refusal)}): ${refusal.message}`,
    hint: 'Sign in again, then run the same command again: `az login`',
    transient: false,
  };
}

/** A 404: the vault is not there, or its subscription is not visible. */
export function notFound({ refusal, vault, attempted }: RefusedRequest): Explanation {
  if (refusal.code.toLowerCase() === 'subscriptionnotfound') {
    return {
      outcome: 'failed',
      cause: `The subscription of ${vault.id} is not visible: ${refusal.message}`,
      hint: 'Check that you are signed in to its tenant, and have access to it.',
      transient: false,
    };
  }
  if (attempted === 'recovery' && refusal.code.toLowerCase() === 'resourcegroupnotfound') {
    return {
      outcome: 'failed',
      cause: `The resource group of ${vault.id} no longer exists: ${refusal.message}`,
      hint: 'Create a resource group of that name in that subscription, then try again.',
      transient: false,
    };
  }
  if (attempted === 'purge' && /^deleted(vault|managedhsm)notfound$/i.test(refusal.code)) {
    return {
      outcome: 'notFound',
      cause: 'It is no longer in the recycle bin.',
      hint: '',
      transient: false,
    };
  }
  if (!absentCodes.has(refusal.code.toLowerCase())) return refusedPlainly(refusal, attempted);
  return {
    outcome: 'notFound',
    cause: 'It no longer exists.',
    hint: recoverHint,
    transient: false,
  };
}

/** Azure: "Operation 'DeletedVaultPurge' is not allowed." It also says so for a moment while a deletion is carried out. */
export function notAllowed({ refusal, attempted }: RefusedRequest): Explanation {
  if (attempted !== 'purge') return refusedPlainly(refusal, attempted);
  return {
    outcome: 'conflict',
    cause: `Azure does not allow the purge (${label(refusal)}): ${refusal.message}`,
    hint: 'It has purge protection, or its deletion has not finished: list the recycle bin, then try again.',
    transient: true,
  };
}
