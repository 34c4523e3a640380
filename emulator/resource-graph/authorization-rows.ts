import type { JsonObject } from '../../src/model/json.ts';
import { roleDefinitionsIn, scopeIn } from '../rights/directory.ts';
import { may } from '../rights/rights.ts';
import { scopesAbove } from '../rights/scopes.ts';
import type { Tenant } from '../tenant.ts';
import type { Scope } from './scope.ts';

const provider = 'Microsoft.Authorization';

/**
 * The bodies in `authorizationresources`: role assignments and role definitions. Deny assignments and what Privileged Identity
 * Management knows are not among its types.
 * Source: https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
 */
export function* authorizationBodies(tenant: Tenant, scope: Scope): Iterable<JsonObject> {
  const { directory } = tenant;
  if (directory === undefined) return;
  yield* roleAssignments(directory.roleAssignments ?? [], tenant, scope);
  const mayRead = [...scope.subscriptions].some((id) =>
    may(tenant, `${provider}/roleDefinitions/read`, `/subscriptions/${id}`),
  );
  if (mayRead) yield* roleDefinitionsIn(directory);
}

/** `AtScopeAndBelow` is the default: roles that are assigned above what a query names are then left out. */
function* roleAssignments(bodies: readonly JsonObject[], tenant: Tenant, scope: Scope): Iterable<JsonObject> {
  const isAbove = above(tenant, scope);
  const readable = new Map<string, boolean>();
  for (const body of bodies) {
    const at = scopeIn(body).toLowerCase();
    const known = readable.get(at) ?? (isInScope(at, scope, isAbove) && isReadable(at, tenant, scope));
    readable.set(at, known);
    if (known) yield body;
  }
}

function isInScope(at: string, scope: Scope, isAbove: ReadonlySet<string>): boolean {
  const [, kind, id = '', , group = ''] = at.split('/');
  if (kind === 'subscriptions') return scope.hidesBelow !== true && scope.subscriptions.has(id);
  return isAbove.has(at) || scope.managementGroups.has(group);
}

function above(tenant: Tenant, scope: Scope): ReadonlySet<string> {
  if (scope.showsAbove !== true) return new Set();
  return new Set([...scope.subscriptions].flatMap((id) => scopesAbove(tenant, `/subscriptions/${id}`)));
}

/** Nobody tells whether what is inherited shows to whoever may read it only below the scope where it is assigned. */
function isReadable(at: string, tenant: Tenant, scope: Scope): boolean {
  const action = `${provider}/roleAssignments/read`;
  if (may(tenant, action, at)) return true;
  if (at.startsWith('/subscriptions/') || scope.showsInherited !== true) return false;
  return [...scope.subscriptions].some((id) => may(tenant, action, `/subscriptions/${id}`));
}
