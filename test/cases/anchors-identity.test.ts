import { describe, expect, test } from 'vitest';
import { anchorsIn } from '../../src/iac/anchor.ts';
import { uniqueString } from '../../src/iac/evaluation/unique-string.ts';
import type { FindingResource } from '../../src/model/finding.ts';
import { anchorOf, type AnchorQuestion, declarationsOf } from '../iac/declarations.ts';
import { shown } from './anchored.ts';

test.for([
  [
    'F1-unique-string-of-others',
    {
      'kv-aaaabbbbccccd': 'elsewhere',
      'kv-ccccddddeeeef': 'elsewhere',
      'kv-zzzzyyyyxxxx2': 'elsewhere',
    },
  ],
  ['F2-other-parameter-file', { kv2345abcdefghi: 'main.bicep:10' }],
  ['F3-id-in-tag', { 'kv-orchard-b': 'main.bicep:10' }],
  ['F4-region-word', { 'kv-payroll-prod-westeurope': 'elsewhere' }],
  ['F5-cr-line-ends', { 'kv-cr-prod': 'main.bicep:6' }],
  ['F17-random-string', { 'vault-a1b2c3d4e5f6g': 'main.tf:6' }],
  ['F26-azd-env-placeholder', { 'kv-orchard-staging': 'main.bicep:4' }],
] as const)('%s', async ([name, places]) => {
  expect(await shown(name)).toMatchObject({ places, stderr: '' });
});

// The first five are of a re-implementation in Bash that holds itself against Bicep's output, the sixth is of
// Stack Overflow 43295720, the last of a test that calls Microsoft's own package.
test.for([
  ['test', 'rbgf3xv4ufgzg'],
  ['hello-world', 'a7wkljktk6wne'],
  ['abc', 'cgtzqvhu4i23s'],
  ['/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-rg', 'bmg7c6xu4tw46'],
  ['foo-bar-baz', 'xzi4ioaxtmth4'],
  ['tyeth', 'zcztcwvu6iyg6'],
  [
    '/subscriptions/3c7f956b-55ee-4686-9d30-da1eb631dc59/resourceGroups/rg-devopsshieldek010dev',
    'fd63l2gacbtca',
  ],
] as const)('uniqueString(%s) is what Azure makes of it', ([joined, expected]) => {
  expect(uniqueString(joined)).toBe(expected);
});

/** A Bicep vault whose declaration is its first line. */
function vault(symbol: string, name: string, more = ''): string {
  return `resource ${symbol} 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: ${name}\n${more}\n}\n`;
}

function anchorFor(files: Readonly<Record<string, string>>, question: AnchorQuestion): string {
  return anchorOf(declarationsOf(files), question);
}

const own = uniqueString('/subscriptions/s/resourceGroups/rg-platform');
const inSubscription = uniqueString('/subscriptions/s-orchard');

