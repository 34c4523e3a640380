import { expect, test } from 'vitest';
import { checkQuery, filterResources, vaultBody } from '../../emulator/index.ts';
import { ids } from './azure.ts';

const place = { subscriptionId: ids.one, resourceGroup: 'RG', location: 'westeurope' };
const bodies = [
  vaultBody({ ...place, name: 'kv-open' }),
  vaultBody({ ...place, name: 'kv-sealed' }, { properties: { enablePurgeProtection: true } }),
];

test('a query runs over bodies as Resource Graph stores them', () => {
  const query =
    "resources | where type == 'microsoft.keyvault/vaults' and properties.enablePurgeProtection != true | project name, resourceGroup";
  expect(filterResources(query, bodies)).toEqual([{ name: 'kv-open', resourceGroup: 'rg' }]);
});

test('a query is checked without being run', () => {
  expect(checkQuery('resources | where properties.a == 1')).toEqual([]);
  expect(checkQuery('resources | where nosuch == 1')).toMatchObject([
    { code: 'KS142', start: 18, length: 6 },
  ]);
});
