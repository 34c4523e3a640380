import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  emulator,
  guidOf,
  loopbackHttpClient,
  managedHsmBody,
  serve,
  type Emulator,
  type RequestRecord,
} from '../../emulator/index.ts';
import { graphClient, ids, names, smallTenant } from './azure.ts';

const tenant = smallTenant({ two: { access: 'denied', listed: true }, three: { access: 'denied' } });
const hsm = managedHsmBody({
  subscriptionId: ids.one,
  resourceGroup: 'rg-hsm',
  name: 'hsm-1',
  location: 'westeurope',
});
tenant.resources = [...(Array.isArray(tenant.resources) ? tenant.resources : []), hsm];
const azure = emulator(tenant, { pageSizes: { subscriptions: 1, vaults: 2, descendants: 2 } });

let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve(azure);
});
afterAll(() => server.close());

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function get(path: string, from: Emulator = azure): Promise<Response> {
  const token = await from.credential.getToken('https://management.azure.com/.default');
  return from.fetch(
    new Request(`https://management.azure.com${path}`, {
      headers: { authorization: `Bearer ${token?.token}` },
    }),
  );
}

describe.for<[way: string, client: () => HttpClient]>([
  ['in memory', () => azure.httpClient],
  ['over loopback', () => loopbackHttpClient(server.url)],
])('the SDK clients %s', ([, httpClient]) => {
  const vaultClient = (): KeyVaultManagementClient =>
    new KeyVaultManagementClient(azure.credential, ids.one, { httpClient: httpClient() });

  test('list subscriptions through pages; a denied one only if it is said to be listed', async () => {
    const client = new SubscriptionClient(azure.credential, { httpClient: httpClient() });
    const listed = await collect(client.subscriptions.list());
    expect(listed.map((one) => one.displayName)).toEqual(['One', 'Two']);
    expect(await client.subscriptions.get(ids.one)).toMatchObject({
      state: 'Enabled',
      subscriptionId: ids.one,
    });
  });

  test('list vaults and HSMs with properties, in small pages', async () => {
    const vaults = await collect(vaultClient().vaults.listBySubscription());
    expect(vaults.map((vault) => vault.name)).toEqual(['kv-one-a', 'kv-one-b', 'kv-one-c']);
    expect(vaults[0]?.properties.enableSoftDelete).toBe(true);
    const hsms = await collect(vaultClient().managedHsms.listBySubscription());
    expect(hsms.map((one) => one.properties?.enablePurgeProtection)).toEqual([false]);
  });

  test('list resources without properties', async () => {
    const rows = await collect(vaultClient().vaults.list());
    expect(rows.map((row) => row.name)).toEqual(['kv-one-a', 'kv-one-b', 'kv-one-c']);
    expect(rows.filter((row) => 'properties' in row)).toEqual([]);
  });

  test('get one, whatever the case of its id', async () => {
    expect((await vaultClient().vaults.get('rg-A', 'KV-one-a')).name).toBe('kv-one-a');
    await expect(vaultClient().vaults.get('rg-a', 'nope')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceNotFound',
    });
  });

  test('query Resource Graph', async () => {
    const page = await graphClient(azure, httpClient()).resources({
      query: names,
      options: { resultFormat: 'objectArray' },
    });
    expect(page.totalRecords).toBe(4);
  });
});

