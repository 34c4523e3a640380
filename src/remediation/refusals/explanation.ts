import type { Outcome } from '../../model/apply.ts';
import type { PlanVault } from '../../model/plan.ts';
import type { Refusal } from '../../model/refusal.ts';

/** The advice for a vault that no longer exists. */
export const recoverHint =
  'If it was deleted by mistake, recover it: purgeproof deleted list, then purgeproof deleted recover NAME.';

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

/** The code, status and request id of a refusal, where there are any. */
export function label({ status, code, requestId }: Refusal): string {
  const parts = [code, status > 0 ? `HTTP ${status}` : '', requestId === '' ? '' : `request ${requestId}`];
  return parts.filter((part) => part !== '').join(', ');
}