describe('a unique string', () => {
  test.for([
    ['of the resource group', "'kv-${uniqueString(resourceGroup().id)}'", `kv-${own}`],
    ['a part of it', "'kv${take(uniqueString(resourceGroup().id), 6)}'", `kv${own.slice(0, 6)}`],
    [
      'in ARM’s way of writing it',
      "'kv-${substring(uniqueString(resourceGroup().id), 0, 5)}'",
      `kv-${own.slice(0, 5)}`,
    ],
    [
      'of the subscription and a word',
      "'kv${uniqueString(subscription().id, 'orchard')}'",
      `kv${inSubscription}`,
    ],
    ['of written text', "'kv${uniqueString('hello', 'world')}'", 'kva7wkljktk6wne'],
  ])('proves the vault: %s', ([, name = '', actual = '']) => {
    expect(anchorFor({ 'main.bicep': vault('v', name) }, { name: actual })).toBe('main.bicep:1');
    expect(anchorFor({ 'main.bicep': vault('v', name) }, { name: actual, group: 'rg-other' })).toBe(
      /of the resource group|resourceGroup/.test(name) ? 'none' : 'main.bicep:1',
    );
  });

  const name = "'kv${uniqueString(subscription().id, deployment().name)}'";
  const written = vault('v', name, "  location: 'westeurope'");
  test('that cannot be computed is no name', () => {
    expect(anchorFor({ 'main.bicep': vault('v', name) }, { name: 'kvx7qk2m3p5r7ta' })).toBe('none');
  });
  test('fits the one vault where the region is written too', () => {
    expect(anchorFor({ 'main.bicep': written }, { name: 'kvx7qk2m3p5r7ta' })).toBe('main.bicep:1');
    expect(anchorFor({ 'main.bicep': written }, { name: 'kvx7qk2m3p5r7ta', location: 'northeurope' })).toBe(
      'none',
    );
    // Base 32 has no 0, 1, 8 or 9.
    expect(anchorFor({ 'main.bicep': written }, { name: 'kvx1qk2m3p5r7ta' })).toBe('none');
  });
  test('fits none where it fits several', () => {
    const { declarations } = declarationsOf({ 'main.bicep': written });
    const resources = ['kvx7qk2m3p5r7ta', 'kvy7qk2m3p5r7tb'].map(resourceNamed);
    const anchors = anchorsIn(declarations, resources);
    const answers = resources.map((resource) => anchors({ resource, evidence: [] }).kind);
    expect(answers).toEqual(['none', 'none']);
  });
});

function resourceNamed(name: string): FindingResource {
  const id = `/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`;
  const type = 'Microsoft.KeyVault/vaults';
  return { id, name, type, subscriptionId: 's', resourceGroup: 'rg', location: 'westeurope' };
}

describe('words of naming conventions are no identity', () => {
  test.for([
    ['kv-${a}-weu', 'kv-payroll-weu'],
    ['kv-${a}-uksouth-01', 'kv-payroll-uksouth-01'],
    ['kvprod${a}', 'kvprodpayroll'],
    ['prodwesteurope-${a}-kv', 'prodwesteurope-payroll-kv'],
    ['${a}-shared-keyvault', 'payroll-shared-keyvault'],
    ['kv-app-${a}-${b}', 'kv-app-payroll-prod'],
    ['kv-${a}-eastus2', 'kv-payroll-eastus2'],
    ['kvx-${a}', 'kvx-payroll'],
    ['kv-${take(uniqueString(a), 3)}', 'kv-crm'],
  ])('%s', ([pattern = '', name = '']) => {
    const files = { 'main.bicep': `param a string\nparam b string\n${vault('v', `'${pattern}'`)}` };
    expect(anchorFor(files, { name })).toBe('none');
  });

  test.for([
    ['kv-${a}-orchard', 'kv-prod-orchard'],
    ['kvorchard${a}', 'kvorchardprod'],
    ['${a}-crm-kv', 'prod-crm-kv'],
  ])('%s is one', ([pattern = '', name = '']) => {
    const files = { 'main.bicep': `param a string\n${vault('v', `'${pattern}'`)}` };
    expect(anchorFor(files, { name })).toBe('main.bicep:2');
  });
});

