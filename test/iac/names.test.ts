import { describe, expect, test } from 'vitest';

import { namesOf } from './declarations.ts';

function bicepNames(before: string, name: string): readonly string[] {
  const vault = `resource v 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: ${name}\n}\n`;
  return namesOf({ 'main.bicep': `${before}\n${vault}` });
}

describe('names in Bicep', () => {
  test.for<readonly [string, string, string, readonly string[]]>([
    ['a literal', '', "'kv-orders'", ['kv-orders']],
    ['escapes', '', String.raw`'kv\u{2d}orders'`, ['kv-orders']],
    ['a parameter without a default', 'param env string', "'kv-${env}-pay'", ['kv-*-pay']],
    ['a default may be overruled', "param env string = 'dev'", "'kv-${env}-pay'", ['kv-*-pay', 'kv-dev-pay']],
    ['allowed values', "@allowed(['dev', 'prod'])\nparam env string", "'kv-${env}'", ['kv-dev', 'kv-prod']],
    ['a union of literals', "param env 'dev' | 'prod'", "'kv-${env}'", ['kv-dev', 'kv-prod']],
    [
      'a decorated type over lines',
      "@description('x = y')\nparam env (\n 'a'\n | 'b')?",
      "'kv-${env}-pay'",
      ['kv-*-pay'],
    ],
    ['a variable of variables', "var a = 'pay'\nvar b = { c: [a] }", "'kv-${b.c[0]}'", ['kv-pay']],
    ['a condition', 'param x bool', "x ? 'kv-one' : 'kv-two'", ['kv-one', 'kv-two']],
    ['a condition over lines', 'param x bool', "x\n    ? 'kv-one'\n    : 'kv-two'", ['kv-one', 'kv-two']],
    ['functions', "var a = 'KV_Pay'", "toLower(replace(a, '_', '-'))", ['kv-pay']],
    [
      'a union of literals, one a line',
      "param env\n  | 'dev'\n  | 'prod'",
      "'kv-${env}'",
      ['kv-dev', 'kv-prod'],
    ],
    ['a lambda over lines', 'var a = map([1], x =>\n  x)', "'kv-orders'", ['kv-orders']],
    ['take of a long name', '', "take('kv-payments-and-more', 11)", ['kv-payments']],
    ['a unique string', '', "'kv${uniqueString(resourceGroup().id)}'", ['kv*']],
    ['hardly anything', 'param env string', "'kv-${env}'", []],
    ['nothing at all', 'param name string', 'name', []],
    ['a circle', 'var a = b\nvar b = a', "'kv-${a}-pay'", ['kv-*-pay']],
    ['a function of its own', "func f(x string) string => 'y${x}'", "'kv-${f('a')}-pay'", ['kv-ya-pay']],
    [
      'the name of another resource',
      "resource g 'A/b@1' = { name: 'rg-pay' }",
      "'kv-${g.name}'",
      ['kv-rg-pay'],
    ],
    [
      'a parameter of a line of its own',
      'param p {\n  a: string\n}\nparam env string',
      "'kv-${p.a}-pay'",
      ['kv-*-pay'],
    ],
    ['a multi-line string elsewhere', "var t = '''\nresource 'x' {\n'''", "'kv-orders'", ['kv-orders']],
  ])('%s', ([, before, name, expected]) => {
    expect(bicepNames(before, name)).toEqual(expected);
  });

  test.for<readonly [string, string, readonly string[]]>([
    ['a list', "[for n in ['a', 'b']: { name: 'kv-pay-${n}' }]", ['kv-pay-a', 'kv-pay-b']],
    ['an index', "[for (n, i) in ['a', 'b']: { name: 'kv-pay-${i}' }]", ['kv-pay-0', 'kv-pay-1']],
    ['a range', "[for i in range(1, 2): { name: 'kv-pay-${i}' }]", ['kv-pay-1', 'kv-pay-2']],
    [
      'items of an object',
      "[for o in items({ a: { n: 'x' } }): { name: 'kv-${o.key}-${o.value.n}' }]",
      ['kv-a-x'],
    ],
    ['a list that is not known', "[for n in unheard: { name: 'kv-pay-${n}' }]", ['kv-pay-*']],
    ['a condition inside', "[for n in ['a']: if (n != 'b') { name: 'kv-pay-${n}' }]", ['kv-pay-a']],
  ])('loops over %s', ([, body, expected]) => {
    expect(namesOf({ 'main.bicep': `resource v 'Microsoft.KeyVault/vaults@2023-07-01' = ${body}` })).toEqual(
      expected,
    );
  });
});

