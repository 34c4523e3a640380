import type { JsonObject } from '../../src/model/json.ts';
import { lacksRight } from '../key-vault/guards.ts';
import { param, type Operation } from '../operation.ts';
import { armError, json, page } from '../responses.ts';
import { roleDefinitionsIn, scopeIn } from '../rights/directory.ts';
import { isAtOrBelow, scopesAbove } from '../rights/scopes.ts';
import { findManagementGroup, findSubscription, type Tenant } from '../tenant.ts';
import type { World } from '../world.ts';

const provider = 'Microsoft.Authorization';
const scopes = [
  '/providers/Microsoft.Management/managementGroups/{groupId}',
  '/subscriptions/{subscriptionId}',
  '/subscriptions/{subscriptionId}/resourceGroups/{group}',
];

/** A collection that ARM lists at any scope: what stands there, above and below, or with `atScope()` not below. */
interface Collection {
  readonly type: string;
  readonly apiVersions: readonly string[];
  /** The rows; a response where the directory has no such thing. */
  readonly rows: (tenant: Tenant) => readonly JsonObject[] | Response;
}

const collections: readonly Collection[] = [
  {
    type: 'roleAssignments',
    apiVersions: ['2015-07-01', '2022-04-01'],
    rows: ({ directory }) => directory?.roleAssignments ?? [],
  },
  {
    type: 'denyAssignments',
    apiVersions: ['2022-04-01'],
    rows: ({ directory }) => directory?.denyAssignments ?? [],
  },
  {
    type: 'roleEligibilityScheduleInstances',
    apiVersions: ['2020-10-01'],
    rows: ({ directory }) => directory?.roleEligibilities ?? unlicensed(),
  },
];

/** The answer of Privileged Identity Management to a directory that has not bought it. */
function unlicensed(): Response {
  const message = 'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.';
  return armError({ status: 400, code: 'AadPremiumLicenseRequired', message });
}

const listings = collections.flatMap(({ type, apiVersions, rows }) =>
  scopes.map((path): Operation => ({
    method: 'GET',
    path: `${path}/providers/${provider}/${type}`,
    apiVersions,
    handle: ({ url, params }, world) => {
      const [scope = ''] = decodeURIComponent(url.pathname).split(`/providers/${provider}/`);
      const refusal = refuse(params, { scope, action: `${provider}/${type}/read` }, world);
      if (refusal !== undefined) return refusal;
      const all = rows(world.tenant);
      if (all instanceof Response) return all;
      const above = new Set(scopesAbove(world.tenant, scope));
      const isAtScope = /^atScope\(\)$/i.test(url.searchParams.get('$filter') ?? '');
      const found = all.filter((row) => {
        const at = scopeIn(row).toLowerCase();
        return above.has(at) || (!isAtScope && isBelow(at, scope, world.tenant));
      });
      return page(found, url, world.pageSizes.permissions);
    },
  })),
);

function isBelow(at: string, scope: string, tenant: Tenant): boolean {
  return isAtOrBelow(at, scope) || scopesAbove(tenant, at).includes(scope.toLowerCase());
}

/** `GET …/roleDefinitions/{guid}`, with a scope before it or without; the id is the same in each. */
const definitions = ['', ...scopes].map((path): Operation => ({
  method: 'GET',
  path: `${path}/providers/${provider}/roleDefinitions/{guid}`,
  apiVersions: ['2018-07-01', '2022-04-01'],
  handle: (request, world) => {
    const { url, params } = request;
    const [scope = ''] = decodeURIComponent(url.pathname).split(`/providers/${provider}/`);
    const action = `${provider}/roleDefinitions/read`;
    // Built-in roles are no secret: who may read anywhere may read them without a scope.
    const refusal = scope === '' ? undefined : refuse(params, { scope, action }, world);
    if (refusal !== undefined) return refusal;
    const guid = param(request, 'guid').toLowerCase();
    const found = roleDefinitionsIn(world.tenant.directory ?? {}).find(
      ({ name }) => typeof name === 'string' && name.toLowerCase() === guid,
    );
    if (found !== undefined) return json(found);
    const message = `The specified role definition with ID '${guid}' does not exist.`;
    return armError({ status: 404, code: 'RoleDefinitionDoesNotExist', message });
  },
}));

function refuse(
  { groupId, subscriptionId }: Readonly<Record<string, string>>,
  { scope, action }: { readonly scope: string; readonly action: string },
  world: World,
): Response | undefined {
  const { tenant } = world;
  const exists =
    groupId === undefined
      ? findSubscription(tenant, subscriptionId ?? '') !== undefined
      : findManagementGroup(tenant, groupId) !== undefined;
  if (!exists) return armError({ status: 404, code: 'NotFound', message: `'${scope}' not found` });
  return lacksRight({ id: scope, action }, world);
}

/** Role assignments, deny assignments, eligible ones, and role definitions. */
export const authorizationOperations: readonly Operation[] = [...listings, ...definitions];
