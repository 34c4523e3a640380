import type { Operation } from '../operation.ts';
import { armError, authorizationFailed, page } from '../responses.ts';
import { may } from '../rights/rights.ts';

const collections = [
  {
    of: 'Microsoft.Sql/servers',
    collection: 'encryptionProtector',
    apiVersions: ['2021-11-01', '2023-08-01'],
  },
  {
    of: 'Microsoft.Sql/managedInstances',
    collection: 'encryptionProtector',
    apiVersions: ['2021-11-01', '2023-08-01'],
  },
  {
    of: 'Microsoft.Storage/storageAccounts',
    collection: 'encryptionScopes',
    apiVersions: ['2022-09-01', '2023-05-01'],
  },
];

/** `GET {resource}/{collection}`: what is below a resource, and in no table of Resource Graph. */
export const listBelowResources: readonly Operation[] = collections.map(
  ({ of, collection, apiVersions }) => ({
    method: 'GET',
    path: `/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/${of}/{name}/${collection}`,
    apiVersions,
    handle: ({ url }, world) => {
      const path = decodeURIComponent(url.pathname);
      const parent = path.slice(0, path.lastIndexOf('/')).toLowerCase();
      const action = `${of}/${collection}/read`;
      if (!may(world.tenant, action, parent)) return authorizationFailed(world, action, parent);
      const { resources, below = [] } = world.tenant;
      const all = typeof resources === 'function' ? [...resources()] : resources;
      if (!all.some(({ id }) => typeof id === 'string' && id.toLowerCase() === parent))
        return armError({
          status: 404,
          code: 'ResourceNotFound',
          message: `The Resource '${parent}' was not found.`,
        });
      const rows = below.filter(
        ({ id }) => typeof id === 'string' && id.toLowerCase().startsWith(`${path.toLowerCase()}/`),
      );
      return page(rows, url, world.pageSizes.vaults);
    },
  }),
);