describe('what contradicts refuses', () => {
  const words = "'kv-${env}-orchard'";
  const declared = (more: string): Readonly<Record<string, string>> => ({
    'main.bicep': `param env string\nparam place string = 'swedencentral'\n${vault('v', words, more)}`,
  });
  test.for<readonly [string, string, Omit<AnchorQuestion, 'name'>, string]>([
    ['another region', "  location: 'swedencentral'", {}, 'none'],
    ['the same region in other letters', "  location: 'West Europe'", {}, 'main.bicep:3'],
    ['a region that may be given', '  location: place', {}, 'main.bicep:3'],
    ['a tag with another value', "  tags: { app: 'orchard' }", { tags: { app: 'mill' } }, 'none'],
    ['a tag that is missing', "  tags: { app: 'orchard' }", { tags: {} }, 'none'],
    ['the same tag', "  tags: { app: 'orchard' }", { tags: { App: 'Orchard', more: 'x' } }, 'main.bicep:3'],
    ['a tag that depends on a parameter', '  tags: { app: env }', { tags: { app: 'x' } }, 'main.bicep:3'],
    ['tags that were not read', "  tags: { app: 'orchard' }", {}, 'main.bicep:3'],
  ])('%s', ([, more, question, place]) => {
    expect(anchorFor(declared(more), { name: 'kv-prod-orchard', ...question })).toBe(place);
  });

  test('a whole name is worth more than a tag, but not than a region', () => {
    const tagged = { 'main.bicep': vault('v', "'kv-orchard'", "  tags: { app: 'orchard' }") };
    expect(anchorFor(tagged, { name: 'kv-orchard', tags: {} })).toBe('main.bicep:1');
    const placed = { 'main.bicep': vault('v', "'kv-orchard'", "  location: 'swedencentral'") };
    expect(anchorFor(placed, { name: 'kv-orchard' })).toBe('none');
  });

  test('of two declarations with one name the tags tell', () => {
    const files = {
      'a.bicep': vault('v', "'kv-orchard'", "  tags: { stage: 'test' }"),
      'b.bicep': vault('v', "'kv-orchard'", "  tags: { stage: 'prod' }"),
    };
    expect(anchorFor(files, { name: 'kv-orchard', tags: { stage: 'prod' } })).toBe('b.bicep:1');
  });
});

describe('a tag with a resource id', () => {
  const id = '/subscriptions/s/resourceGroups/rg-platform/providers/Microsoft.KeyVault/vaults/kv-orchard-b';
  const files = { 'main.bicep': `param name string\n${vault('v', 'name', `  tags: { replica: '${id}' }`)}` };
  test('names another vault, unless the vault itself has it', () => {
    expect(anchorFor(files, { name: 'kv-orchard-b' })).toBe('none');
    expect(anchorFor(files, { name: 'kv-orchard-b', tags: { replica: 'x' } })).toBe('none');
    expect(anchorFor(files, { name: 'kv-orchard-b', tags: { replica: id } })).toBe('main.bicep:2');
  });
});

describe('deployments of one declaration', () => {
  const template = `param purge bool = false\nparam env string = ''\n${vault(
    'v',
    "'kv-${env}-orchard'",
    '  properties: { enablePurgeProtection: purge }',
  )}`;
  const given = (env: string): string => `using 'main.bicep'\nparam env = '${env}'\nparam purge = false\n`;
  test('whose name is whole is the one', () => {
    const files = {
      'main.bicep': template,
      'dev.bicepparam': given('dev'),
      'prod.bicepparam': given('prod'),
    };
    expect(anchorFor(files, { name: 'kv-prod-orchard' })).toBe('prod.bicepparam:3');
  });
  test('of which no file gives the name leave the line in the declaration', () => {
    const files = { 'main.bicep': template, 'dev.bicepparam': given('dev') };
    expect(anchorFor(files, { name: 'kv-prod-orchard' })).toBe('main.bicep:5');
  });
});

describe('what Terraform’s provider invents', () => {
  const declared = (resource: string, attribute: string, more = ''): Readonly<Record<string, string>> => ({
    'main.tf': `resource "azurerm_key_vault" "v" {\n  name = "kv-\${${attribute}}"\n  resource_group_name = "rg-platform"\n${more}}\n${resource}\n`,
  });
  test.for([
    [
      'random_string.s.result',
      'resource "random_string" "s" {\n  length = 10\n  special = false\n}',
      'kv-a1b2c3d4e5',
      'main.tf:1',
    ],
    ['random_string.s.result', 'resource "random_string" "s" {\n  length = 10\n}', 'kv-a1b2c3d4e5', 'none'],
    [
      'random_string.s.result',
      'resource "random_string" "s" {\n  length = 4\n  special = false\n}',
      'kv-prod',
      'none',
    ],
    ['random_id.s.hex', 'resource "random_id" "s" {\n  byte_length = 5\n}', 'kv-a1b2c3d4e5', 'main.tf:1'],
    ['random_id.s.b64_url', 'resource "random_id" "s" {\n  byte_length = 5\n}', 'kv-a1b2c3d4e5', 'none'],
    ['random_pet.s.id', 'resource "random_pet" "s" {}', 'kv-good-orchard', 'none'],
  ])('%s %s %s: %s', ([attribute = '', resource = '', name = '', place]) => {
    expect(anchorFor(declared(resource, attribute), { name })).toBe(place);
    expect(anchorFor(declared(resource, attribute), { name, group: 'rg-other' })).toBe('none');
  });
});

