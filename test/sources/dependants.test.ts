import { describe, expect, test } from 'vitest';
import { emulator, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { encryptedBy } from '../../emulator/tenants/dependants.ts';
import { tenantId } from '../../emulator/tenants/bodies.ts';
import { connect } from '../../src/azure/connect.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { dependantTypes } from '../../src/resource-types/dependants.ts';
import { graphDependants } from '../../src/sources/dependants.ts';

const [here, there] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const place = { subscriptionId: here, resourceGroup: 'rg', location: 'westeurope' };
const group = `/subscriptions/${here}/resourceGroups/rg`;
const all = encryptedBy('kv-a', place);

function vaultAt(name: string, type = 'Microsoft.KeyVault/vaults') {
  const id = `${group}/providers/${type}/${name}`;
  return { id, name, type, subscriptionId: here, resourceGroup: 'rg' };
}

function tenantOf(resources: readonly JsonObject[], others: Partial<Tenant> = {}): Tenant {
  const subscriptions = [
    { id: here, name: 'one' },
    { id: there, name: 'two' },
  ];
  return { tenantId, managementGroups: [], subscriptions, resources: [...resources], ...others };
}

/** What is found on a tenant, and what was asked for it. */
function search(tenant: Tenant, vault = vaultAt('kv-a'), options: EmulatorOptions = {}) {
  const azure = emulator(tenant, { quota: 'unlimited', ...options });
  const { credential, httpClient } = azure;
  const connection = connect({ cloud: 'AzureCloud', version: '0.0.0', credential, httpClient });
  return { azure, find: () => graphDependants(connection).find(vault, new AbortController().signal) };
}

function resource(type: string, name: string, properties: JsonObject): JsonObject {
  return { id: `${group}/providers/${type}/${name}`, name, type, location: 'westeurope', properties };
}

describe('what depends on a vault', () => {
  test.for(all.map(({ type }) => type))('a resource of the type %s', async (type) => {
    const { id, body = {}, property } = all.find((one) => one.type === type) ?? {};
    // Disks and machines depend on it through their disk encryption set.
    const sets = all.filter((one) => one.type === 'Microsoft.Compute/diskEncryptionSets');
    const { dependants, gaps } = await search(
      tenantOf([...new Set([body, ...sets.map((one) => one.body)])]),
    ).find();
    expect(gaps).toEqual([]);
    const found = dependants.filter((one) => one.id === id && one.property === property);
    expect(found.map(({ isEncrypted }) => isEncrypted)).toEqual([true]);
  });

  test('every type of the table is tried', () => {
    const types = new Set(all.map(({ type }) => type));
    expect(dependantTypes.map(({ type }) => type).filter((type) => !types.has(type))).toEqual([]);
  });

  test('in any subscription, with one query for it', async () => {
    const far = encryptedBy('kv-a', { ...place, subscriptionId: there }).map(({ body }) => body);
    const { azure, find } = search(tenantOf(far));
    expect((await find()).dependants.length).toBeGreaterThanOrEqual(far.length);
    const texts = azure.requests.filter(({ body }) => JSON.stringify(body ?? '').includes(' contains '));
    expect(texts).toHaveLength(2);
  });

  test('page after page', async () => {
    const many = Array.from({ length: 2500 }, (_, index) =>
      resource('Microsoft.DocumentDB/databaseAccounts', `c-${index}`, {
        keyVaultKeyUri: 'https://kv-a.vault.azure.net/keys/k',
      }),
    );
    expect((await search(tenantOf(many)).find()).dependants).toHaveLength(2500);
  });

  test('a disk names the set through which it depends on it', async () => {
    const { dependants } = await search(tenantOf(all.map(({ body }) => body))).find();
    const set = `${group}/providers/Microsoft.Compute/diskEncryptionSets/diskencryptionsets-1`;
    expect(
      dependants
        .filter(({ through }) => through === set)
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual([
      'microsoft.compute/disks',
      'microsoft.compute/virtualmachines',
      'microsoft.compute/virtualmachinescalesets',
    ]);
  });

  test.for<{ what: string; properties: JsonObject; property: string }>([
    {
      what: 'in any other property',
      properties: { a: [{ b: 'https://KV-A.vault.azure.net/secrets/x' }] },
      property: 'properties.a[0].b',
    },
    {
      what: 'in the middle of a text',
      properties: { s: '@Microsoft.KeyVault(SecretUri=https://kv-a.vault.azure.net/s)' },
      property: 'properties.s',
    },
    { what: 'of another cloud', properties: { u: 'https://kv-a.vault.azure.cn/' }, property: 'properties.u' },
    {
      what: 'by its id',
      properties: { v: `${group}/providers/microsoft.keyvault/vaults/KV-A` },
      property: 'properties.v',
    },
    {
      what: 'as the name of a member',
      properties: { keys: { 'https://kv-a.vault.azure.net/keys/k/1': {} } },
      property: 'properties.keys.https://kv-a.vault.azure.net/keys/k/1',
    },
  ])('what names it $what refers to it', async ({ properties, property }) => {
    const { dependants } = await search(tenantOf([resource('Contoso.New/things', 't', properties)])).find();
    expect(dependants).toMatchObject([{ type: 'contoso.new/things', property, isEncrypted: false }]);
  });

  test.for<{ what: string; type?: string; properties: JsonObject }>([
    { what: 'a vault whose name ends alike', properties: { u: 'https://my-kv-a.vault.azure.net/' } },
    {
      what: 'a vault whose name begins alike',
      properties: { v: `${group}/providers/Microsoft.KeyVault/vaults/kv-a2` },
    },
    { what: 'a host below it', properties: { u: 'https://x.kv-a.vault.azure.net/' } },
    { what: 'a managed HSM of that name', properties: { u: 'https://kv-a.managedhsm.azure.net/' } },
    {
      what: 'a private endpoint',
      type: 'Microsoft.Network/privateEndpoints',
      properties: { v: vaultAt('kv-a').id },
    },
  ])('$what does not count', async ({ type = 'Contoso.New/things', properties }) => {
    expect(await search(tenantOf([resource(type, 't', properties)])).find()).toEqual({
      dependants: [],
      gaps: [],
    });
  });

  test('a managed HSM has a host of its own', async () => {
    const cosmos = resource('Microsoft.DocumentDB/databaseAccounts', 'c', {
      keyVaultKeyUri: 'https://hsm-a.managedhsm.azure.net/keys/k',
    });
    const { find } = search(tenantOf([cosmos]), vaultAt('hsm-a', 'Microsoft.KeyVault/managedHSMs'));
    expect((await find()).dependants).toMatchObject([{ property: 'properties.keyVaultKeyUri' }]);
  });
});

const serverId = `${group}/providers/Microsoft.Sql/servers/sql`;
const accountId = `${group}/providers/Microsoft.Storage/storageAccounts/st`;
const server = resource('Microsoft.Sql/servers', 'sql', { keyId: null });
const account: JsonObject = {
  ...resource('Microsoft.Storage/storageAccounts', 'st', {}),
  identity: { type: 'SystemAssigned' },
};
const below = [
  {
    id: `${serverId}/encryptionProtector/current`,
    properties: { serverKeyType: 'AzureKeyVault', serverKeyName: 'kv-a_k_0123456789abcdef' },
  },
  {
    id: `${accountId}/encryptionScopes/blobs`,
    properties: { keyVaultProperties: { keyUri: 'https://kv-a.vault.azure.net/keys/k' } },
  },
];

describe('what Resource Graph does not hold', () => {
  test('is read from ARM: protectors of SQL servers and encryption scopes', async () => {
    const { dependants, gaps } = await search(tenantOf([server, account], { below })).find();
    expect(gaps).toEqual([]);
    expect(dependants).toEqual([
      {
        id: below[0]?.id,
        type: 'Microsoft.Sql/servers/encryptionProtector',
        property: 'properties.serverKeyName',
        isEncrypted: true,
      },
      {
        id: below[1]?.id,
        type: 'Microsoft.Storage/storageAccounts/encryptionScopes',
        property: 'properties.keyVaultProperties.keyUri',
        isEncrypted: true,
      },
    ]);
  });

  test('is not asked of storage accounts without an identity, which reach no key', async () => {
    const { identity: _, ...alone } = account;
    const { azure, find } = search(tenantOf([alone]));
    await find();
    expect(azure.requests.filter(({ path }) => path.includes('encryptionScopes'))).toEqual([]);
  });

  test('and may not be read is a gap', async () => {
    const missingRights = [{ action: 'Microsoft.Sql/servers/encryptionProtector/read', scope: group }];
    const { gaps } = await search(tenantOf([server], { below, missingRights })).find();
    expect(gaps).toMatchObject([{ scope: serverId, kind: 'resource' }]);
  });
});

describe('what could not be searched is never none', () => {
  const operator = {
    actions: [
      'Microsoft.Resources/subscriptions/read',
      'Microsoft.Authorization/*/read',
      'Microsoft.KeyVault/*',
    ],
  };
  test.for<{
    what: string;
    others: Partial<Tenant>;
    options?: EmulatorOptions;
    scope: string;
    reason: string;
  }>([
    {
      what: 'a subscription that is listed and not shown',
      others: {
        subscriptions: [
          { id: here, name: 'one' },
          { id: there, name: 'two', access: 'denied', listed: true },
        ],
      },
      scope: `/subscriptions/${there}`,
      reason: 'Resource Graph does not show it (Microsoft.Resources/subscriptions/read).',
    },
    {
      what: 'the subscription of the vault, which no list names',
      others: { subscriptions: [{ id: there, name: 'two' }] },
      scope: `/subscriptions/${here}`,
      reason: 'Resource Graph does not show it (Microsoft.Resources/subscriptions/read).',
    },
    {
      what: 'a subscription without the rights to read what may depend on it',
      others: {
        roleAssignments: [
          { scope: `/subscriptions/${here}`, role: { actions: ['*/read'] } },
          { scope: `/subscriptions/${there}`, role: operator },
        ],
      },
      scope: `/subscriptions/${there}`,
      reason: 'You do not hold Microsoft.Storage/storageAccounts/read and',
    },
    {
      what: 'a query that is refused',
      others: {},
      options: { unaccepted: { words: ['contains'] } },
      scope: 'tenant',
      reason: 'It could not be searched',
    },
    {
      what: 'a tenant of more subscriptions than Resource Graph searches',
      others: {},
      options: { subscriptionLimit: 1 },
      scope: 'tenant',
      reason: 'Resource Graph did not return every row',
    },
  ])('$what', async ({ others, options = {}, scope, reason }) => {
    const { find } = search(tenantOf([], others), vaultAt('kv-a'), options);
    const { dependants, gaps } = await find();
    expect(dependants).toEqual([]);
    expect(gaps.map((gap) => gap.scope)).toContain(scope);
    expect(gaps.map((gap) => gap.reason).join(' ')).toContain(reason);
  });

  test('an answer that Resource Graph cuts short', async () => {
    const { azure, find } = search(tenantOf(all.map(({ body }) => body)));
    azure.inject({ kind: 'truncatedPage', match: { query: /contains/ }, times: 9 });
    expect((await find()).gaps).toMatchObject([{ scope: 'tenant', kind: 'tenant' }]);
  });

  test('a page in which a row comes twice, in the place of another', async () => {
    const many = Array.from({ length: 1500 }, (_, index) =>
      resource('Contoso.New/things', `t-${index}`, { u: 'https://kv-a.vault.azure.net/' }),
    );
    const { azure, find } = search(tenantOf(many));
    azure.inject({ kind: 'movedRow', match: { query: /contains/, nth: 2 }, times: 9 });
    expect((await find()).gaps).toMatchObject([{ scope: 'tenant', kind: 'tenant' }]);
  });

  test('a list of subscriptions that fails', async () => {
    const { azure, find } = search(tenantOf([]));
    azure.inject({ kind: 'status', status: 403, match: { path: /^\/subscriptions$/ }, times: 9 });
    expect((await find()).gaps).toMatchObject([{ scope: 'tenant' }]);
  });
});
