import type { JsonObject } from '../../src/model/json.ts';
import { roleDefinitionsIn, scopeIn } from '../rights/directory.ts';
import { may } from '../rights/rights.ts';
import type { Tenant } from '../tenant.ts';
import { shownScopes } from './authorization-scope.ts';
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
  const isShown = shownScopes(tenant, scope, `${provider}/roleAssignments/read`);
  for (const body of bodies) if (isShown(scopeIn(body))) yield body;
}
