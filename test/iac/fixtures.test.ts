import path from 'node:path';

import { describe, expect, test } from 'vitest';

import type { Declarations } from '../../src/iac/read-declarations.ts';
import { wholly } from '../../src/iac/piecewise.ts';
import { readDeclarations } from '../../src/iac/read-declarations.ts';
import { readIacFiles } from '../../src/files/checkout/iac-files.ts';
import { anchorOf } from './declarations.ts';

const languages = ['bicep', 'arm', 'terraform'] as const;

function declarationsIn(language: string): Declarations {
  const folder = path.join(import.meta.dirname, '../fixtures/iac', language);
  const { files } = wholly(readIacFiles({ sourceRoot: folder, checkout: folder }));
  return wholly(readDeclarations(files));
}

const read = Object.fromEntries(languages.map((language) => [language, declarationsIn(language)] as const));

function declarations(language: string): Declarations {
  const found = read[language];
  if (found === undefined) throw new Error(`no fixtures of ${language}`);
  return found;
}

// The twelve vaults, their resource groups, and the line that decides on purge protection, in each language.
const vaults: readonly (readonly [string, string, string, string, string])[] = [
  ['kv-literal-archive', 'rg-platform', 'main.bicep:29', 'azuredeploy.json:28', 'main.tf:24'],
  ['kv-orders-prod', 'rg-platform', 'main.bicep:52', 'azuredeploy.json:51', 'main.tf:43'],
  ['kv-billing-weu', 'rg-platform', 'main.bicep:57', 'azuredeploy.json:55', 'main.tf:46'],
  ['kv-prod-payments', 'rg-platform', 'main.bicep:74', 'azuredeploy.json:73', 'main.tf:60'],
  [
    'kv-ledger-prod',
    'rg-ledger-prod',
    'ledger/prod.bicepparam:6',
    'ledger/ledger.prod.parameters.json:8',
    'ledger/env/prod.tfvars:2',
  ],
  ['kv-reports', 'rg-crm', 'crm/main.bicep:14', 'nested/crm.json:41', 'crm/main.tf:6'],
  ['kv-crm-avm', 'rg-crm', 'crm/main.bicep:24', 'nested/crm.json:24', 'crm/main.tf:18'],
  ['kv-loop-eu', 'rg-platform', 'regions.bicep:24', 'regions.json:25', 'regions.tf:9'],
  ['kv-loop-us', 'rg-platform', 'regions.bicep:24', 'regions.json:25', 'regions.tf:9'],
  ['kvu-x7qk2m3p5r7ta', 'rg-platform', 'regions.bicep:28', 'regions.json:28', 'main.tf:71'],
  ['kv-cond-dr', 'rg-platform', 'regions.bicep:45', 'regions.json:46', 'regions.tf:21'],
  ['hsm-root-of-trust', 'rg-platform', 'regions.bicep:56', 'regions.json:57', 'regions.tf:33'],
];

const cases = vaults.flatMap(([name, group, ...places]) =>
  languages.map((language, index) => ({ language, name, group, place: places[index] })),
);

test.for(cases)('$language: $name is anchored where it is declared', ({ language, name, group, place }) => {
  const location = name === 'kv-cond-dr' ? 'northeurope' : 'westeurope';
  expect(anchorOf(declarations(language), { name, group, location })).toBe(place);
});

describe.for(languages)('%s', (language) => {
  test('is understood completely', () => {
    expect(declarations(language).problems).toEqual([]);
  });

  test.for([
    ['a vault that only a data source or an existing resource names', 'kv-shared-elsewhere', 'rg-elsewhere'],
    ['a vault that nobody declared', 'kv-clickops', 'rg-platform'],
    ['a namesake in another resource group', 'kv-reports', 'rg-other'],
    ['a suffix that no unique string has', 'kvu-x', 'rg-other'],
    ['an HSM by the name of a vault', 'hsm-literal-archive', 'rg-platform'],
  ])('%s has no anchor', ([, name = '', group = '']) => {
    expect(anchorOf(declarations(language), { name, group })).toBe('none');
  });

  test('names are compared in any letter case', () => {
    const written = anchorOf(declarations(language), { name: 'kv-literal-archive' });
    expect(anchorOf(declarations(language), { name: 'KV-Literal-ARCHIVE' })).toBe(written);
  });
});

test.for([
  ['bicep', 'properties.networkAcls.defaultAction', 'main.bicep:32'],
  ['arm', 'properties.networkAcls.defaultAction', 'azuredeploy.json:31'],
  ['terraform', 'properties.networkAcls.defaultAction', 'main.tf:28'],
  ['bicep', 'properties.networkAcls.ipRules[*].value', 'main.bicep:30'],
  ['terraform', 'properties.networkAcls.ipRules[*].value', 'main.tf:26'],
  ['bicep', 'properties.enableRbacAuthorization', 'main.bicep:28'],
  ['terraform', 'properties.enableRbacAuthorization', 'main.tf:23'],
  ['bicep', 'count(properties.privateEndpointConnections[*])', 'main.bicep:21'],
  ['arm', 'properties.softDeleteRetentionInDays', 'azuredeploy.json:17'],
])(
  '%s: %s of the archive is anchored at its own line, or at the nearest around it',
  ([language, field, place]) => {
    expect(anchorOf(declarations(language ?? ''), { name: 'kv-literal-archive', field: field ?? '' })).toBe(
      place,
    );
  },
);