describe('an object that is handed over whole', () => {
  test('F25-object-argument', async () => {
    expect((await shown('F25-object-argument')).places).toEqual({ 'kv-quarry-two': 'terraform.tfvars:8' });
  });

  const module = `variable "settings" { type = any }
resource "azurerm_key_vault" "main" {
  name                     = var.settings.name
  purge_protection_enabled = try(var.settings.purge, false)
}
`;
  test.for([
    [
      'a call that writes it out',
      'module "v" {\n  source = "./vault"\n  settings = {\n    name  = "kv-quarry"\n    purge = false\n  }\n}\n',
      '',
      'main.tf:5',
    ],
    [
      'an element that it lacks',
      'variable "v" {}\nmodule "v" {\n  source = "./vault"\n  settings = var.v\n}\n',
      'v = {\n  name = "kv-quarry"\n}\n',
      'terraform.tfvars:1',
    ],
    [
      'a list of them',
      'variable "v" {}\nmodule "v" {\n  count = 2\n  source = "./vault"\n  settings = var.v[count.index]\n}\n',
      'v = [{\n  name = "kv-other"\n  purge = true\n}, {\n  name = "kv-quarry"\n  purge = false\n}]\n',
      'terraform.tfvars:6',
    ],
  ])('%s', ([, main = '', variables = '', place]) => {
    const files = { 'main.tf': main, 'vault/main.tf': module, 'terraform.tfvars': variables };
    expect(anchorFor(files, { name: 'kv-quarry' })).toBe(place);
  });

  test('in Bicep and its parameter file', () => {
    const files = {
      'main.bicep': `param settings object\n${vault('v', 'settings.name', '  properties: { enablePurgeProtection: settings.?purge ?? null }')}`,
      'prod.bicepparam': "using 'main.bicep'\nparam settings = {\n  name: 'kv-quarry'\n  purge: false\n}\n",
    };
    expect(anchorFor(files, { name: 'kv-quarry' })).toBe('prod.bicepparam:4');
  });
});

/** A template of JSON, one key a line. */
function armText(more: object): string {
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return JSON.stringify({ $schema, contentVersion: '1.0.0.0', ...more }, undefined, 1);
}

const compiled = { metadata: { _generator: { name: 'bicep', version: '0.38.5.1644' } } };
const armVault = { type: 'Microsoft.KeyVault/vaults', name: "[parameters('vaultName')]" };
const named = { parameters: { vaultName: { value: 'kv-orchard-prod' } } };
const parameterFile = JSON.stringify({ $schema: 'x/deploymentParameters.json#', ...named }, undefined, 1);

