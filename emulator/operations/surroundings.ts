import type { JsonObject } from '../../src/model/json.ts';
import type { Operation } from '../operation.ts';
import { armError, authorizationFailed, page } from '../responses.ts';
import { may } from '../rights/rights.ts';
import { isAtOrBelow, scopesAbove } from '../rights/scopes.ts';
import type { Tenant } from '../tenant.ts';
import { lockRows } from './locks.ts';

/** A collection that ARM lists beside a vault. */
interface Collection {
  readonly type: string;
  readonly apiVersions: readonly string[];
  readonly rows: (tenant: Tenant) => readonly JsonObject[];
}

const collections: readonly Collection[] = [
  {
    type: 'Microsoft.Authorization/roleAssignments',
    apiVersions: ['2015-07-01', '2022-04-01'],
    rows: ({ surroundings, directory }) => [
      ...(surroundings?.roleAssignments ?? []),
      ...(directory?.roleAssignments ?? []),
    ],
  },
  {
    type: 'Microsoft.Insights/diagnosticSettings',
    apiVersions: ['2021-05-01-preview'],
    rows: ({ surroundings }) => surroundings?.diagnosticSettings ?? [],
  },
  {
    type: 'Microsoft.EventGrid/eventSubscriptions',
    apiVersions: ['2022-06-15', '2025-02-15'],
    rows: ({ surroundings }) => surroundings?.eventSubscriptions ?? [],
  },
  {
    type: 'Microsoft.Authorization/locks',
    apiVersions: ['2016-09-01', '2020-05-01'],
    rows: ({ locks }) => lockRows(locks ?? []),
  },
];

/**
 * `GET {vault}/providers/{type}`. Role assignments and locks come with those that are inherited from above the vault;
 * `$filter=atScope()` leaves out the role assignments on single objects in it.
 */
export const listSurroundings: readonly Operation[] = ['vaults', 'managedHSMs'].flatMap((of) =>
  collections
    .filter(({ type }) => of === 'vaults' || type !== 'Microsoft.EventGrid/eventSubscriptions')
    .map((one) => listBeside(of, one)),
);

function listBeside(of: string, { type, apiVersions, rows }: Collection): Operation {
  return {
    method: 'GET',
    path: `/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.KeyVault/${of}/{name}/providers/${type}`,
    apiVersions,
    handle: ({ url }, world) => {
      const [vault = ''] = decodeURIComponent(url.pathname).split(`/providers/${type}`);
      const { tenant } = world;
      const action = `${type}/read`;
      if (!may(tenant, action, vault)) return authorizationFailed(world, action, vault);
      if (!isLive(tenant, vault)) return vaultNotFound(vault);
      const [provider = ''] = type.split('/');
      if (tenant.unregisteredProviders?.includes(provider) === true) return notRegistered(provider);
      const above = new Set(scopesAbove(tenant, vault));
      const atScope = url.searchParams.get('$filter') !== null;
      const wanted = rows(tenant).filter((row) => {
        const scope = scopeOf(row);
        return above.has(scope) || (!atScope && isAtOrBelow(scope, vault));
      });
      return page(wanted, url, world.pageSizes.vaults);
    },
  };
}

/** The scope in the id of what stands there, in lower case. */
function scopeOf({ id }: JsonObject): string {
  const text = typeof id === 'string' ? id.toLowerCase() : '';
  return text.slice(0, text.lastIndexOf('/providers/')) || '/';
}

function isLive({ resources }: Tenant, vault: string): boolean {
  const all = typeof resources === 'function' ? [...resources()] : resources;
  return all.some(({ id }) => typeof id === 'string' && id.toLowerCase() === vault.toLowerCase());
}

function vaultNotFound(vault: string): Response {
  const message = `The Resource '${vault.split('/providers/')[1] ?? ''}' was not found.`;
  return armError({ status: 404, code: 'ResourceNotFound', message });
}

/** As ARM says it for a provider that a subscription has never used. */
function notRegistered(provider: string): Response {
  const message = `The subscription is not registered to use namespace '${provider}'. See https://aka.ms/rps-not-found for how to register subscriptions.`;
  return armError({ status: 409, code: 'MissingSubscriptionRegistration', message });
}
