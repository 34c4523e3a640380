import type { JsonObject } from '../../src/model/json.ts';
import { keyVaultApiVersions, type KeyVaultType } from '../key-vault/paths.ts';
import { resourceNotFound } from '../key-vault/write.ts';
import { param, type Operation, type OperationRequest } from '../operation.ts';
import { authorizationFailed, json, page, subscriptionNotFound } from '../responses.ts';
import { readableResources } from '../rights/readable.ts';
import { may, mayWithin } from '../rights/rights.ts';
import { findSubscription } from '../tenant.ts';
import type { World } from '../world.ts';

/** `GET …/resourceGroups/{g}/providers/Microsoft.KeyVault/{type}/{name}`. */
export function getKeyVaultResource(type: KeyVaultType): Operation {
  return {
    method: 'GET',
    path: `/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.KeyVault/${type}/{name}`,
    apiVersions: keyVaultApiVersions,
    handle: (request, world) => {
      const refusal = refuse(request, world, type);
      if (refusal !== undefined) return refusal;
      const found = resourcesOf(request, world, type).find((one) => isSame(one['id'], request.url.pathname));
      return found === undefined ? resourceNotFound(type, request) : json(found);
    },
  };
}

/**
 * `GET /subscriptions/{s}/providers/Microsoft.KeyVault/{type}`, in the small pages that the service is known for. Who may
 * read in one resource group only gets what is there, which is why a list is no evidence of a right on the subscription.
 */
export function listKeyVaultResources(type: KeyVaultType): Operation {
  return {
    method: 'GET',
    path: `/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/${type}`,
    apiVersions: keyVaultApiVersions,
    handle: (request, world) => {
      const refusal = refuse(request, world, type);
      if (refusal !== undefined) return refusal;
      const size = Number(request.url.searchParams.get('$top') ?? world.pageSizes.vaults);
      return page(resourcesOf(request, world, type), request.url, size);
    },
  };
}

function refuse(request: OperationRequest, world: World, type: KeyVaultType): Response | undefined {
  const id = param(request, 'subscriptionId');
  const subscription = findSubscription(world.tenant, id);
  if (subscription === undefined) return subscriptionNotFound(id);
  const action = `Microsoft.KeyVault/${type}/read`;
  const isList = request.params['name'] === undefined;
  const scope = isList ? `/subscriptions/${id}` : decodeURIComponent(request.url.pathname);
  const mayRead = (isList ? mayWithin : may)(world.tenant, action, scope);
  return mayRead ? undefined : authorizationFailed(world, action, scope);
}

function resourcesOf(request: OperationRequest, world: World, type: KeyVaultType): readonly JsonObject[] {
  const subscriptions = new Set([param(request, 'subscriptionId').toLowerCase()]);
  return [...readableResources(world.tenant, subscriptions)].filter((one) =>
    isSame(one['type'], `Microsoft.KeyVault/${type}`),
  );
}

function isSame(value: unknown, other: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === decodeURIComponent(other).toLowerCase();
}
