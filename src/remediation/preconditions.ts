import type { PlanStep, PlanVault, Precondition } from '../model/plan.ts';
import { roleAssignmentsWrite } from '../model/permission.ts';
import type { Lock } from '../model/preconditions.ts';
import { writeRight } from '../resource-types/known-type.ts';
import { objectAt } from './state.ts';

/**
 * Conditions under which Azure would refuse to change a vault. `missing` are needed actions that the caller does not hold on it;
 * `undefined` is what could not be read.
 */
export function preconditionsOf(
  vault: Pick<PlanVault, 'id' | 'subscriptionId'>,
  locks: readonly Lock[] | undefined,
  missing: readonly string[] | undefined,
): readonly Precondition[] {
  return [...lockConditions(vault, locks), ...permissionConditions(vault, missing)];
}

/** The actions that the request of a step needs on its vault. */
export function actionsFor({ vault, changes }: Pick<PlanStep, 'vault' | 'changes'>): readonly string[] {
  const switchesModel = objectAt(changes, 'properties')['enableRbacAuthorization'] !== undefined;
  return [writeRight(vault.type), ...(switchesModel ? [roleAssignmentsWrite] : [])];
}

function lockConditions(
  { id, subscriptionId }: Pick<PlanVault, 'id' | 'subscriptionId'>,
  locks: readonly Lock[] | undefined,
): readonly Precondition[] {
  if (locks === undefined) {
    const message =
      'Locks could not be read (Microsoft.Authorization/locks/read): a ReadOnly lock may block the change.';
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
