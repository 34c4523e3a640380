import { KeyVaultManagementClient, type VaultPatchProperties } from '@azure/arm-keyvault';
import { describe, expect, test } from 'vitest';
import { emulator, type Emulator, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { guidOf, managedHsmBody, tenantId, vaultBody } from '../../emulator/tenants/bodies.ts';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { graphClient } from './azure.ts';

const subscriptionId = guidOf('one');
const place = { subscriptionId, resourceGroup: 'rg', location: 'westeurope' };
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
const policies = [{ tenantId, objectId: guidOf('app'), permissions: { keys: ['get'] } }];

function azureWith(
  properties: JsonObject = {},
  changes: Partial<Tenant> = {},
  options: EmulatorOptions = {},
): { azure: Emulator; client: KeyVaultManagementClient; stored: () => JsonObject } {
  const tenant: Tenant = {
    tenantId,
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'one' }],
    resources: [
      vaultBody({ ...place, name: 'kv' }, { properties, tags: { owner: 'a', env: 'b' } }),
      managedHsmBody({ ...place, name: 'hsm' }),
    ],
    ...changes,
  };
  const azure = emulator(tenant, options);
  const client = new KeyVaultManagementClient(azure.credential, subscriptionId, {
    httpClient: azure.httpClient,
    retryOptions: { maxRetries: 0 },
  });
  const stored = (): JsonObject => {
    const bodies = Array.isArray(tenant.resources) ? tenant.resources : [];
    const found = bodies.find(({ name }) => name === 'kv')?.['properties'];
    return isJsonObject(found) ? found : {};
  };
  return { azure, client, stored };
}

