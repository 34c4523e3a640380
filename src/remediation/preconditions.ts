import type { PlanVault, Precondition } from '../model/plan.ts';
import { isManagedHsm, resourceTypes } from '../model/resource.ts';
import type { Lock } from '../model/preconditions.ts';

/**
 * What would make Azure refuse to change a vault. `mayWrite` is whether the caller holds `writeAction` on it; `undefined`
 * is what could not be read.
 */
export function preconditionsOf(
  vault: Pick<PlanVault, 'id' | 'type' | 'subscriptionId'>,
  locks: readonly Lock[] | undefined,
  mayWrite: boolean | undefined,
): readonly Precondition[] {
  return [...lockConditions(vault, locks), ...permissionConditions(vault, mayWrite)];
}

/** The action that a change of this type of resource needs. */
export function writeAction(type: string): string {
  return `${isManagedHsm(type) ? resourceTypes.managedHsm : resourceTypes.vault}/write`;
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
  { id, type }: Pick<PlanVault, 'id' | 'type'>,
  mayWrite: boolean | undefined,
): readonly Precondition[] {
  if (mayWrite === undefined) {
    return [{ kind: 'notChecked', scope: id, message: 'Your own rights on this vault could not be read.' }];
  }
  if (mayWrite) return [];
  const message = `You do not have ${writeAction(type)} on this vault.`;
  return [{ kind: 'missingPermission', scope: id, message }];
}

function isAtOrBelow(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/+$/, '')];
  return inner === outer || inner.startsWith(`${outer}/`);
}
