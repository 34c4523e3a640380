import { describe, expect, test } from 'vitest';
import { toDeletedVault } from '../../src/resource-types/known-type.ts';

const type = 'microsoft.keyvault/vaults';
const id = '/subscriptions/s/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv';
const vaultId = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv';

describe('an entry of a recycle bin', () => {
  test('that lacks dates, tags and location is read as far as it goes', () => {
    expect(toDeletedVault({ id, name: 'kv', properties: { vaultId } }, type)).toEqual({
      id,
      vault: {
        id: vaultId,
        name: 'kv',
        type: 'Microsoft.KeyVault/vaults',
        subscriptionId: 's',
        resourceGroup: 'rg',
      },
      location: 'westeurope',
      deletionDate: '',
      scheduledPurgeDate: '',
      purgeProtection: false,
      tags: {},
      properties: { vaultId },
    });
  });

  test.for([
    { name: 'kv', properties: { vaultId } },
    { id, properties: { vaultId } },
    { id, name: 'kv' },
    { id, name: 'kv', properties: {} },
    { id, name: 'kv', properties: { vaultId: 'kv' } },
    { id, name: 'kv', properties: { mhsmId: vaultId } },
  ])('that lacks what identifies it is none: %j', (row) => {
    expect(toDeletedVault(row, type)).toBeUndefined();
  });
});
