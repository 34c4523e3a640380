import { describe, expect, test } from 'vitest';
import { emulator, type EmulatorOptions, guidOf, type Tenant } from '../../emulator/index.ts';
import { builtInRoles } from '../../emulator/rights/built-in-roles.ts';
import { roles } from '../../emulator/rights/role.ts';
import { customRoleBody, denyAssignmentBody, roleAssignmentBody } from '../../emulator/tenants/bodies.ts';
import { defaultPrincipal, type TenantDirectory } from '../../emulator/tenant.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { graphClient, ids, smallTenant } from './azure.ts';

const groups = '/providers/Microsoft.Management/managementGroups';
const one = `/subscriptions/${ids.one}`;
const two = `/subscriptions/${ids.two}`;
const vault = `${two}/resourceGroups/RG-a/providers/Microsoft.KeyVault/vaults/kv-two-a`;
const alice = guidOf('alice');
const me = defaultPrincipal.objectId;

const scopes = ['/', `${groups}/root`, `${groups}/inner`, one, two, `${two}/resourceGroups/RG-a`, vault];
const directory: TenantDirectory = {
  roleAssignments: scopes.map((scope) =>
    roleAssignmentBody({ scope, role: builtInRoles.Owner.id, principalId: alice }),
  ),
};

function tenantWith(changes: Partial<Tenant>): Tenant {
  return { ...smallTenant(), directory: structuredClone(directory), ...changes };
}

async function get(path: string, tenant: Tenant): Promise<{ status: number; body: JsonObject }> {
  const azure = emulator(tenant, { pageSizes: { permissions: 100, vaults: 100 } });
  const token = await azure.credential.getToken('https://management.azure.com/.default');
  const url = `https://management.azure.com${path}`;
  const headers = { authorization: `Bearer ${token?.token}` };
  const response = await azure.fetch(new Request(url, { headers }));
  const body: unknown = await response.json();
  return { status: response.status, body: isJsonObject(body) ? body : {} };
}

function scopesIn({ value }: JsonObject): readonly unknown[] {
  return Array.isArray(value)
    ? value.map((row: Json) =>
        isJsonObject(row) && isJsonObject(row['properties']) ? row['properties']['scope'] : '',
      )
    : [];
}

const list = (scope: string, type = 'roleAssignments', version = '2022-04-01') =>
  `${scope}/providers/Microsoft.Authorization/${type}?api-version=${version}`;

interface Filter {
  readonly subscriptions?: readonly string[];
  readonly authorizationScopeFilter?: 'AtScopeAndBelow' | 'AtScopeAboveAndBelow' | 'AtScopeAndAbove';
}

async function rows(
  tenant: Tenant,
  { subscriptions, authorizationScopeFilter }: Filter = {},
  options: EmulatorOptions = {},
): Promise<readonly unknown[]> {
  const { data } = await graphClient(emulator(tenant, options)).resources({
    query:
      "authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | project id, scope = tostring(properties.scope) | order by id asc",
    ...(subscriptions === undefined ? {} : { subscriptions: [...subscriptions] }),
    options: {
      resultFormat: 'objectArray',
      ...(authorizationScopeFilter === undefined ? {} : { authorizationScopeFilter }),
    },
  });
  const found: readonly { readonly scope: string }[] = data;
  return found.map(({ scope }) => scope).toSorted((a, b) => scopes.indexOf(a) - scopes.indexOf(b));
}

describe('role assignments of ARM', () => {
  test.for<[string, string, readonly string[]]>([
    ['of a subscription: above, at and below it', two, [...scopes.slice(0, 3), two, ...scopes.slice(5)]],
    ['of another one', one, ['/', `${groups}/root`, one]],
    ['of a management group', `${groups}/inner`, [...scopes.slice(0, 3), two, ...scopes.slice(5)]],
  ])('%s', async ([, scope, expected]) => {
    const { status, body } = await get(list(scope), tenantWith({}));
    expect([status, scopesIn(body)]).toEqual([200, expected]);
  });

  test('of a vault are those that are inherited, and its own', async () => {
    const { body } = await get(list(vault), tenantWith({}));
    expect(scopesIn(body)).toContain(`${groups}/root`);
    expect(scopesIn(body)).toContain(vault);
  });

  test('with atScope() they leave out what is below', async () => {
    const { body } = await get(`${list(two)}&$filter=atScope()`, tenantWith({}));
    expect(scopesIn(body)).toEqual(['/', `${groups}/root`, `${groups}/inner`, two]);
  });

  test('take the right to read them, at that scope', async () => {
    const tenant = tenantWith({ roleAssignments: [{ scope: two, role: roles.costManagementReader }] });
    expect((await get(list(two), tenant)).status).toBe(403);
    expect((await get(list(`${groups}/none`), tenant)).status).toBe(404);
  });
});

