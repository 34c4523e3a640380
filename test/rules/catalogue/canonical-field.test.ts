import { describe, expect, test } from 'vitest';

import { canonicalField } from '../../../src/rules/catalogue/canonical-field.ts';
import { resourceTypes } from '../../../src/resource-types/index.ts';

const vault = ['Microsoft.KeyVault/vaults'];
const hsm = ['Microsoft.KeyVault/managedHSMs'];
const storage = ['Microsoft.Storage/storageAccounts'];
const state = 'privateLinkServiceConnectionState.status';

describe('a field is found', () => {
  test.for([
    [vault, 'properties.enablePurgeProtection', 'properties.enablePurgeProtection'],
    [vault, 'PROPERTIES.ENABLEPURGEPROTECTION', 'properties.enablePurgeProtection'],
    [vault, 'Microsoft.Keyvault/vaults/enableSoftDelete', 'properties.enableSoftDelete'],
    [vault, 'microsoft.keyvault/VAULTS/sku.name', 'properties.sku.name'],
    [hsm, 'Microsoft.KeyVault/managedHsms/enablePurgeProtection', 'properties.enablePurgeProtection'],
    [hsm, 'Microsoft.KeyVault/managedHSMs/sku.name', 'sku.name'],
    [
      vault,
      'Microsoft.Keyvault/vaults/accessPolicies[*].permissions.keys[*]',
      'properties.accessPolicies[*].permissions.keys[*]',
    ],
    [
      vault,
      `Microsoft.KeyVault/vaults/privateEndpointConnections[*].${state}`,
      `properties.privateEndpointConnections[*].properties.${state}`,
    ],
    [
      vault,
      `properties.privateEndpointConnections[*].${state}`,
      `properties.privateEndpointConnections[*].properties.${state}`,
    ],
    [vault, 'Location', 'location'],
    [vault, 'tags', 'tags'],
    [vault, 'tags.owner', "tags['owner']"],
    [vault, 'tags.a.b', "tags['a.b']"],
    [vault, 'tags[cost center]', "tags['cost center']"],
    [vault, "tags['cost.center']", "tags['cost.center']"],
    [storage, 'properties.anything[*].goes', 'properties.anything[*].goes'],
    [[...vault, ...hsm], 'sku.name', 'sku.name'],
  ] as const)('%s %s', ([types, written, path]) => {
    expect(canonicalField(types, written)).toMatchObject({ path });
  });
});

describe('what is no field is told, with the field that was meant', () => {
  test.for([
    [vault, 'enablePurgeProtection', 'properties.enablePurgeProtection'],
    [vault, 'properties.enablePurgeProtecton', 'properties.enablePurgeProtection'],
    [vault, 'properties.accessPolicies.objectId', 'properties.accessPolicies[*].objectId'],
    [vault, 'properties.accessPolicies[0].objectId', 'properties.accessPolicies[*].objectId'],
    [vault, 'sku.name', 'properties.sku.name'],
    [hsm, 'properties.sku.name', 'sku.name'],
    [hsm, 'Microsoft.KeyVault/managedHSMs/enableSoftDelet', 'properties.enableSoftDelete'],
    [vault, 'foo', undefined],
    [vault, '', undefined],
    [vault, "[concat('tags')]", undefined],
    [vault, 'Microsoft.KeyVault/managedHSMs/enableSoftDelete', undefined],
    [storage, 'Microsoft.Storage/storageAccounts/supportsHttpsTrafficOnly', undefined],
    [storage, 'properties..x', undefined],
  ] as const)('%s %s', ([types, written, suggestion]) => {
    const found = canonicalField(types, written);
    expect(found).toHaveProperty('problem');
    expect('suggestion' in found ? found.suggestion : undefined).toBe(suggestion);
  });
});

test.for(
  resourceTypes.flatMap(({ type, fields }) => Object.keys(fields).map((path) => [type, path] as const)),
)('every field of %s is its own canonical path: %s', ([resourceType, path]) => {
  expect(canonicalField([resourceType], path)).toMatchObject({ path });
});
