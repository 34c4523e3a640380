import { ancestorsOf, findSubscription, type Tenant } from '../tenant.ts';

const groups = '/providers/microsoft.management/managementgroups/';

/** A scope and all above it, up to `/`, in lower case. */
export function scopesAbove(tenant: Tenant, scope: string): readonly string[] {
  const own = scope.toLowerCase().replace(/\/+$/, '');
  if (own.startsWith(groups)) return [...groupScopes(tenant, own.slice(groups.length)), '/'];
  const [, kind, subscriptionId = '', nested, group] = own.split('/');
  if (kind !== 'subscriptions') return ['/'];
  const subscription = `/subscriptions/${subscriptionId}`;
  const inside = nested === 'resourcegroups' ? [`${subscription}/resourcegroups/${group}`] : [];
  const above = groupScopes(tenant, findSubscription(tenant, subscriptionId)?.managementGroup);
  return [...new Set([own, ...inside, subscription, ...above, '/'])];
}

/** The scope of a management group. */
export function groupScope(id: string): string {
  return `/providers/Microsoft.Management/managementGroups/${id}`;
}

/** True for a scope itself and everything in it, by the ids alone. */
export function isAtOrBelow(id: string, scope: string): boolean {
  return id.toLowerCase() === scope.toLowerCase() || id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
}

function groupScopes(tenant: Tenant, id: string | undefined): readonly string[] {
  return ancestorsOf(tenant, id).map((group) => groupScope(group.id).toLowerCase());
}
