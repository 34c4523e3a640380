import { lacksRight } from '../key-vault/guards.ts';
import { param, type Operation } from '../operation.ts';
import { armError, json } from '../responses.ts';

/** `GET /subscriptions/{s}/resourcegroups/{g}`: every group is there that the tenant does not miss. */
export const getResourceGroup: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/resourceGroups/{group}',
  apiVersions: ['2020-06-01', '2021-04-01', '2022-09-01', '2024-03-01'],
  handle: (request, world) => {
    const name = param(request, 'group');
    const id = `/subscriptions/${param(request, 'subscriptionId')}/resourceGroups/${name}`;
    const action = 'Microsoft.Resources/subscriptions/resourceGroups/read';
    const refusal = lacksRight({ id, action }, world);
    if (refusal !== undefined) return refusal;
    const missing = world.tenant.missingResourceGroups ?? [];
    if (missing.some((one) => one.toLowerCase() === id.toLowerCase()))
      return armError({
        status: 404,
        code: 'ResourceGroupNotFound',
        message: `Resource group '${name}' could not be found.`,
      });
    const type = 'Microsoft.Resources/resourceGroups';
    return json({ id, name, type, location: 'westeurope', properties: { provisioningState: 'Succeeded' } });
  },
};
