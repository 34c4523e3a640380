import type { JsonObject } from '../../src/model/json.ts';
import { type Plane, rowOf, shownIn } from '../data-plane/objects.ts';
import { keyVaultApiVersions } from '../key-vault/paths.ts';
import { textOf } from '../key-vault/store.ts';
import { resourceNotFound } from '../key-vault/write.ts';
import { param, type Operation } from '../operation.ts';
import { authorizationFailed, page } from '../responses.ts';
import { readableResources } from '../rights/readable.ts';
import { may } from '../rights/rights.ts';

/**
 * `GET {vault}/keys`: the keys of a vault as ARM lists them, whatever its firewall says. The hidden keys of certificates are among
 * them, and nothing tells them apart. Source of the shape: Azure/azure-rest-api-specs, Microsoft.KeyVault, examples/listKeys.json.
 */
export const listVaultKeys: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{name}/keys',
  apiVersions: keyVaultApiVersions,
  handle: (request, world) => {
    const id = decodeURIComponent(request.url.pathname).replace(/\/keys\/?$/i, '');
    const action = 'Microsoft.KeyVault/vaults/keys/read';
    if (!may(world.tenant, action, id)) return authorizationFailed(world, action, id);
    const subscriptions = new Set([param(request, 'subscriptionId').toLowerCase()]);
    const all = [...readableResources(world.tenant, subscriptions)];
    const vault = all.find((one) => textOf(one, 'id').toLowerCase() === id.toLowerCase());
    if (vault === undefined) return resourceNotFound('vaults', request);
    const known = world.tenant.dataPlanes?.[textOf(vault, 'name').toLowerCase()] ?? { objects: [] };
    const plane: Plane = { ...known, vault, origin: `https://${textOf(vault, 'name')}.vault.azure.net:443` };
    return page(
      shownIn(plane, 'keys', false).map((shown) => armRow(rowOf(shown, plane), vault)),
      request.url,
      25,
    );
  },
};

function armRow({ kid, attributes, tags }: JsonObject, vault: JsonObject): JsonObject {
  const uri = typeof kid === 'string' ? kid : '';
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return {
    id: `${textOf(vault, 'id')}/keys/${name}`,
    name,
    type: 'Microsoft.KeyVault/vaults/keys',
    location: textOf(vault, 'location'),
    ...(tags === undefined ? {} : { tags }),
    properties: { attributes: withoutDays(attributes), keyUri: uri },
  };
}

/** ARM tells the level, and not the days. */
function withoutDays(attributes: JsonObject[string]): JsonObject {
  return typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes)
    ? Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'recoverableDays'))
    : {};
}
