import { isAtOrBelow, lacksRight } from '../key-vault/guards.ts';
import { param, type Operation } from '../operation.ts';
import { json } from '../responses.ts';

/** `GET /subscriptions/{s}/providers/Microsoft.Authorization/locks`: all locks on it and in it. */
export const listLocks: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/locks',
  apiVersions: ['2016-09-01', '2020-05-01'],
  handle: (request, world) => {
    const scope = `/subscriptions/${param(request, 'subscriptionId')}`;
    const refusal = lacksRight({ id: scope, action: 'Microsoft.Authorization/locks/read' }, world);
    if (refusal !== undefined) return refusal;
    const locks = (world.tenant.locks ?? []).filter((lock) => isAtOrBelow(lock.scope, scope));
    return json({
      value: locks.map((lock) => ({
        id: `${lock.scope}/providers/Microsoft.Authorization/locks/${lock.name}`,
        name: lock.name,
        type: 'Microsoft.Authorization/locks',
        properties: { level: lock.level },
      })),
    });
  },
};

/** `GET {vault}/providers/Microsoft.Authorization/permissions`: what the caller may do there. */
export const listPermissions: Operation = {
  method: 'GET',
  path:
    '/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.KeyVault/{type}/{name}' +
    '/providers/Microsoft.Authorization/permissions',
  apiVersions: ['2015-07-01', '2018-07-01', '2022-04-01'],
  handle: (request, world) => {
    const [id = ''] = decodeURIComponent(request.url.pathname).split('/providers/Microsoft.Authorization/');
    const refusal = lacksRight({ id, action: 'Microsoft.Authorization/permissions/read' }, world);
    if (refusal !== undefined) return refusal;
    const notActions = (world.tenant.missingRights ?? [])
      .filter(({ scope }) => isAtOrBelow(id, scope))
      .map(({ action }) => action);
    return json({ value: [{ actions: ['*'], notActions, dataActions: [], notDataActions: [] }] });
  },
};
