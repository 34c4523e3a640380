import { describe, expect, test } from 'vitest';
import { emulator, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { grants, roles } from '../../emulator/rights/role.ts';
import { graphClient, ids, smallTenant } from './azure.ts';

const group = '/providers/Microsoft.Management/managementGroups';
const one = `/subscriptions/${ids.one}`;
const two = `/subscriptions/${ids.two}`;

function holding(assignments: Tenant['roleAssignments'], changes: Partial<Tenant> = {}): Tenant {
  return { ...smallTenant(), roleAssignments: assignments ?? [], ...changes };
}

async function get(path: string, tenant: Tenant): Promise<{ status: number; body: unknown }> {
  const azure = emulator(tenant);
  const token = await azure.credential.getToken('https://management.azure.com/.default');
  const response = await azure.fetch(
    new Request(`https://management.azure.com${path}`, {
      headers: { authorization: `Bearer ${token?.token}` },
    }),
  );
  return { status: response.status, body: await response.json() };
}

const permissions = (scope: string): string =>
  `${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
const vaults = (scope: string): string =>
  `${scope}/providers/Microsoft.KeyVault/vaults?api-version=2026-02-01&$top=9`;

async function rows(
  query: string,
  tenant: Tenant,
  options: EmulatorOptions = {},
): Promise<readonly string[]> {
  const { data } = await graphClient(emulator(tenant, options)).resources({
    query: `${query} | project id, name | order by id asc`,
    options: { resultFormat: 'objectArray' },
  });
  const found: readonly { readonly name: string }[] = data;
  return found.map(({ name }) => name);
}

describe('permissions', () => {
  test('are the roles held at a scope and above it', async () => {
    const tenant = holding([
      { scope: `${group}/root`, role: roles.reader },
      { scope: two, role: { actions: ['*'], notActions: ['Microsoft.KeyVault/*'] } },
    ]);
    const reader = { actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] };
    const custom = { ...reader, actions: ['*'], notActions: ['Microsoft.KeyVault/*'] };
    expect(await get(permissions(`${group}/inner`), tenant)).toEqual({
      status: 200,
      body: { value: [reader] },
    });
    expect(await get(permissions(one), tenant)).toEqual({ status: 200, body: { value: [reader] } });
    expect(await get(permissions(two), tenant)).toEqual({ status: 200, body: { value: [reader, custom] } });
    expect(await get(permissions(`${two}/resourceGroups/rg-a`), tenant)).toMatchObject({ status: 200 });
  });

  test.for<[string, Tenant, string, number]>([
    [
      'held on a resource group only',
      holding([{ scope: `${one}/resourceGroups/rg-a`, role: roles.reader }]),
      one,
      403,
    ],
    ['held below a group', holding([{ scope: one, role: roles.reader }]), `${group}/root`, 403],
    [
      'without the right to read permissions',
      holding([{ scope: one, role: roles.costManagementReader }]),
      one,
      403,
    ],
    ['of a group that does not exist', smallTenant(), `${group}/none`, 404],
    [
      'of a subscription that does not exist',
      smallTenant(),
      '/subscriptions/00000000-0000-4000-8000-000000000000',
      404,
    ],
  ])('%s', async ([, tenant, scope, status]) => {
    expect((await get(permissions(scope), tenant)).status).toBe(status);
  });

  test('do not tell of deny assignments', async () => {
    const tenant = holding([{ scope: one, role: roles.reader }], {
      denyAssignments: [{ scope: one, actions: ['Microsoft.KeyVault/vaults/read'] }],
    });
    expect(await get(permissions(one), tenant)).toMatchObject({
      body: { value: [{ actions: ['*/read'], notActions: [] }] },
    });
    expect((await get(vaults(one), tenant)).status).toBe(403);
    expect(await rows('resources', tenant)).toEqual([]);
  });

  test('of a principal that is told no roles are those that access leaves open', async () => {
    const closed = smallTenant({ two: { access: 'denied' } });
    const owner = { value: [{ actions: ['*'], notActions: [] }] };
    expect(await get(permissions(`${group}/root`), smallTenant())).toMatchObject({
      status: 200,
      body: owner,
    });
    expect(await get(permissions(one), closed)).toMatchObject({ status: 200, body: owner });
    expect(JSON.stringify(await get(permissions(`${group}/root`), closed))).not.toContain('"*"');
    expect((await get(permissions(two), closed)).status).toBe(403);
  });
});

describe('rows of Resource Graph', () => {
  const containers = "resourcecontainers | where type == 'microsoft.resources/subscriptions'";

  test('of a subscription that shows, its vaults only with a right on them', async () => {
    const tenant = holding([
      { scope: one, role: roles.costManagementReader },
      { scope: two, role: roles.reader },
    ]);
    expect(await rows(containers, tenant)).toEqual(expect.arrayContaining(['One', 'Two']));
    expect(await rows('resources', tenant)).toEqual(['kv-two-a', 'kv-two-b', 'kv-two-c']);
  });

  test('of one resource group, and of its subscription in one of two ways', async () => {
    const tenant = holding([{ scope: `${one}/resourceGroups/rg-A`, role: roles.reader }]);
    expect(await rows('resources', tenant)).toEqual(['kv-one-a']);
    expect(await rows(containers, tenant)).toEqual([]);
    expect(await rows(containers, tenant, { partlyReadable: 'shows' })).toEqual(['One']);
  });

  test('of one resource', async () => {
    const vault = `${one}/resourceGroups/RG-a/providers/Microsoft.KeyVault/vaults/kv-one-a`;
    expect(await rows('resources', holding([{ scope: vault, role: roles.reader }]))).toEqual(['kv-one-a']);
  });
});

describe('lists', () => {
  test('hold what may be read in the subscription, and are refused where nothing may', async () => {
    const tenant = holding([
      { scope: `${one}/resourceGroups/rg-A`, role: roles.reader },
      { scope: two, role: roles.costManagementReader },
    ]);
    expect(await get(vaults(one), tenant)).toMatchObject({
      status: 200,
      body: { value: [{ name: 'kv-one-a' }] },
    });
    expect(await get(vaults(two), tenant)).toMatchObject({
      status: 403,
      body: { error: { code: 'AuthorizationFailed' } },
    });
  });

  test.for([
    ['mayBeNothing', 200],
    ['isSomething', 403],
  ] as const)('to a Key Vault Reader, where the inner wildcard %s', async ([innerWildcard, status]) => {
    const tenant = holding([{ scope: one, role: roles.keyVaultReader }], { innerWildcard });
    expect((await get(vaults(one), tenant)).status).toBe(status);
  });
});

test.for<[string, string, boolean]>([
  ['*/read', 'Microsoft.KeyVault/vaults/read', true],
  ['Microsoft.KeyVault/*', 'microsoft.keyvault/VAULTS/read', true],
  ['Microsoft.KeyVault/vaults/*', 'Microsoft.KeyVault/vaultsOld/read', false],
  ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/read', true],
  ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/secrets/read', true],
  ['Microsoft.KeyVault/vaults/read', 'Microsoft.KeyVault/vaults/write', false],
])('%s and %s: %s', ([pattern, action, expected]) => {
  expect(grants({ actions: [pattern] }, action)).toBe(expected);
  expect(grants({ actions: ['*'], notActions: [pattern] }, action)).toBe(!expected);
});
