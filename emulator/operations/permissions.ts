import { lacksRight } from '../key-vault/guards.ts';
import type { Operation } from '../operation.ts';
import { armError, page } from '../responses.ts';
import { permissionsAt } from '../rights/rights.ts';
import { findManagementGroup, findSubscription, type Tenant } from '../tenant.ts';

const scopes = [
  '/providers/Microsoft.Management/managementGroups/{groupId}',
  '/subscriptions/{subscriptionId}',
  '/subscriptions/{subscriptionId}/resourceGroups/{group}',
  '/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.KeyVault/{type}/{name}',
];

/** `GET {scope}/providers/Microsoft.Authorization/permissions`: what the caller may do there, by roles held there or above. */
export const listPermissions: readonly Operation[] = scopes.map((scope) => ({
  method: 'GET',
  path: `${scope}/providers/Microsoft.Authorization/permissions`,
  apiVersions: ['2015-07-01', '2018-07-01', '2022-04-01'],
  handle: ({ url, params }, world) => {
    const { tenant, pageSizes } = world;
    if (!exists(tenant, params)) return notFound(url);
    const [id = ''] = decodeURIComponent(url.pathname).split('/providers/Microsoft.Authorization/');
    const refusal = lacksRight({ id, action: 'Microsoft.Authorization/permissions/read' }, world);
    if (refusal !== undefined) return refusal;
    const entries = permissionsAt(tenant, id).map(({ actions, notActions, dataActions, notDataActions }) => {
      return { actions, notActions, dataActions, notDataActions };
    });
    return page(entries, url, pageSizes.permissions);
  },
}));

function exists(tenant: Tenant, { groupId, subscriptionId }: Readonly<Record<string, string>>): boolean {
  if (groupId !== undefined) return findManagementGroup(tenant, groupId) !== undefined;
  return findSubscription(tenant, subscriptionId ?? '') !== undefined;
}

function notFound({ pathname }: URL): Response {
  return armError({ status: 404, code: 'NotFound', message: `'${pathname}' not found` });
}
