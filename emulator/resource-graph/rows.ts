import type { JsonObject } from '../../src/model/json.ts';
import type { Row, Rows } from '../kql/value.ts';
import { readableResources } from '../rights/readable.ts';
import { may, reaches } from '../rights/rights.ts';
import { groupScope } from '../rights/scopes.ts';
import { ancestorsOf, placeOf, type Tenant, type TenantSubscription } from '../tenant.ts';
import { authorizationBodies } from './authorization-rows.ts';
import { policyBodies } from './policy-rows.ts';
import type { Scope } from './scope.ts';

/** The rows of a table that a scope shows. */
export function tableRows(table: string, tenant: Tenant, scope: Scope): Rows {
  const rows = tables[table];
  if (rows === undefined) throw new Error(`no rows for the table ${table}`);
  return rows(tenant, scope);
}

const tables: Readonly<Record<string, (tenant: Tenant, scope: Scope) => Rows>> = {
  resources: function* (tenant, scope) {
    for (const body of readableResources(tenant, scope.subscriptions))
      yield rowOf(shown(body, tenant), tenant.tenantId);
  },
  resourcecontainers: containers,
  authorizationresources: function* (tenant, scope) {
    for (const body of authorizationBodies(tenant, scope)) yield rowOf(body, tenant.tenantId);
  },
  policyresources: function* (tenant, scope) {
    for (const body of policyBodies(tenant, scope)) yield rowOf(body, tenant.tenantId);
  },
};

/** Resource Graph lags: for a moment it shows a resource as it was before a write. */
function shown(body: JsonObject, { stale }: Tenant): JsonObject {
  if (stale === undefined || stale.size === 0) return body;
  return stale.get(lower(body['id'])) ?? body;
}

/** A body as Resource Graph stores it: the type in lower case, its place in columns. */
export function rowOf(body: JsonObject, tenantId: string): Row {
  const { subscriptionId, resourceGroup } = placeOf(body);
  return {
    id: body['id'] ?? '',
    name: body['name'] ?? '',
    type: lower(body['type']),
    tenantId,
    kind: body['kind'] ?? '',
    location: lower(body['location']),
    resourceGroup: resourceGroup.toLowerCase(),
    subscriptionId,
    managedBy: body['managedBy'] ?? '',
    sku: body['sku'] ?? null,
    plan: body['plan'] ?? null,
    properties: body['properties'] ?? null,
    tags: body['tags'] ?? null,
    identity: body['identity'] ?? null,
    zones: body['zones'] ?? null,
    extendedLocation: body['extendedLocation'] ?? null,
    apiVersion: body['apiVersion'] ?? '',
  };
}

/** Management groups, subscriptions and resource groups. Groups show only at their own scope or the tenant's. */
function* containers(tenant: Tenant, scope: Scope): Rows {
  for (const group of tenant.managementGroups) {
    const isAsked = scope.managementGroups.has(group.id.toLowerCase());
    if (!isAsked || !may(tenant, 'Microsoft.Management/managementGroups/read', groupScope(group.id)))
      continue;
    const [, ...above] = ancestorsOf(tenant, group.id);
    const details = { managementGroupAncestorsChain: chain(above) };
    yield container(tenant, {
      id: `/providers/Microsoft.Management/managementGroups/${group.id}`,
      name: group.id,
      type: 'microsoft.management/managementgroups',
      properties: { displayName: group.displayName, tenantId: tenant.tenantId, details },
    });
  }
  for (const subscription of tenant.subscriptions) {
    if (!scope.subscriptions.has(subscription.id.toLowerCase()) || !shows(subscription, tenant, scope))
      continue;
    const managementGroupAncestorsChain = chain(ancestorsOf(tenant, subscription.managementGroup));
    yield container(tenant, {
      id: `/subscriptions/${subscription.id}`,
      name: subscription.name,
      type: 'microsoft.resources/subscriptions',
      properties: { managementGroupAncestorsChain, state: subscription.state ?? 'Enabled' },
    });
  }
  yield* resourceGroups(tenant, scope);
}

/** Nobody tells whether a right on a resource group alone makes the row of its subscription show. */
function shows(subscription: TenantSubscription, tenant: Tenant, { showsPartlyReadable }: Scope): boolean {
  if (showsPartlyReadable === true && reaches(tenant, subscription)) return true;
  return may(tenant, 'Microsoft.Resources/subscriptions/read', `/subscriptions/${subscription.id}`);
}

function* resourceGroups(tenant: Tenant, scope: Scope): Rows {
  const seen = new Set<string>();
  for (const resource of readableResources(tenant, scope.subscriptions)) {
    const { subscriptionId, resourceGroup } = placeOf(resource);
    const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
    if (resourceGroup === '' || seen.has(id.toLowerCase())) continue;
    seen.add(id.toLowerCase());
    yield container(tenant, {
      id,
      name: resourceGroup,
      type: 'microsoft.resources/subscriptions/resourcegroups',
      location: resource['location'],
      properties: { provisioningState: 'Succeeded' },
    });
  }
}

function container(tenant: Tenant, body: JsonObject): Row {
  return rowOf(body, tenant.tenantId);
}

function chain(groups: ReturnType<typeof ancestorsOf>): JsonObject[] {
  return groups.map(({ id, displayName }) => ({ name: id, displayName }));
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