function armNames(name: string, more: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const template = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    ...more,
    resources: [{ type: 'Microsoft.KeyVault/vaults', apiVersion: '2023-07-01', name }],
  };
  return namesOf({ 'azuredeploy.json': JSON.stringify(template) });
}

test.for<readonly [string, string, Readonly<Record<string, unknown>>, readonly string[]]>([
  ['an escaped bracket', '[[kv]', {}, ['[kv]']],
  ['concat', "[concat('kv-', parameters('ENV'), '-pay')]", { parameters: { env: {} } }, ['kv-*-pay']],
  [
    'allowed values',
    "[parameters('n')]",
    { parameters: { n: { allowedValues: ['kv-a1', 'kv-b1'] } } },
    ['kv-a1', 'kv-b1'],
  ],
  [
    'variables in any case',
    "[variables('Names')[1]]",
    { variables: { names: ['kv-a1', 'kv-b1'] } },
    ['kv-b1'],
  ],
  ['a quote in a string', "[concat('kv', '''', '-a1')]", {}, ["kv'-a1"]],
  ['an expression that is broken', "[concat('kv-pay', ]", {}, []],
])('names in ARM: %s', ([, name, more, expected]) => {
  expect(armNames(name, more)).toEqual(expected);
});

function terraformNames(before: string, name: string): readonly string[] {
  const vault = `resource "azurerm_key_vault" "v" {\n${name}\n}\n`;
  return namesOf({ 'main.tf': `${before}\n${vault}` });
}

test.for<readonly [string, string, string, readonly string[]]>([
  ['a variable without a default', 'variable "env" {}', 'name = "kv-${var.env}-pay"', ['kv-*-pay']],
  ['locals', 'locals {\n  env = "dev"\n  name = "kv-${local.env}"\n}', 'name = local.name', ['kv-dev']],
  ['format', '', 'name = format("kv-%s-%02d", "pay", 7)', ['kv-pay-07']],
  ['a set', '', 'for_each = toset(["a", "b"])\nname = "kv-pay-${each.key}"', ['kv-pay-a', 'kv-pay-b']],
  ['a map', '', 'for_each = { a = { n = "x" } }\nname = "kv-${each.key}-${each.value.n}"', ['kv-a-x']],
  [
    'a map with quoted keys',
    '',
    'for_each = { "a-b" : "x" }\nname = "kv-${each.key}-${each.value}"',
    ['kv-a-b-x'],
  ],
  [
    'a comprehension',
    'locals {\n  l = [{ n = "x" }]\n}',
    'for_each = { for v in local.l : v.n => v }\nname = "kv-pay-${each.key}"',
    ['kv-pay-x'],
  ],
  ['a count', '', 'count = 2\nname = "kv-pay-${count.index + 1}"', ['kv-pay-*']],
  ['a plain count', '', 'count = 2\nname = "kv-pay-${count.index}"', ['kv-pay-0', 'kv-pay-1']],
  ['a count of none', '', 'count = 0\nname = "kv-payments"', []],
  ['a directive', '', 'name = "kv-%{ if true }a%{ endif }-pay"', ['kv-*a*-pay']],
  ['an escaped interpolation', '', 'name = "kv-$${x}"', ['kv-${x}']],
  [
    'lookup with a default',
    'locals {\n  m = { a = "x" }\n}',
    'name = "kv-${lookup(local.m, "a", "none")}"',
    ['kv-x'],
  ],
  [
    'attributes of other resources',
    'resource "random_pet" "p" {}',
    'name = "kv-${random_pet.p.id}-pay"',
    ['kv-*-pay'],
  ],
  [
    'a here document beside it',
    '',
    'description = <<-EOT\n  name = "no"\n  EOT\nname = "kv-payments"',
    ['kv-payments'],
  ],
])('names in Terraform: %s', ([, before, name, expected]) => {
  expect(terraformNames(before, name)).toEqual(expected);
});
