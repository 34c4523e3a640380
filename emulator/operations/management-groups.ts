import type { JsonObject } from '../../src/model/json.ts';
import { param, type Operation, type OperationRequest } from '../operation.ts';
import { armError, authorizationFailed, json, page } from '../responses.ts';
import { may } from '../rights/rights.ts';
import { groupScope } from '../rights/scopes.ts';
import { findManagementGroup, type Tenant, type TenantManagementGroup } from '../tenant.ts';
import type { World } from '../world.ts';

const apiVersions = ['2020-02-01', '2020-05-01', '2021-04-01', '2023-04-01'];
const provider = '/providers/Microsoft.Management/managementGroups';

/** `GET …/managementGroups/{id}`. */
export const getManagementGroup: Operation = {
  method: 'GET',
  path: `${provider}/{groupId}`,
  apiVersions,
  handle: (request, world) => {
    const group = groupOf(request, world, 'read');
    if (group instanceof Response) return group;
    return json({
      id: `${provider}/${group.id}`,
      type: 'Microsoft.Management/managementGroups',
      name: group.id,
      properties: {
        tenantId: world.tenant.tenantId,
        displayName: group.displayName,
        details: { version: 1, ...parentOf(world.tenant, group) },
      },
    });
  },
};

/** `GET …/managementGroups/{id}/descendants`: every group and subscription below it, in pages. */
export const listDescendants: Operation = {
  method: 'GET',
  path: `${provider}/{groupId}/descendants`,
  apiVersions,
  handle: (request, world) => {
    const group = groupOf(request, world, 'descendants/read');
    if (group instanceof Response) return group;
    return page([...descendants(world.tenant, group.id)], request.url, world.pageSizes.descendants);
  },
};

function groupOf(
  request: OperationRequest,
  world: World,
  right: 'read' | 'descendants/read',
): TenantManagementGroup | Response {
  const id = param(request, 'groupId');
  const group = findManagementGroup(world.tenant, id);
  if (group === undefined) {
    return armError({ status: 404, code: 'NotFound', message: `'${provider}/${id}' not found` });
  }
  const action = `Microsoft.Management/managementGroups/${right}`;
  if (may(world.tenant, action, groupScope(group.id))) return group;
  return authorizationFailed(world, action, `${provider}/${id}`);
}

function parentOf(tenant: Tenant, group: TenantManagementGroup): JsonObject {
  const parent = group.parent === undefined ? undefined : findManagementGroup(tenant, group.parent);
  if (parent === undefined) return {};
  return { parent: { id: `${provider}/${parent.id}`, name: parent.id, displayName: parent.displayName } };
}

function* descendants(tenant: Tenant, groupId: string): Iterable<JsonObject> {
  const isChild = (parent: string | undefined): boolean => parent?.toLowerCase() === groupId.toLowerCase();
  const parent = { id: `${provider}/${groupId}` };
  for (const one of tenant.subscriptions.filter((child) => isChild(child.managementGroup))) {
    const properties = { displayName: one.name, parent };
    yield { id: `/subscriptions/${one.id}`, type: '/subscriptions', name: one.id, properties };
  }
  for (const one of tenant.managementGroups.filter((child) => isChild(child.parent))) {
    const properties = { displayName: one.displayName, parent };
    yield {
      id: `${provider}/${one.id}`,
      type: 'Microsoft.Management/managementGroups',
      name: one.id,
      properties,
    };
    yield* descendants(tenant, one.id);
  }
}
