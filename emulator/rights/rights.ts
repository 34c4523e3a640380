import { findManagementGroup, findSubscription, type Tenant, type TenantSubscription } from '../tenant.ts';
import { grants, grantsData, roles, type Role } from './role.ts';
import { denialsOf, rolesOf } from './directory.ts';
import { isAtOrBelow, scopesAbove } from './scopes.ts';

/** Whether the principal may do something at a scope. Roles held above count; what is denied above is denied here. */
export function may(tenant: Tenant, action: string, scope: string): boolean {
  return (
    isOpen(tenant, scope) &&
    !isTakenAway(tenant, action, { scope, denies: grants }) &&
    isGranted(tenant, action, scope)
  );
}

/** Whether the principal may do something with what is in a vault. One without roles may, as if it held all of them. */
export function mayWithData(tenant: Tenant, action: string, scope: string): boolean {
  if (!isOpen(tenant, scope) || isTakenAway(tenant, action, { scope, denies: grantsData })) return false;
  if (rolesOf(tenant) === undefined) return true;
  return rolesAt(tenant, scope).some((role) => grantsData(role, action, tenant.innerWildcard));
}

/** Whether the principal may do something at a scope or anywhere in it: ARM then answers lists, and leaves out the rest. */
export function mayWithin(tenant: Tenant, action: string, scope: string): boolean {
  const inside = (rolesOf(tenant) ?? []).filter((one) => isBelow(one.scope, scope));
  const partly = accessAt(tenant, scope) === 'resourceGroups';
  return may(tenant, action, scope) || partly || inside.some((one) => may(tenant, action, one.scope));
}

/** Whether the principal holds any role on a subscription or in it. */
export function reaches(tenant: Tenant, { id, access }: TenantSubscription): boolean {
  if (access === 'denied') return false;
  const held = rolesOf(tenant);
  if (held === undefined) return true;
  const scope = `/subscriptions/${id}`;
  const above = new Set(scopesAbove(tenant, scope));
  return held.some(
    (one) => one.role.actions.length > 0 && (above.has(lower(one.scope)) || isBelow(one.scope, scope)),
  );
}

/**
 * The roles that the principal holds at a scope, as the permissions API tells them. Deny assignments are not in it: no
 * public source says that they would be.
 */
export function permissionsAt(tenant: Tenant, scope: string): readonly Required<Role>[] {
  const missing = (tenant.missingRights ?? [])
    .filter((right) => isAtOrBelow(scope, right.scope))
    .map(({ action }) => action);
  return rolesAt(tenant, scope).map((role: Role) => ({
    actions: role.actions,
    notActions: [...(role.notActions ?? []), ...missing],
    dataActions: role.dataActions ?? [],
    notDataActions: [...(role.notDataActions ?? []), ...missing],
  }));
}

/** A principal without roles is Owner of all that `access` leaves open, and of a group if all in it is open. */
function rolesAt(tenant: Tenant, scope: string): readonly Role[] {
  const above = scopesAbove(tenant, scope);
  const assigned = rolesOf(tenant)?.filter((one) => above.includes(lower(one.scope)));
  if (assigned !== undefined) return assigned.map(({ role }) => role);
  if (!isOpen(tenant, scope)) return [];
  if (lower(scope).startsWith('/subscriptions/')) return [roles.owner];
  const holdsClosed = tenant.subscriptions.some(
    ({ id, access = 'full' }) =>
      access !== 'full' && scopesAbove(tenant, `/subscriptions/${id}`).includes(lower(scope)),
  );
  return [holdsClosed ? groupReader : roles.owner];
}

const groupReader: Role = {
  actions: ['Microsoft.Management/managementGroups/*', 'Microsoft.Authorization/*/read'],
};

function isGranted(tenant: Tenant, action: string, scope: string): boolean {
  if (rolesOf(tenant) === undefined) return true;
  return rolesAt(tenant, scope).some((role) => grants(role, action, tenant.innerWildcard));
}

function isTakenAway(
  tenant: Tenant,
  action: string,
  { scope, denies }: { readonly scope: string; readonly denies: typeof grants },
): boolean {
  const missing = (tenant.missingRights ?? []).some(
    (right) => lower(right.action) === lower(action) && isAtOrBelow(scope, right.scope),
  );
  const denials = denialsOf(tenant);
  if (missing || denials.length === 0) return missing;
  const above = scopesAbove(tenant, scope);
  return denials.some(
    ({ scope: at, isOnlyAtScope, ...denial }) =>
      (isOnlyAtScope === true ? above[0] === lower(at) : above.includes(lower(at))) &&
      denies(denial, action, tenant.innerWildcard),
  );
}

/** Whether `access` lets the principal in. */
function isOpen(tenant: Tenant, scope: string): boolean {
  const access = accessAt(tenant, scope);
  if (access !== 'resourceGroups') return access !== 'denied';
  const [, , id = '', , group = ''] = lower(scope).split('/');
  const open = findSubscription(tenant, id)?.readableResourceGroups ?? [];
  return open.some((one) => lower(one) === group);
}

function accessAt(tenant: Tenant, scope: string): TenantSubscription['access'] {
  const segments = scope.split('/');
  if (segments[1]?.toLowerCase() === 'subscriptions')
    return findSubscription(tenant, segments[2] ?? '')?.access;
  return findManagementGroup(tenant, segments.at(-1) ?? '')?.access;
}

function isBelow(scope: string, outer: string): boolean {
  return lower(scope).startsWith(`${lower(outer)}/`);
}

function lower(text: string): string {
  return text.toLowerCase();
}
