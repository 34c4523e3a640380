import { describe, expect, test } from 'vitest';
import { anchorOf, declarationsOf } from './declarations.ts';

type Files = Readonly<Record<string, string>>;

function isShown(files: Files, name = 'kv-orchard'): boolean {
  return anchorOf(declarationsOf(files), { name }) !== 'none';
}

/** A vault in Terraform that exists as often as an expression says. */
function counted(count: string, given: string, variables = 'variable "env" {}\n'): Files {
  const vault = `resource "azurerm_key_vault" "v" {\n  count = ${count}\n  name = "kv-orchard"\n}\n`;
  return { 'main.tf': variables + vault, 'terraform.tfvars': given };
}

/** A vault in Bicep under a condition. */
function conditional(condition: string, given: string): Files {
  return {
    'main.bicep': `param env string\nparam on bool = true\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = if (${condition}) {\n  name: 'kv-orchard'\n}\n`,
    'main.bicepparam': `using 'main.bicep'\n${given}`,
  };
}

/** A nested ARM template whose vault is under a condition, called with a stage. */
function nested(condition: string, stage: string): Files {
  const vault = { type: 'Microsoft.KeyVault/vaults', name: 'kv-orchard', condition };
  const inner = { parameters: { env: { type: 'string' } }, resources: [vault] };
  const deployment = {
    type: 'Microsoft.Resources/deployments',
    properties: {
      expressionEvaluationOptions: { scope: 'inner' },
      parameters: { env: { value: stage } },
      template: inner,
    },
  };
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return {
    'main.json': JSON.stringify({ $schema, contentVersion: '1.0.0.0', resources: [deployment] }),
  };
}

describe('a condition that is decided by what is given', () => {
  test.for<readonly [string, Files, boolean]>([
    ['a count that is on', counted('var.env ? 1 : 0', 'env = true\n'), true],
    ['a count that is off', counted('var.env ? 1 : 0', 'env = false\n'), false],
    ['a negation', counted('!var.env ? 1 : 0', 'env = true\n'), false],
    ['a comparison that holds', counted('var.env == "prod" ? 1 : 0', 'env = "prod"\n'), true],
    ['one that does not', counted('var.env == "prod" ? 1 : 0', 'env = "dev"\n'), false],
    ['the contrary', counted('var.env != "prod" ? 1 : 0', 'env = "prod"\n'), false],
    ['one with null', counted('var.env == null ? 1 : 0', 'env = "prod"\n'), false],
    ['one of several', counted('var.env == "prod" || var.env == "test" ? 1 : 0', 'env = "dev"\n'), false],
    ['all of several', counted('var.env != "dev" && var.env != "" ? 1 : 0', 'env = "test"\n'), true],
    ['a resource in Bicep', conditional("env == 'prod'", "param env = 'prod'\n"), true],
    ['a resource that is not made', conditional("env == 'prod'", "param env = 'dev'\n"), false],
    ['several in Bicep', conditional("on && env != 'dev'", "param env = 'dev'\n"), false],
    ['ARM', nested("[equals(parameters('env'), 'prod')]", 'prod'), true],
    ['ARM, not made', nested("[equals(parameters('env'), 'prod')]", 'dev'), false],
    ['ARM, negated', nested("[not(equals(parameters('env'), 'prod'))]", 'prod'), false],
    [
      'ARM, one of several',
      nested("[or(equals(parameters('env'), 'a'), equals(parameters('env'), 'b'))]", 'c'),
      false,
    ],
  ])('%s', ([, files, expected]) => {
    expect(declarationsOf(files).problems).toEqual([]);
    expect(isShown(files)).toBe(expected);
  });
});

