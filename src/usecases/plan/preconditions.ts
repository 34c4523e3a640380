import type { PlanStep, PlanVault, Precondition } from '../../model/plan.ts';
import { locksRead, roleAssignmentsWrite } from '../../model/permission.ts';
import type { Lock, Preconditions } from '../../model/preconditions.ts';
import { grantOf } from '../../access/grant.ts';
import { writeRight } from '../../resource-types/known-type.ts';
import { objectAt } from '../../remediation/state.ts';

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

/**
 * Conditions under which Azure would refuse to change a vault. `missing` are needed actions that the caller does not hold on it;
 * `undefined` is what could not be read.
 */
function preconditionsOf(
  vault: Pick<PlanVault, 'id' | 'subscriptionId'>,
  locks: readonly Lock[] | undefined,
  missing: readonly string[] | undefined,
): readonly Precondition[] {
  return [...lockConditions(vault, locks), ...permissionConditions(vault, missing)];
}

/** The actions that the request of a step needs on its vault. */
function actionsFor({ vault, changes }: Pick<PlanStep, 'vault' | 'changes'>): readonly string[] {
  const switchesModel = objectAt(changes, 'properties')['enableRbacAuthorization'] !== undefined;
  return [writeRight(vault.type), ...(switchesModel ? [roleAssignmentsWrite] : [])];
}

function lockConditions(
  { id, subscriptionId }: Pick<PlanVault, 'id' | 'subscriptionId'>,
  locks: readonly Lock[] | undefined,
): readonly Precondition[] {
  if (locks === undefined) {
    const message = `Locks could not be read (${locksRead}): a ReadOnly lock may block the change.`;
    return [{ kind: 'notChecked', scope: `/subscriptions/${subscriptionId}`, message }];
  }
  return locks
    .filter(({ level, scope }) => level === 'ReadOnly' && isAtOrBelow(id, scope))
    .map(({ scope, name }) => ({
      kind: 'readOnlyLock',
      scope,
      message: `The ReadOnly lock "${name}" on ${scope} forbids every change; have it removed first.`,
    }));
}

function permissionConditions(
  { id }: Pick<PlanVault, 'id'>,
  missing: readonly string[] | undefined,
): readonly Precondition[] {
  if (missing === undefined)
    return [{ kind: 'notChecked', scope: id, message: 'Your own rights on this vault could not be read.' }];
  return missing.map((action) => {
    const purpose = action === roleAssignmentsWrite ? ', which switching its permission model takes' : '';
    const message = `You do not have ${action} on this vault${purpose}.`;
    return { kind: 'missingPermission', scope: id, message };
  });
}

function isAtOrBelow(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/+$/, '')];
  return inner === outer || inner.startsWith(`${outer}/`);
}