describe('compiled Bicep stands back behind its source', () => {
  test.for([
    ['F6-parameters-of-compiled', 'main.bicep:3'],
    ['F7-compiled-other-name', 'main.bicep:10'],
  ] as const)('%s', async ([name, place]) => {
    expect(await shown(name)).toMatchObject({ places: { 'kv-orchard-prod': place }, stderr: '' });
  });

  const source = `param vaultName string\n${vault('v', 'vaultName')}`;
  const json = armText({ ...compiled, parameters: { vaultName: {} }, resources: [armVault] });
  test.for<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'in a folder beside it',
      { 'bicep/kv.bicep': source, 'arm/kv.json': json, 'arm/kv.parameters.json': parameterFile },
      'bicep/kv.bicep:2',
    ],
    [
      'in the folder above',
      { 'src/kv.bicep': source, 'azuredeploy.json': json, 'azuredeploy.parameters.json': parameterFile },
      'src/kv.bicep:2',
    ],
    [
      'but not behind another with other parameters',
      {
        'main.bicep': source
          .replace('vaultName string', 'other string')
          .replace('name: vaultName', 'name: other'),
        'azuredeploy.json': json,
        'azuredeploy.parameters.json': parameterFile,
      },
      'azuredeploy.json:14',
    ],
  ])('%s', ([, files, place]) => {
    expect(anchorFor(files, { name: 'kv-orchard-prod' })).toBe(place);
  });
});

describe('templates inside other documents', () => {
  test('F21-blueprint-spec', async () => {
    expect(await shown('F21-blueprint-spec')).toMatchObject({
      places: { 'kv-blueprint-prod': 'artifacts/kv.json:5', 'kv-spec-prod': 'spec.json:7' },
      stderr: '',
    });
  });

  const inner = (name: string): object =>
    JSON.parse(armText({ parameters: { vaultName: {} }, resources: [{ ...armVault, name }] }));
  test.for<readonly [string, object]>([
    [
      'a deployment stack',
      { type: 'Microsoft.Resources/deploymentStacks', properties: { template: inner('kv-orchard-prod') } },
    ],
    [
      'a policy that deploys',
      {
        type: 'Microsoft.Authorization/policyDefinitions',
        properties: {
          policyRule: {
            details: {
              deployment: { properties: { ...named, template: inner("[[parameters('vaultName')]") } },
            },
          },
        },
      },
    ],
    [
      'a template spec in a nested deployment',
      {
        type: 'Microsoft.Resources/deployments',
        properties: {
          template: JSON.parse(
            armText({
              resources: [
                {
                  type: 'Microsoft.Resources/templateSpecs/versions',
                  properties: { mainTemplate: inner('kv-orchard-prod') },
                },
              ],
            }),
          ),
        },
      },
    ],
  ])('%s', ([, resource]) => {
    const files = { 'main.json': armText({ resources: [resource] }) };
    expect(anchorFor(files, { name: 'kv-orchard-prod' })).toMatch(/^main\.json:\d+$/);
  });

  test('a blueprint artifact gives its parameters', () => {
    const artifact = {
      kind: 'template',
      properties: { template: inner("[parameters('vaultName')]"), ...named },
    };
    const files = { 'artifacts/kv.json': JSON.stringify(artifact, undefined, 1) };
    expect(anchorFor(files, { name: 'kv-orchard-prod' })).toMatch(/^artifacts\/kv\.json:\d+$/);
    expect(anchorFor(files, { name: 'kv-orchard-test' })).toBe('none');
  });
});

describe('placeholders of a parameter file are unknown', () => {
  const required = `param env string\n${vault('v', "'kv-${env}'")}`;
  const given = (value: string): string =>
    JSON.stringify({ $schema: 'x/deploymentParameters.json#', parameters: { env: { value } } });
  test.for([
    ['orchard-${AZURE_ENV_NAME}', 'kv-orchard-staging', 'main.bicep:2'],
    ['${AZURE_ENV_NAME}', 'kv-orchard-staging', 'none'],
    ['${AZURE_ENV_NAME=staging}', 'kv-staging', 'main.bicep:2'],
    ['orchard-$(stage)', 'kv-orchard-staging', 'main.bicep:2'],
    ['orchard-#{stage}#', 'kv-orchard-staging', 'main.bicep:2'],
    ['orchard-__stage__', 'kv-orchard-staging', 'main.bicep:2'],
    ['orchard-__stage__', 'kv-mill-staging', 'none'],
  ])('%s and %s: %s', ([value = '', name = '', place]) => {
    expect(anchorFor({ 'main.bicep': required, 'main.parameters.json': given(value) }, { name })).toBe(place);
  });
});