describe('the rows of Resource Graph', () => {
  test('are those at the scope of the query and below, unless what is above is asked for', async () => {
    const subscriptions = [ids.two];
    const below = [two, `${two}/resourceGroups/RG-a`, vault];
    expect(await rows(tenantWith({}), { subscriptions })).toEqual(below);
    expect(
      await rows(tenantWith({}), { subscriptions, authorizationScopeFilter: 'AtScopeAboveAndBelow' }),
    ).toEqual([...scopes.slice(0, 3), ...below]);
    expect(
      await rows(tenantWith({}), { subscriptions, authorizationScopeFilter: 'AtScopeAndAbove' }),
    ).toEqual(scopes.slice(0, 3));
  });

  test('show what is above to who may read it there; whether it is enough to inherit it, nobody tells', async () => {
    const filter = { subscriptions: [ids.two], authorizationScopeFilter: 'AtScopeAboveAndBelow' } as const;
    const tenant = tenantWith({ roleAssignments: [{ scope: two, role: roles.reader }] });
    expect(await rows(tenant, filter)).toEqual([two, `${two}/resourceGroups/RG-a`, vault]);
    expect(await rows(tenant, filter, { inheritedAssignments: 'shown' })).toHaveLength(6);
  });

  test('hold no deny assignments and nothing of Privileged Identity Management', async () => {
    const tenant = tenantWith({});
    tenant.directory = {
      ...directory,
      denyAssignments: [denyAssignmentBody(two, { actions: ['*/write'] })],
      roleEligibilities: directory.roleAssignments ?? [],
    };
    const { data } = await graphClient(emulator(tenant)).resources({
      query: 'authorizationresources | summarize n = count() by type | order by type asc',
      options: { resultFormat: 'objectArray' },
    });
    const types: readonly { readonly type: string }[] = data;
    expect(types.map(({ type }) => type)).toEqual([
      'microsoft.authorization/roleassignments',
      'microsoft.authorization/roledefinitions',
    ]);
  });
});

describe('what the directory says of the principal is in force', () => {
  const read = `${vault}?api-version=2026-02-01`;

  test('a role, a custom one, and none of somebody else', async () => {
    const custom = customRoleBody('Lister', { actions: ['Microsoft.KeyVault/vaults/read'] });
    const tenant = tenantWith({});
    tenant.directory = {
      roleDefinitions: [custom],
      roleAssignments: [
        roleAssignmentBody({ scope: '/', role: builtInRoles.Owner.id, principalId: alice }),
        roleAssignmentBody({ scope: vault, role: guidOf('custom role Lister'), principalId: me }),
      ],
    };
    expect((await get(read, tenant)).status).toBe(200);
    expect((await get(list(two), tenant)).status).toBe(403);
    expect((await get(read.replace('kv-two-a', 'kv-two-b'), tenant)).status).toBe(403);
  });

  test('a deny assignment, unless it excludes the principal or only audits', async () => {
    const denied = async (more: JsonObject): Promise<number> => {
      const tenant = tenantWith({ roleAssignments: [{ scope: '/', role: roles.owner }] });
      const denial = denyAssignmentBody(`${two}/resourceGroups/RG-a`, { actions: ['*/read'] }, more);
      tenant.directory = { denyAssignments: [denial] };
      return (await get(read, tenant)).status;
    };
    expect(await denied({})).toBe(403);
    expect(await denied({ principals: [{ id: me, type: 'ServicePrincipal' }] })).toBe(403);
    expect(await denied({ principals: [{ id: alice, type: 'User' }] })).toBe(200);
    expect(await denied({ excludePrincipals: [{ id: me, type: 'ServicePrincipal' }] })).toBe(200);
    expect(await denied({ doNotApplyToChildScopes: true })).toBe(200);
    expect(await denied({ denyAssignmentEffect: 'audit' })).toBe(200);
  });
});

test('a role definition has one id at every scope', async () => {
  const path = `/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles.Owner.id}?api-version=2022-04-01`;
  const tenant = tenantWith({});
  expect((await get(path, tenant)).body).toMatchObject({ properties: { roleName: 'Owner' } });
  expect(await get(`${two}${path}`, tenant)).toEqual(await get(path, tenant));
  expect((await get(path.replace('8e3a', '0000'), tenant)).status).toBe(404);
});

test('eligible assignments take a licence', async () => {
  const path = list(two, 'roleEligibilityScheduleInstances', '2020-10-01');
  expect(await get(path, tenantWith({}))).toMatchObject({
    status: 400,
    body: { error: { code: 'AadPremiumLicenseRequired' } },
  });
  const tenant = tenantWith({});
  tenant.directory = { roleEligibilities: directory.roleAssignments?.slice(4) ?? [] };
  expect(scopesIn((await get(path, tenant)).body)).toEqual([two, `${two}/resourceGroups/RG-a`, vault]);
});