describe('PATCH of a vault', () => {
  test.for<[string, JsonObject, VaultPatchProperties, JsonObject]>([
    [
      'changes what it names and nothing else',
      { accessPolicies: policies },
      { enablePurgeProtection: true },
      { enablePurgeProtection: true, accessPolicies: policies, softDeleteRetentionInDays: 90 },
    ],
    [
      'replaces the firewall whole',
      { networkAcls: { bypass: 'None', defaultAction: 'Allow', ipRules: [{ value: '10.0.0.1' }] } },
      { networkAcls: { defaultAction: 'Deny' } },
      { networkAcls: { defaultAction: 'Deny' } },
    ],
    [
      'does not keep a firewall that says no more than its default',
      {},
      { networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' } },
      { networkAcls: undefined },
    ],
    [
      'accepts the retention period that is set, and any where none is',
      { softDeleteRetentionInDays: undefined },
      { softDeleteRetentionInDays: 30 },
      { softDeleteRetentionInDays: 30 },
    ],
  ])('%s', async ([, before, properties, after]) => {
    const { client, stored } = azureWith(before);
    await client.vaults.update('rg', 'kv', { properties });
    expect(stored()).toMatchObject(JSON.parse(JSON.stringify(after)));
    for (const [name, value] of Object.entries(after)) expect(stored()[name]).toEqual(value);
  });

  test.for<[JsonObject, VaultPatchProperties, RegExp]>([
    [
      { enablePurgeProtection: true },
      { enablePurgeProtection: false },
      /"enablePurgeProtection" cannot be set to false/,
    ],
    [{}, { enablePurgeProtection: false }, /"enablePurgeProtection" cannot be set to false/],
    [{}, { enableSoftDelete: false }, /"enableSoftDelete" can be set to false only for creating/],
    [{}, { softDeleteRetentionInDays: 30 }, /has been set already and it can't be modified/],
    [{ softDeleteRetentionInDays: undefined }, { softDeleteRetentionInDays: 91 }, /between 7 and 90/],
    [{ enableSoftDelete: undefined }, { enablePurgeProtection: true }, /only when the 'soft delete'/],
  ])('on %o refuses %o', async ([before, properties, words]) => {
    const { client, stored } = azureWith(before);
    const was = stored();
    await expect(client.vaults.update('rg', 'kv', { properties })).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadRequest',
      message: expect.stringMatching(words),
    });
    expect(stored()).toEqual(was);
  });

  test.for<[string, Partial<Tenant>, JsonObject]>([
    [
      'a ReadOnly lock',
      { locks: [{ scope: group, name: 'keep', level: 'ReadOnly' }] },
      { statusCode: 409, code: 'ScopeLocked' },
    ],
    [
      'a deny policy',
      { denyPolicies: [{ scope: group, name: 'No', denies: () => true }] },
      { statusCode: 403, code: 'RequestDisallowedByPolicy' },
    ],
    [
      'a missing right',
      { missingRights: [{ scope: group, action: 'Microsoft.KeyVault/vaults/write' }] },
      { statusCode: 403, code: 'AuthorizationFailed' },
    ],
    ['a vault that is not there', { resources: [] }, { statusCode: 404, code: 'ResourceNotFound' }],
  ])('is refused for %s', async ([, changes, failure]) => {
    const { client } = azureWith({}, changes);
    const update = client.vaults.update('rg', 'kv', { properties: { enablePurgeProtection: true } });
    await expect(update).rejects.toMatchObject(failure);
  });

  test('a deny policy judges the vault as it would become', async () => {
    const needsPurgeProtection = {
      scope: group,
      name: 'Purge protection',
      denies: ({ properties }: JsonObject) =>
        isJsonObject(properties) && properties['enablePurgeProtection'] !== true,
    };
    const { client, stored } = azureWith({}, { denyPolicies: [needsPurgeProtection] });
    const tagging = client.vaults.update('rg', 'kv', { tags: { owner: 'c' } });
    await expect(tagging).rejects.toMatchObject({ code: 'RequestDisallowedByPolicy' });
    await client.vaults.update('rg', 'kv', { properties: { enablePurgeProtection: true } });
    expect(stored()['enablePurgeProtection']).toBe(true);
  });

  test('two writes to one vault at a time are a conflict', async () => {
    const { client } = azureWith();
    const update = async (): Promise<unknown> =>
      client.vaults.update('rg', 'kv', { properties: { enablePurgeProtection: true } });
    const both = await Promise.allSettled([update(), update()]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({ reason: { statusCode: 409, code: 'ConflictError' } });
  });

  test('Resource Graph may show the vault as it was for a while', async () => {
    const { azure, client } = azureWith({}, {}, { graphLags: true });
    await client.vaults.update('rg', 'kv', { properties: { enablePurgeProtection: true } });
    const query = "resources | where name == 'kv' | project on = properties.enablePurgeProtection";
    const ask = async (): Promise<unknown> =>
      (await graphClient(azure).resources({ query, options: { resultFormat: 'objectArray' } })).data;
    expect(await ask()).toEqual([{ on: null }]);
    azure.tenant.stale?.clear();
    expect(await ask()).toEqual([{ on: true }]);
  });
});

describe('PUT of a vault', () => {
  test('takes away what it does not name, but for what can never be taken back', async () => {
    const { client, stored } = azureWith({ enablePurgeProtection: true, accessPolicies: policies });
    await client.vaults.createOrUpdate('rg', 'kv', {
      location: 'westeurope',
      properties: { tenantId, sku: { family: 'A', name: 'standard' }, accessPolicies: [] },
    });
    expect(stored()).toMatchObject({ enablePurgeProtection: true, accessPolicies: [] });
    expect(stored()).not.toHaveProperty('publicNetworkAccess');
  });

  test('wants access policies', async () => {
    const { client } = azureWith();
    const put = client.vaults.createOrUpdate('rg', 'kv', {
      location: 'westeurope',
      properties: { tenantId, sku: { family: 'A', name: 'standard' } },
    });
    await expect(put).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe('PATCH of a managed HSM', () => {
  test('is a long-running operation', async () => {
    const { azure, client } = azureWith();
    const updated = await client.managedHsms.update(
      'rg',
      'hsm',
      { properties: { enablePurgeProtection: true } },
      { updateIntervalInMs: 1 },
    );
    expect(updated.properties?.enablePurgeProtection).toBe(true);
    expect(azure.requests.map(({ method, status }) => [method, status])).toEqual([
      ['PATCH', 202],
      ['GET', 202],
      ['GET', 200],
    ]);
  });

  test('turns nothing back', async () => {
    const { client } = azureWith();
    await client.managedHsms.update(
      'rg',
      'hsm',
      { properties: { enablePurgeProtection: true } },
      { updateIntervalInMs: 1 },
    );
    const back = client.managedHsms.update('rg', 'hsm', { properties: { enablePurgeProtection: false } });
    await expect(back).rejects.toMatchObject({ statusCode: 400 });
  });
});
