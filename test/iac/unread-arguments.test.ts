import { describe, expect, test } from 'vitest';
import { anchorOf, declarationsOf } from './declarations.ts';

type Files = Readonly<Record<string, string>>;

const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

function template(resources: readonly object[], parameters: object = {}): object {
  return { $schema, contentVersion: '1.0.0.0', parameters, resources };
}

const vault = (name: string): object => ({
  type: 'Microsoft.KeyVault/vaults',
  name,
  condition: "[parameters('on')]",
});
const parameters = {
  name: { type: 'string', defaultValue: 'kv-orchard' },
};

/** A deployment that gives its template these properties: nested, and linked to a file. */
function deployed(properties: object, on = true, name = "[parameters('name')]"): readonly Files[] {
  const type = 'Microsoft.Resources/deployments';
  const inner = template([vault(name)], { ...parameters, on: { type: 'bool', defaultValue: on } });
  const nested = { expressionEvaluationOptions: { scope: 'inner' }, template: inner, ...properties };
  const linked = { templateLink: { relativePath: 'vault.json' }, ...properties };
  return [
    { 'main.json': JSON.stringify(template([{ type, properties: nested }])) },
    {
      'main.json': JSON.stringify(template([{ type, properties: linked }])),
      'vault.json': JSON.stringify(inner),
    },
  ];
}

function anchors(files: readonly Files[], name: string): readonly string[] {
  return files.map((one) => anchorOf(declarationsOf(one), { name }));
}

describe('a template whose arguments cannot be read', () => {
  test.each([
    [{ parametersLink: { uri: 'https://files.contoso.example/prod.json' } }],
    [{ parameters: "[variables('given')]" }],
    [{ parameters: { name: "[variables('given')]" } }],
    [{ parameters: { name: { reference: { keyVault: { id: 'of-a-vault' }, secretName: 'name' } } } }],
  ])('is not known to declare the vault of its default name: %j', (properties) => {
    expect(anchors(deployed(properties), 'kv-orchard')).toEqual(['none', 'none']);
    expect(anchors(deployed({ parameters: {} }), 'kv-orchard')).not.toContain('none');
  });

  test.each([
    [{ parametersLink: { uri: 'https://files.contoso.example/prod.json' } }],
    [{ parameters: "[variables('given')]" }],
    [{ parameters: { on: "[variables('given')]" } }],
  ])('may declare a vault that it does not by default: %j', (properties) => {
    expect(anchors(deployed(properties, false, 'kv-orchard'), 'kv-orchard')).not.toContain('none');
    expect(anchors(deployed({ parameters: {} }, false, 'kv-orchard'), 'kv-orchard')).toEqual([
      'none',
      'none',
    ]);
  });
});

describe('a comparison that text alone does not decide', () => {
  const terraform = (condition: string, variables: string, given: string): Files => ({
    'main.tf': `${variables}\nresource "azurerm_key_vault" "v" {\n  count = ${condition}\n  name = "kv-orchard"\n}\n`,
    'terraform.tfvars': given,
  });
  test.for<readonly [string, Files, boolean]>([
    [
      'title of Terraform',
      terraform('title(var.env) == "Prod" ? 1 : 0', 'variable "env" {}', 'env = "prod"\n'),
      true,
    ],
    [
      'title of another word',
      terraform('title(var.env) == "Prod" ? 1 : 0', 'variable "env" {}', 'env = "dev"\n'),
      false,
    ],
    [
      'a text that a variable converts to a flag',
      terraform('var.on == "true" ? 0 : 1', 'variable "on" {\n  type = bool\n}', 'on = "true"\n'),
      true,
    ],
    [
      'a text that a variable converts to a number',
      terraform('var.n == "1" ? 0 : 1', 'variable "n" {\n  type = number\n}', 'n = "1"\n'),
      true,
    ],
    [
      'a flag in a text of Bicep',
      {
        'main.bicep':
          "param on bool\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = if ('${on}' == 'True') {\n  name: 'kv-orchard'\n}\n",
        'main.bicepparam': "using 'main.bicep'\nparam on = true\n",
      },
      true,
    ],
  ])('%s', ([, files, expected]) => {
    expect(anchorOf(declarationsOf(files), { name: 'kv-orchard' }) !== 'none').toBe(expected);
  });
});

test('an argument that is null leaves a default in force that may be', () => {
  const files = {
    'main.tf': 'module "kv" {\n  source = "./kv"\n  on = null\n}\n',
    'kv/main.tf':
      'variable "on" {\n  default = true\n  nullable = false\n}\nresource "azurerm_key_vault" "v" {\n  count = var.on == true ? 1 : 0\n  name = "kv-orchard"\n}\n',
  };
  expect(anchorOf(declarationsOf(files), { name: 'kv-orchard' })).not.toBe('none');
});

describe('an override file is merged into the others', () => {
  const main = 'resource "azurerm_key_vault" "v" {\n  count = 0\n  name = "kv-orchard"\n}\n';
  test.for<readonly [string, string]>([
    ['override.tf', 'resource "azurerm_key_vault" "v" {\n  count = 1\n}\n'],
    ['main_override.tf', 'resource "azurerm_key_vault" "v" {\n  count = 1\n}\n'],
    ['main_override.tf.json', '{ "resource": { "azurerm_key_vault": { "v": { "count": 1 } } } }'],
  ])('%s', ([path, text]) => {
    expect(anchorOf(declarationsOf({ 'main.tf': main, [path]: text }), { name: 'kv-orchard' })).toBe(
      'main.tf:1',
    );
    expect(anchorOf(declarationsOf({ 'main.tf': main }), { name: 'kv-orchard' })).toBe('none');
  });

  test('a name of the override is the name', () => {
    const files = {
      'main.tf': 'resource "azurerm_key_vault" "v" {\n  name = "kv-orchard"\n}\n',
      'override.tf': 'resource "azurerm_key_vault" "v" {\n  name = "kv-meadow"\n}\n',
    };
    expect(anchorOf(declarationsOf(files), { name: 'kv-orchard' })).toBe('none');
    expect(anchorOf(declarationsOf(files), { name: 'kv-meadow' })).toBe('main.tf:1');
  });
});
