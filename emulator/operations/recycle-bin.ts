import {
  advancePurges,
  beginPurge,
  binSpellings,
  deletedIn,
  isProtected,
  purgeState,
  rowOf,
} from '../key-vault/recycle-bin.ts';
import { textOf } from '../key-vault/store.ts';
import { keyVaultApiVersions, type KeyVaultType } from '../key-vault/paths.ts';
import { param, type Operation, type OperationRequest } from '../operation.ts';
import { armError, authorizationFailed, json, page, subscriptionNotFound } from '../responses.ts';
import { may } from '../rights/rights.ts';
import { findSubscription, type TenantDeleted } from '../tenant.ts';
import type { World } from '../world.ts';

/** `GET /subscriptions/{s}/providers/Microsoft.KeyVault/deletedVaults`, paged. */
function listDeleted(type: KeyVaultType): Operation {
  const { collection } = binSpellings[type];
  return {
    method: 'GET',
    path: `/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/${collection}`,
    apiVersions: keyVaultApiVersions,
    handle: (request, world) => {
      const refusal = refuse(request, world, `${collection}/read`);
      if (refusal !== undefined) return refusal;
      const rows = deletedIn(world, param(request, 'subscriptionId'), type).map(rowOf);
      advancePurges(world);
      return page(rows, request.url, world.pageSizes.vaults);
    },
  };
}

/** `GET …/locations/{l}/deletedVaults/{n}`: 403, not 404, for whoever may not read it. */
function getDeleted(type: KeyVaultType): Operation {
  const { collection } = binSpellings[type];
  return {
    method: 'GET',
    path: entryPath(type),
    apiVersions: keyVaultApiVersions,
    handle: (request, world) => {
      const refusal = refuse(request, world, `locations/${collection}/read`);
      if (refusal !== undefined) return refusal;
      const entry = findEntry(request, world, type);
      advancePurges(world);
      return entry === undefined ? notInBin(request, type) : json(rowOf(entry));
    },
  };
}

/** `POST …/purge`: 202 with a `Location` and without `Retry-After`; recorded traffic of Azure/azure-cli. */
function purgeDeleted(type: KeyVaultType): Operation {
  const { collection, results } = binSpellings[type];
  return {
    method: 'POST',
    path: `${entryPath(type)}/purge`,
    apiVersions: keyVaultApiVersions,
    handle: (request, world) => {
      const refusal = refuse(request, world, `locations/${collection}/purge/action`);
      if (refusal !== undefined) return refusal;
      const entry = findEntry(request, world, type);
      if (entry === undefined) return notInBin(request, type);
      if (isProtected(entry.resource))
        return armError({
          status: 405,
          code: 'MethodNotAllowed',
          message: `Operation '${type === 'vaults' ? 'DeletedVaultPurge' : 'DeletedManagedHSMPurge'}' is not allowed.`,
        });
      const location = new URL(
        `/subscriptions/${param(request, 'subscriptionId')}/providers/Microsoft.KeyVault/locations/` +
          `${param(request, 'location')}/${results}/${beginPurge(world, entry)}`,
        request.url,
      );
      location.searchParams.set('api-version', '2026-02-01');
      return new Response(null, {
        status: 202,
        headers: { location: location.href, 'x-ms-request-id': world.newId() },
      });
    },
  };
}

/** `GET …/locations/{l}/operationResults/{token}`: an operation that has failed says so with 200, in its body. */
const getPurge: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/locations/{location}/operationResults/{token}',
  apiVersions: keyVaultApiVersions,
  handle: (request, world) =>
    refuse(request, world, 'locations/operationResults/read') ??
    answerPurge(request, world) ??
    armError({ status: 404, code: 'OperationNotFound', message: 'There is no such operation.' }),
};

/** The answer about a purge; `undefined` where the token names none. */
export function answerPurge(request: OperationRequest, world: World): Response | undefined {
  const state = purgeState(world, param(request, 'token'));
  if (state === undefined) return undefined;
  if (state === 'running')
    return new Response(null, { status: 202, headers: { location: request.url.href } });
  const [createdDateTime, lastActionDateTime] = ['2026-11-24 12:00:00Z', '2026-11-24 12:00:03Z'];
  const times = { createdDateTime, lastActionDateTime };
  return state === 'succeeded'
    ? json({ ...times, status: 'Succeeded' })
    : json({ ...times, status: 'Failed', error: { ...state.purgeFails } });
}

/** The recycle bins of vaults and managed HSMs. */
export const recycleBinOperations: readonly Operation[] = [
  ...(['vaults', 'managedHSMs'] as const).flatMap((type) => [
    listDeleted(type),
    getDeleted(type),
    purgeDeleted(type),
  ]),
  getPurge,
];

function entryPath(type: KeyVaultType): string {
  return `/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/locations/{location}/${binSpellings[type].collection}/{name}`;
}

function refuse(request: OperationRequest, world: World, right: string): Response | undefined {
  const id = param(request, 'subscriptionId');
  if (findSubscription(world.tenant, id) === undefined) return subscriptionNotFound(id);
  const action = `Microsoft.KeyVault/${right}`;
  if (may(world.tenant, action, `/subscriptions/${id}`)) return undefined;
  const isList = request.params['location'] === undefined;
  const scope = isList ? `/subscriptions/${id}` : decodeURIComponent(request.url.pathname);
  return authorizationFailed(world, action, scope);
}

function findEntry(request: OperationRequest, world: World, type: KeyVaultType): TenantDeleted | undefined {
  const name = param(request, 'name').toLowerCase();
  return deletedIn(world, param(request, 'subscriptionId'), type).find(
    ({ resource }) => textOf(resource, 'name').toLowerCase() === name,
  );
}

function notInBin(request: OperationRequest, type: KeyVaultType): Response {
  const [code, what] =
    type === 'vaults' ? ['DeletedVaultNotFound', 'vault'] : ['DeletedManagedHsmNotFound', 'managed HSM'];
  return armError({
    status: 404,
    code,
    message: `The specified deleted ${what} '${param(request, 'name')}' does not exist.`,
  });
}
