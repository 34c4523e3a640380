import { expect, test } from 'vitest';
import { anchorOf, declarationsOf } from './declarations.ts';

const elsewhere = '99999999-1111-4111-8111-111111111111';
const bicepVault = "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' =";

function armVault(more: object, around: (vault: object) => object = (vault) => vault): string {
  const vault = { type: 'Microsoft.KeyVault/vaults', apiVersion: '2023-07-01', name: 'kv-payments', ...more };
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return JSON.stringify({ $schema, contentVersion: '1.0.0.0', resources: [around(vault)] });
}

function nested(more: object): (vault: object) => object {
  return (vault) => ({
    type: 'Microsoft.Resources/deployments',
    name: 'inner',
    ...more,
    properties: { mode: 'Incremental', template: { resources: [vault] } },
  });
}

test.for<readonly [string, Readonly<Record<string, string>>, boolean]>([
  [
    'a literal condition that is false',
    { 'main.bicep': `${bicepVault} if (false) {\n  name: 'kv-payments'\n}` },
    false,
  ],
  [
    'a variable that is false',
    { 'main.bicep': `var on = false\n${bicepVault} if (on) {\n  name: 'kv-payments'\n}` },
    false,
  ],
  ['a condition that is true', { 'main.bicep': `${bicepVault} if (true) {\n  name: 'kv-payments'\n}` }, true],
  [
    'a condition that is unknown',
    { 'main.bicep': `param on bool\n${bicepVault} if (on) {\n  name: 'kv-payments'\n}` },
    true,
  ],
  [
    'a module under a condition that is false',
    {
      'main.bicep': "module m 'm.bicep' = if (false) {\n  params: { n: 'kv-payments' }\n}",
      'm.bicep': `param n string\n${bicepVault} {\n  name: n\n}`,
    },
    false,
  ],
  [
    'a module in another subscription',
    {
      'main.bicep': `module m 'm.bicep' = {\n  scope: resourceGroup('${elsewhere}', 'rg-platform')\n  params: { n: 'kv-payments' }\n}`,
      'm.bicep': `param n string\n${bicepVault} {\n  name: n\n}`,
    },
    false,
  ],
  ['an ARM condition that is false', { 'azuredeploy.json': armVault({ condition: false }) }, false],
  ['an ARM condition that is true', { 'azuredeploy.json': armVault({ condition: true }) }, true],
  [
    'a nested deployment into another subscription',
    { 'azuredeploy.json': armVault({}, nested({ subscriptionId: elsewhere })) },
    false,
  ],
  [
    'a nested deployment that never runs',
    { 'azuredeploy.json': armVault({}, nested({ condition: false })) },
    false,
  ],
  ['a nested deployment', { 'azuredeploy.json': armVault({}, nested({})) }, true],
])('%s', ([, files, isFound]) => {
  const anchor = anchorOf(declarationsOf(files), { name: 'kv-payments' });
  expect(anchor.startsWith(Object.keys(files).at(-1) ?? '')).toBe(isFound);
});