describe('errors', () => {
  const keyVault = `/subscriptions/${ids.one}/providers/Microsoft.KeyVault/vaults`;

  test.for<[path: string, status: number, code: string]>([
    [`/subscriptions/${ids.two}?api-version=2022-12-01`, 403, 'AuthorizationFailed'],
    [`/subscriptions/${guidOf('nobody')}?api-version=2022-12-01`, 404, 'SubscriptionNotFound'],
    [
      `/subscriptions/${ids.two}/providers/Microsoft.KeyVault/vaults?api-version=2026-02-01`,
      403,
      'AuthorizationFailed',
    ],
    [
      `/subscriptions/${ids.one}/resources?api-version=2021-04-01&$filter=name%20ne%20'x'`,
      400,
      'InvalidFilterInQueryString',
    ],
    [keyVault, 400, 'MissingApiVersionParameter'],
    [`${keyVault}?api-version=2027-01-01`, 400, 'NoRegisteredProviderFound'],
    ['/subscriptions?api-version=1999-01-01', 400, 'InvalidApiVersionParameter'],
    [
      `/subscriptions/${ids.one}/providers/Microsoft.Nothing/things?api-version=2020-01-01`,
      404,
      'InvalidResourceNamespace',
    ],
    ['/providers/Microsoft.Management/managementGroups/none?api-version=2020-05-01', 404, 'NotFound'],
  ])('%s is %d %s', async ([path, status, code]) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code, message: expect.stringMatching(/\w/) } });
  });

  test('no token, no token at all and an expired one are 401 with a challenge', async () => {
    let now = Date.now();
    const aging = emulator(smallTenant(), { now: () => now });
    const old = await aging.credential.getToken('https://management.azure.com/.default');
    now += 3_600_000;
    const ask = (headers: Record<string, string>): Promise<Response> =>
      aging.fetch(
        new Request('https://management.azure.com/subscriptions?api-version=2022-12-01', { headers }),
      );
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: `Bearer ${old?.token}` }]) {
      const response = await ask({ ...headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer authorization_uri=');
    }
  });
});

interface Page {
  readonly value: readonly { readonly name: string; readonly type: string }[];
  readonly nextLink?: string;
}

describe('management groups', () => {
  const group = (path: string): string =>
    `/providers/Microsoft.Management/managementGroups/${path}?api-version=2020-05-01`;

  test('tell their parent, and all that is below them in pages', async () => {
    expect(await (await get(group('inner'))).json()).toMatchObject({
      name: 'inner',
      properties: { displayName: 'Inner group', details: { parent: { name: 'root' } } },
    });
    const found: unknown[] = [];
    let path: string | undefined = group('root/descendants');
    while (path !== undefined) {
      const page: Page = JSON.parse(await (await get(path)).text());
      expect(page.value.length).toBeLessThanOrEqual(2);
      found.push(...page.value.map(({ name, type }) => `${type} ${name}`));
      path = page.nextLink?.replace('https://management.azure.com', '');
    }
    expect(found).toEqual([
      `/subscriptions ${ids.one}`,
      'Microsoft.Management/managementGroups inner',
      `/subscriptions ${ids.two}`,
      `/subscriptions ${ids.three}`,
    ]);
  });

  test('without rights on a group it is 403', async () => {
    const denied = smallTenant();
    denied.managementGroups[0]!.access = 'denied';
    const response = await get(group('root/descendants'), emulator(denied));
    expect(response.status).toBe(403);
  });
});

test('rights in one resource group do not reach the next', async () => {
  const azure = emulator(
    smallTenant({ one: { access: 'resourceGroups', readableResourceGroups: ['rg-a'] } }),
  );
  const vault = (letter: string): string =>
    `/subscriptions/${ids.one}/resourceGroups/RG-${letter}/providers/Microsoft.KeyVault/vaults/kv-one-${letter}?api-version=2026-02-01`;
  expect((await get(vault('a'), azure)).status).toBe(200);
  expect((await get(vault('b'), azure)).status).toBe(403);
});

test('requests are recorded in order, with host, query, body and status', async () => {
  const fresh = emulator(smallTenant(), { now: () => 42 });
  await get(`/subscriptions/${ids.one}?api-version=2022-12-01`, fresh);
  await graphClient(fresh).resources({ query: names });
  const expected: readonly RequestRecord[] = [
    {
      method: 'GET',
      host: 'management.azure.com',
      path: `/subscriptions/${ids.one}`,
      query: { 'api-version': '2022-12-01' },
      body: undefined,
      status: 200,
      at: 42,
    },
    {
      method: 'POST',
      host: 'management.azure.com',
      path: '/providers/Microsoft.ResourceGraph/resources',
      query: { 'api-version': '2024-04-01' },
      body: { query: names },
      status: 200,
      at: 42,
    },
  ];
  expect(fresh.requests).toEqual(expected);
});
