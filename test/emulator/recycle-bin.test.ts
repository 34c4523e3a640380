import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { describe, expect, test } from 'vitest';
import { emulator, type Emulator, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { deletedHsm, deletedVault, subscriptionId, tenantWithBin } from '../usecases/recycle-bin-estate.ts';

interface Opened {
  readonly azure: Emulator;
  readonly client: KeyVaultManagementClient;
}

function open(tenant: Tenant, options: EmulatorOptions = {}): Opened {
  const azure = emulator(tenant, options);
  const client = new KeyVaultManagementClient(azure.credential, subscriptionId, {
    httpClient: azure.httpClient,
    retryOptions: { maxRetries: 0 },
  });
  return { azure, client };
}

async function collect<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of pages) all.push(one);
  return all;
}

const pace = { updateIntervalInMs: 1 };

describe('the recycle bin, asked by the real client', () => {
  test('lists deleted vaults and HSMs in pages, with purge protection only where it is on', async () => {
    const names = ['kv-1', 'kv-2', 'kv-3', 'kv-4'];
    const { client, azure } = open(
      tenantWithBin(
        ...names.map((name) => deletedVault(name)),
        deletedVault('kv-5', { enablePurgeProtection: true }),
        deletedHsm('hsm-1'),
      ),
    );
    const vaults = await collect(client.vaults.listDeleted());
    expect(vaults.map(({ name }) => name)).toEqual([...names, 'kv-5']);
    expect(vaults.map(({ properties }) => properties?.purgeProtectionEnabled)).toEqual([
      ...names.map(() => undefined),
      true,
    ]);
    expect((await collect(client.managedHsms.listDeleted())).map(({ name }) => name)).toEqual(['hsm-1']);
    expect(azure.requests.length).toBe(3);
  });

  test('gives one, and 404 for one that is not there', async () => {
    const { client } = open(tenantWithBin(deletedVault('kv-a')));
    const { properties } = await client.vaults.getDeleted('kv-a', 'westeurope');
    expect(properties?.vaultId).toMatch(/resourceGroups\/rg\/.*\/kv-a$/);
    await expect(client.vaults.getDeleted('kv-b', 'westeurope')).rejects.toMatchObject({
      statusCode: 404,
      code: 'DeletedVaultNotFound',
    });
  });

  test.for(['deletedVaults/read', 'locations/deletedVaults/read', 'locations/deletedVaults/purge/action'])(
    'refuses what takes %s to an identity without it',
    async (right) => {
      const action = `Microsoft.KeyVault/${right}`;
      const { client } = open({
        ...tenantWithBin(deletedVault('kv-a')),
        missingRights: [{ action, scope: `/subscriptions/${subscriptionId}` }],
      });
      const calls = [
        collect(client.vaults.listDeleted()),
        client.vaults.getDeleted('kv-a', 'westeurope'),
        client.vaults.purgeDeleted('kv-a', 'westeurope', pace).submitted(),
      ];
      const outcomes = await Promise.allSettled(calls);
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused).toMatchObject([{ reason: { statusCode: 403, code: 'AuthorizationFailed' } }]);
    },
  );

  test('purges by an operation without Retry-After, and lets nobody purge what is protected', async () => {
    const { client, azure } = open(
      tenantWithBin(deletedVault('kv-a'), deletedVault('kv-p', { enablePurgeProtection: true })),
    );
    await client.vaults.purgeDeleted('kv-a', 'westeurope', pace).pollUntilDone();
    expect(azure.tenant.deleted).toHaveLength(1);
    await expect(client.vaults.purgeDeleted('kv-p', 'westeurope', pace).submitted()).rejects.toMatchObject({
      statusCode: 405,
      code: 'MethodNotAllowed',
      message: "Operation 'DeletedVaultPurge' is not allowed.",
    });
  });

  test('says in its body alone that a purge has failed, which the client takes for success', async () => {
    const purgeFails = { code: 'InternalServerError', message: 'It did not go through.' };
    const { client, azure } = open(tenantWithBin({ ...deletedVault('kv-a'), purgeFails }));
    await expect(
      client.vaults.purgeDeleted('kv-a', 'westeurope', pace).pollUntilDone(),
    ).resolves.not.toThrow();
    expect(azure.tenant.deleted).toHaveLength(1);
  });

  test('keeps the name of what is in it, and gives it back as it was', async () => {
    const { client } = open(tenantWithBin(deletedVault('kv-a')));
    const properties = { tenantId: 't', sku: { family: 'A', name: 'standard' } as const };
    const body = { location: 'westeurope', properties: { ...properties, accessPolicies: [] } };
    await expect(client.vaults.createOrUpdate('rg', 'kv-a', body).submitted()).rejects.toMatchObject({
      statusCode: 409,
      code: 'ConflictError',
    });
    const networkAcls = { bypass: 'AzureServices', defaultAction: 'Allow' } as const;
    const recovered = await client.vaults
      .createOrUpdate('rg', 'kv-a', {
        location: 'westeurope',
        properties: { ...properties, createMode: 'recover', networkAcls },
      })
      .pollUntilDone();
    expect(recovered.properties.networkAcls).toMatchObject({ bypass: 'None', defaultAction: 'Deny' });
    expect(await collect(client.vaults.listDeleted())).toEqual([]);
  });

  test('does not recover into a resource group that is gone', async () => {
    const { client } = open({
      ...tenantWithBin(deletedVault('kv-a')),
      missingResourceGroups: [`/subscriptions/${subscriptionId}/resourceGroups/rg`],
    });
    const sku = { family: 'A', name: 'standard' } as const;
    const properties = { tenantId: 't', sku, createMode: 'recover' } as const;
    await expect(
      client.vaults.createOrUpdate('rg', 'kv-a', { location: 'westeurope', properties }).submitted(),
    ).rejects.toMatchObject({ statusCode: 404, code: 'ResourceGroupNotFound' });
  });
});
