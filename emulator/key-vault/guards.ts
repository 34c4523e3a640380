import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { armError, authorizationFailed } from '../responses.ts';
import { findSubscription } from '../tenant.ts';
import { may } from '../rights/rights.ts';
import { isAtOrBelow } from '../rights/scopes.ts';
import type { World } from '../world.ts';

/** A write as ARM's front door sees it: what it is about, and what would become of that. */
export interface GuardedWrite {
  readonly id: string;
  readonly action: string;
  readonly after: JsonObject;
}

/** Refuses a write for want of a right, in a subscription that is disabled, for a ReadOnly lock, or by policy, in that order. */
export function guardWrite(write: GuardedWrite, world: World): Response | undefined {
  return (
    lacksRight(write, world) ?? isDisabled(write, world) ?? isLocked(write, world) ?? isDenied(write, world)
  );
}

/** Refuses an action that the principal may not do here. */
export function lacksRight(
  { id, action }: Pick<GuardedWrite, 'id' | 'action'>,
  world: World,
): Response | undefined {
  return may(world.tenant, action, id) ? undefined : authorizationFailed(world, action, id);
}

/** The properties of a vault before and after a write. */
export interface ModelSwitch {
  readonly id: string;
  readonly before: Json | undefined;
  readonly after: JsonObject;
}

/**
 * Refuses to switch the permission model of a live vault for whoever may not assign roles on it. Code, words and status
 * as public reports show them: Azure/bicep#13541.
 */
export function guardPermissionModel(
  { id, before, after }: ModelSwitch,
  { tenant, principal }: World,
): Response | undefined {
  const action = 'Microsoft.Authorization/roleAssignments/write';
  if (!isJsonObject(before) || usesRbac(before) === usesRbac(after) || may(tenant, action, id))
    return undefined;
  return armError({
    status: 400,
    code: 'InsufficientPermissions',
    message:
      'Caller is not allowed to change permission model. For more information on how to change the permissions model ' +
      `follow this link: https://go.microsoft.com/fwlink/?linkid=2155160. Details: oid=${principal.objectId}; ` +
      `action=${action}; resource=${id.toLowerCase()}; decision=NotAllowed`,
  });
}

function usesRbac({ enableRbacAuthorization }: JsonObject): boolean {
  return enableRbacAuthorization === true;
}

/** Code and words as public reports show them: microsoft/vscode-azureappservice#1564. */
function isDisabled({ id }: GuardedWrite, { tenant }: World): Response | undefined {
  const subscriptionId = id.split('/')[2] ?? '';
  if (findSubscription(tenant, subscriptionId)?.state !== 'Disabled') return undefined;
  return armError({
    status: 409,
    code: 'ReadOnlyDisabledSubscription',
    message:
      `The subscription '${subscriptionId}' is disabled and therefore marked as read only. You cannot perform any write ` +
      'actions on this subscription until it is re-enabled.',
  });
}

function isLocked({ id }: GuardedWrite, { tenant }: World): Response | undefined {
  const lock = (tenant.locks ?? []).find(
    ({ level, scope }) => level === 'ReadOnly' && isAtOrBelow(id, scope),
  );
  if (lock === undefined) return undefined;
  return armError({
    status: 409,
    code: 'ScopeLocked',
    message:
      `The scope '${id}' cannot perform write operation because following scope(s) are locked: '${lock.scope}'. ` +
      'Please remove the lock and try again.',
  });
}

function isDenied({ id, after }: GuardedWrite, { tenant }: World): Response | undefined {
  const policy = (tenant.denyPolicies ?? []).find(
    ({ scope, denies }) => isAtOrBelow(id, scope) && denies(after),
  );
  if (policy === undefined) return undefined;
  const name = id.slice(id.lastIndexOf('/') + 1);
  const info = {
    policyDefinitionDisplayName: policy.name,
    policyDefinitionEffect: 'deny',
    policyAssignmentScope: policy.scope,
    evaluationDetails: { evaluatedExpressions: [] },
  };
  return armError({
    status: 403,
    code: 'RequestDisallowedByPolicy',
    message: `Resource '${name}' was disallowed by policy. Policy identifiers: '[{"policyDefinition":{"name":"${policy.name}"}}]'.`,
    extra: { target: name, additionalInfo: [{ type: 'PolicyViolation', info }] },
  });
}