describe('operators bind as their languages say', () => {
  test.for<readonly [string, boolean]>([
    ['env == prod ? true : false', true],
    ['env == dev ? false : true', true],
    ['env == dev && env == dev || env == prod', true],
    ['env == prod || env == dev && env == dev', true],
    ['!(env == dev) && env == dev', false],
    ['env == dev == false', true],
    ['env == dev ? true : env == prod ? false : true', false],
  ])('%s', ([words, expected]) => {
    const bicep = words.replaceAll(/prod|dev/gu, "'$&'");
    expect(isShown(conditional(bicep, "param env = 'prod'\n"))).toBe(expected);
    const terraform = words.replaceAll(/prod|dev/gu, '"$&"').replaceAll('env', 'var.env');
    expect(isShown(counted(`(${terraform}) ? 1 : 0`, 'env = "prod"\n'))).toBe(expected);
  });
});

describe('a condition that is not decided', () => {
  test.for<readonly [string, Files]>([
    ['by a variable that may be given', counted('var.env ? 1 : 0', 'team = "a"\n')],
    [
      'by a default that may be replaced',
      counted('var.env ? 1 : 0', 'team = "a"\n', 'variable "env" { default = false }\n'),
    ],
    ['by an order', counted('length(var.env) > 3 ? 1 : 0', 'env = "dev"\n')],
    ['by values of two types', counted('var.env == 1 ? 1 : 0', 'env = "1"\n')],
    ['by what is only partly known', counted('var.env && local.x ? 1 : 0', 'env = true\n')],
    ['by another parameter in Bicep', conditional("on && env == 'prod'", "param env = 'prod'\n")],
  ])('%s', ([, files]) => {
    expect(isShown(files)).toBe(true);
  });
});

test('a condition chooses between names', () => {
  const files = {
    'main.tf':
      'variable "env" {}\nresource "azurerm_key_vault" "v" {\n  name = var.env == "prod" ? "kv-orchard" : "kv-orchard-${var.env}"\n}\n',
    'terraform.tfvars': 'env = "test"\n',
  };
  expect(isShown(files)).toBe(false);
  expect(isShown(files, 'kv-orchard-test')).toBe(true);
  expect(isShown({ ...files, 'terraform.tfvars': 'env = "prod"\n' })).toBe(true);
  expect(isShown({ ...files, 'terraform.tfvars': 'team = "a"\n' })).toBe(true);
});

describe('an element of a loop that a condition leaves out', () => {
  const vaults = '{ "orchard" = { on = false }, "mill" = { on = true } }';
  const perVault = (over: string): string =>
    `variable "vaults" {}\nresource "azurerm_key_vault" "v" {\n  for_each = ${over}\n  name = "kv-\${each.key}"\n}\n`;
  test.for<readonly [string, Files]>([
    [
      'of a map',
      {
        'main.tf': perVault('{ for name, of in var.vaults : name => of if of.on }'),
        'terraform.tfvars': `vaults = ${vaults}\n`,
      },
    ],
    [
      'of a set',
      {
        'main.tf': perVault('toset([for name, of in var.vaults : name if of.on == true])'),
        'terraform.tfvars': `vaults = ${vaults}\n`,
      },
    ],
    [
      'of resources in Bicep',
      {
        'main.bicep':
          "param vaults array\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for of in vaults: if (of.on) {\n  name: 'kv-${of.name}'\n}]\n",
        'main.bicepparam':
          "using 'main.bicep'\nparam vaults = [\n  { name: 'orchard', on: false }\n  { name: 'mill', on: true }\n]\n",
      },
    ],
    [
      'of modules in Bicep',
      {
        'main.bicep':
          "var vaults = [{ name: 'orchard', on: false }, { name: 'mill', on: true }]\nmodule kv 'kv.bicep' = [for of in vaults: if (of.on) {\n  params: { name: of.name }\n}]\n",
        'kv.bicep':
          "param name string\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv-${name}'\n}\n",
      },
    ],
  ])('%s', ([, files]) => {
    expect(declarationsOf(files).problems).toEqual([]);
    expect(isShown(files)).toBe(false);
    expect(isShown(files, 'kv-mill')).toBe(true);
  });
});
