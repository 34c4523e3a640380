import { grantOf } from '../../access/grant.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { Lock, Preconditions } from '../../model/preconditions.ts';
import { actionsFor, preconditionsOf } from '../../remediation/preconditions.ts';

/** Looks up what would be in the way of a step; the locks of a subscription are read once. */
export function preconditionLookups(
  preconditions: Preconditions,
  signal: AbortSignal,
): (step: PlanStep) => Promise<PlanStep> {
  const locks = new Map<string, Promise<readonly Lock[] | undefined>>();
  return async (step) => {
    const { vault } = step;
    const key = vault.subscriptionId.toLowerCase();
    const ofSubscription = locks.get(key) ?? preconditions.locks(vault.subscriptionId, signal);
    locks.set(key, ofSubscription);
    const permissions = await preconditions.permissions(vault.id, signal);
    const missing =
      permissions && actionsFor(step).filter((action) => grantOf(permissions, action) === 'notGranted');
    return { ...step, preconditions: preconditionsOf(vault, await ofSubscription, missing) };
  };
}
