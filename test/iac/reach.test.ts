import { describe, expect, test } from 'vitest';

import { anchorOf, declarationsOf, namesOf } from './declarations.ts';

const type = 'Microsoft.KeyVault/vaults@2023-07-01';

function vault(name: string): string {
  return `resource v '${type}' = {\n  name: ${name}\n}\n`;
}

function terraformVault(name: string): string {
  return `resource "azurerm_key_vault" "v" {\n  name = ${name}\n}\n`;
}

type Row = readonly [string, Readonly<Record<string, string>>, readonly string[]];

describe('names that come from other files of Bicep', () => {
  test.for<Row>([
    [
      'the output of a module of a module',
      {
        'a.bicep': "output name string = 'kv-pay'\n",
        'b.bicep': "module a 'a.bicep' = {\n}\noutput name string = '${a.outputs.name}-x'\n",
        'main.bicep': `module b 'b.bicep' = {\n}\n${vault('b.outputs.name')}`,
      },
      ['kv-pay-x'],
    ],
    [
      'the outputs of a module in a loop',
      {
        'a.bicep': "param n string\noutput name string = 'kv-pay-${n}'\n",
        'main.bicep': `module a 'a.bicep' = [for n in ['x', 'y']: {\n  params: { n: n }\n}]\n${vault('a[1].outputs.name')}`,
      },
      ['kv-pay-y'],
    ],
    [
      'an output that depends on a parameter of the deployment',
      {
        'a.bicep': "param n string\noutput name object = { kv: 'kv-pay-${n}' }\n",
        'main.bicep': `param env string\nmodule a 'a.bicep' = {\n  params: { n: env }\n}\n${vault('a.outputs.name.kv')}`,
      },
      ['kv-pay-*'],
    ],
    [
      'a module that is not here',
      { 'main.bicep': `module a 'br/public:x:1' = {\n}\n${vault("'kv-pay-${a.outputs.x}'")}` },
      ['kv-pay-*'],
    ],
    [
      'modules in a circle',
      {
        'a.bicep': "module b 'b.bicep' = {\n}\noutput x string = b.outputs.x\n",
        'b.bicep': `module a 'a.bicep' = {\n}\noutput x string = a.outputs.x\n${vault("'kv-pay-${a.outputs.x}'")}`,
        'main.bicep': "module b 'b.bicep' = {\n}\n",
      },
      ['kv-pay-*'],
    ],
    [
      'a function of functions',
      {
        'main.bicep': `func a(x string) string => 'kv-\${x}'\nfunc b(x string, y object?) string => a('\${x}-\${y.z}')\n${vault("b('pay', { z: 'q' })")}`,
      },
      ['kv-pay-q'],
    ],
    [
      'a function over lines',
      {
        'main.bicep': `func a(\n  x 'p' | 'q',\n  y { n: string }[]\n) string =>\n  toLower('KV-\${x}-\${y[0].n}')\n${vault("a('p', [{ n: 'pay' }])")}`,
      },
      ['kv-p-pay'],
    ],
    [
      'a function that calls itself',
      { 'main.bicep': `func a(x string) string => a('\${x}x')\n${vault("'kv-pay-${a('')}'")}` },
      ['kv-pay-*'],
    ],
    [
      'a function with too few arguments',
      { 'main.bicep': `func a(x string) string => 'kv-pay-\${x}'\n${vault('a()')}` },
      ['kv-pay-*'],
    ],
    [
      'an import under another name',
      {
        'lib/s.bicep': "@export()\nvar names = { kv: 'kv-pay' }\n",
        'main.bicep': `import {\n  names as n\n} from 'lib/s.bicep'\n${vault('n.kv')}`,
      },
      ['kv-pay'],
    ],
    [
      'an import of everything',
      {
        's.bicep':
          "var team = 'pay'\n@export()\nfunc name(x string) string => 'kv-${team}-${x}'\n@export()\nvar env = 'dev'\n",
        'main.bicep': `import * as s from 's.bicep'\n${vault('s.name(s.env)')}`,
      },
      ['kv-pay-dev'],
    ],
    [
      'an import of an import',
      {
        'a.bicep': "@export()\nvar x = 'pay'\n",
        'b.bicep': "import { x } from 'a.bicep'\n@export()\nvar y = 'kv-${x}'\n",
        'main.bicep': `import { y } from './b.bicep'\n${vault('y')}`,
      },
      ['kv-pay'],
    ],
    [
      'imports in a circle',
      {
        'a.bicep': "import { f } from 'b.bicep'\n",
        'b.bicep': "import { f } from 'a.bicep'\n",
        'main.bicep': `import { f } from 'a.bicep'\n${vault("'kv-pay-${f('x')}'")}`,
      },
      ['kv-pay-*'],
    ],
    [
      'an import of what is not there',
      {
        'a.bicep': '\n',
        'main.bicep': `import { toLower } from 'a.bicep'\n${vault("'kv-pay-${toLower('X')}'")}`,
      },
      ['kv-pay-*'],
    ],
    [
      'an extension',
      { 'main.bicep': `import 'kubernetes@1.0.0' with {\n  namespace: 'x'\n} as k8s\n${vault("'kv-pay'")}` },
      ['kv-pay'],
    ],
    [
      'a variable of an ARM template',
      {
        'a.json': '{"$schema": "x/deploymentTemplate.json#", "variables": {"Team": "pay"}, "resources": []}',
        'main.bicep': `import { Team } from 'a.json'\n${vault("'kv-${Team}'")}`,
      },
      ['kv-pay'],
    ],
  ])('%s', ([, files, expected]) => {
    expect(namesOf(files)).toEqual(expected);
  });
});

describe('names from loaded files', () => {
  test.for<Row>([
    [
      'a part of JSON with comments',
      {
        'd/n.json': '{ // x\n "a": { "kv": "kv-pay" } }',
        'd/main.bicep': vault("loadJsonContent('./n.json', 'a.kv')"),
      },
      ['kv-pay'],
    ],
    [
      'a part by a path from the root',
      {
        'n.json': '{"a": {"kv": "kv-pay"}}',
        'd/main.bicep': vault("loadJsonContent('../n.json', '$.a').kv"),
      },
      ['kv-pay'],
    ],
    [
      'a part by a filter',
      {
        'n.json': '{"a": [{"kv": "kv-pay"}]}',
        'main.bicep': vault("'kv-pay-${loadJsonContent('n.json', '$.a[?(@.kv)]').x}'"),
      },
      ['kv-pay-*'],
    ],
    [
      'YAML',
      {
        'n.yaml': 'teams:\n  - name: pay\n',
        'main.bicep': vault("'kv-${loadYamlContent('n.yaml').teams[0].name}'"),
      },
      ['kv-pay'],
    ],
    [
      'YAML with an alias',
      { 'n.yaml': 'a: &a pay\nb: *a\n', 'main.bicep': vault("'kv-pay-${loadYamlContent('n.yaml').b}'") },
      ['kv-pay-*'],
    ],
    [
      'text',
      { 'n.txt': ' pay\n', 'main.bicep': vault("'kv-${trim(loadTextContent('n.txt'))}'") },
      ['kv-pay'],
    ],
    [
      'text that is JSON',
      {
        'n.json': `{"kv": "kv-pay", "pad": "${'x'.repeat(2000)}"}`,
        'main.bicep': vault("json(loadTextContent('n.json')).kv"),
      },
      ['kv-pay'],
    ],
    [
      'a file that is not here',
      { 'main.bicep': vault("'kv-pay-${loadJsonContent('n.json').x}'") },
      ['kv-pay-*'],
    ],
    [
      'a file outside',
      { 'main.bicep': vault("'kv-pay-${loadJsonContent('../../n.json').x}'") },
      ['kv-pay-*'],
    ],
    [
      'JSON that is broken',
      { 'n.json': '{"x": ', 'main.bicep': vault("'kv-pay-${loadJsonContent('n.json').x}'") },
      ['kv-pay-*'],
    ],
    [
      'JSON that is deep',
      { 'n.json': '['.repeat(5000), 'main.bicep': vault("'kv-pay-${loadJsonContent('n.json').x}'") },
      ['kv-pay-*'],
    ],
    [
      'YAML that is deep',
      { 'n.yaml': '['.repeat(50_000), 'main.bicep': vault("'kv-pay-${loadYamlContent('n.yaml').x}'") },
      ['kv-pay-*'],
    ],
    [
      'jsondecode(file())',
      {
        'd/n.json': '{"kv": "kv-pay"}',
        'd/main.tf': terraformVault('jsondecode(file("${path.module}/n.json")).kv'),
      },
      ['kv-pay'],
    ],
    [
      'yamldecode(file())',
      {
        'n.yml': 'kv: [kv-pay]\n',
        'd/main.tf': `locals {\n  n = yamldecode(file("\${path.module}/../n.yml"))\n}\n${terraformVault('local.n.kv[0]')}`,
      },
      ['kv-pay'],
    ],
    [
      'a file from the folder in which Terraform runs',
      { 'n.txt': 'pay', 'main.tf': terraformVault('"kv-pay-${file("n.txt")}"') },
      ['kv-pay-*'],
    ],
  ])('%s', ([, files, expected]) => {
    expect(namesOf(files)).toEqual(expected);
  });
});

describe('names that come from modules of Terraform', () => {
  const naming =
    'variable "n" {}\noutput "vault" {\n  value = "kv-pay-${var.n}"\n}\noutput "all" {\n  value = { kv = ["kv-pay-${var.n}"] }\n}\n';
  test.for<Row>([
    [
      'an output of lists',
      {
        'n/main.tf': naming,
        'main.tf': `module "n" {\n  source = "./n"\n  n = "x"\n}\n${terraformVault('module.n.all.kv[0]')}`,
      },
      ['kv-pay-x'],
    ],
    [
      'a module with a count',
      {
        'n/main.tf': naming,
        'main.tf': `variable "on" {}\nmodule "n" {\n  source = "./n"\n  count = var.on ? 1 : 0\n  n = "x"\n}\n${terraformVault('module.n[0].vault')}`,
      },
      ['kv-pay-x'],
    ],
    [
      'a module with for_each',
      {
        'n/main.tf': naming,
        'main.tf': `module "n" {\n  source = "./n"\n  for_each = toset(["a", "b"])\n  n = each.key\n}\n${terraformVault('module.n["b"].vault')}`,
      },
      ['kv-pay-b'],
    ],
    [
      'an output of its module',
      {
        'n/main.tf': `${naming}module "m" {\n  source = "../m"\n}\noutput "deep" {\n  value = module.m.x\n}\n`,
        'm/main.tf': 'output "x" {\n  value = "kv-pay"\n}\n',
        'main.tf': `module "n" {\n  source = "./n"\n}\n${terraformVault('module.n.deep')}`,
      },
      ['kv-pay'],
    ],
    [
      'a module of a registry',
      {
        'main.tf': `module "n" {\n  source = "Azure/naming/azurerm"\n}\n${terraformVault('"kv-pay-${module.n.key_vault.name}"')}`,
      },
      ['kv-pay-*'],
    ],
    [
      'an output that depends on a resource',
      {
        'n/main.tf': 'output "x" {\n  value = azurerm_x.y.z\n}\n',
        'main.tf': `module "n" {\n  source = "./n"\n}\n${terraformVault('"kv-pay-${module.n.x}"')}`,
      },
      ['kv-pay-*'],
    ],
  ])('%s', ([, files, expected]) => {
    expect(namesOf(files)).toEqual(expected);
  });
});

describe('files of a module', () => {
  const tofu = (name: string): string => terraformVault(`"${name}"`);
  test.for<Row>([
    [
      'a .tofu file takes the place of the .tf file of its name',
      { 'main.tofu': tofu('kv-tofu'), 'main.tf': tofu('kv-terraform'), 'other.tf': 'locals {\n}\n' },
      ['kv-tofu'],
    ],
    [
      'a .tofu.json file takes the place of the .tf.json file',
      {
        'main.tofu.json': '{"resource": {"azurerm_key_vault": {"v": {"name": "kv-tofu"}}}}',
        'main.tf.json': '{"resource": {"azurerm_key_vault": {"v": {"name": "kv-terraform"}}}}',
      },
      ['kv-tofu'],
    ],
    [
      'and not of a file in another syntax',
      {
        'main.tofu.json': '{"resource": {"azurerm_key_vault": {"v": {"name": "kv-tofu"}}}}',
        'main.tf': tofu('kv-terraform'),
      },
      ['kv-terraform', 'kv-tofu'],
    ],
    [
      'locals of one for another',
      { 'a.tofu': 'locals {\n  n = "kv-pay"\n}\n', 'b.tf': terraformVault('local.n') },
      ['kv-pay'],
    ],
  ])('%s', ([, files, expected]) => {
    expect(namesOf(files)).toEqual(expected);
  });

  const json = (resource: object, more: object = {}): string =>
    JSON.stringify({ ...more, resource }, undefined, 1);
  test.for<Row>([
    [
      'templates in strings',
      {
        'main.tf.json': json(
          { azurerm_key_vault: { v: { name: 'kv-${lower(local.t)}-${var.e}' } } },
          { locals: { t: 'PAY' }, variable: { e: { default: 'dev' } } },
        ),
      },
      ['kv-pay-*', 'kv-pay-dev'],
    ],
    [
      'lists of objects at every level',
      { 'main.tf.json': json([{ azurerm_key_vault: [{ v: [{ name: 'kv-pay' }] }] }] as object) },
      ['kv-pay'],
    ],
    [
      'a loop',
      {
        'main.tf.json': json({
          azurerm_key_vault: { v: { for_each: '${toset(["a"])}', name: 'kv-pay-${each.key}' } },
        }),
      },
      ['kv-pay-a'],
    ],
    [
      'quotes and backslashes in a string',
      { 'main.tf.json': json({ azurerm_key_vault: { v: { name: 'kv-"\\${"x"}-pay' } } }) },
      ['kv-"\\x-pay'],
    ],
    [
      'a comment',
      {
        'main.tf.json': json({
          '//': 'x',
          azurerm_key_vault: { '//': { name: 'kv-no' }, v: { '//': 'x', name: 'kv-pay' } },
        }),
      },
      ['kv-pay'],
    ],
    [
      'a module call',
      {
        'main.tf.json': '{"module": {"m": {"source": "./m", "n": "pay"}}}',
        'm/main.tf': `variable "n" {}\n${terraformVault('"kv-${var.n}"')}`,
      },
      ['kv-pay'],
    ],
    [
      'code that is broken',
      { 'main.tf.json': json({ azurerm_key_vault: { v: { name: 'kv-pay-${lower(}' } } }) },
      [],
    ],
  ])('Terraform in JSON: %s', ([, files, expected]) => {
    expect(namesOf(files)).toEqual(expected);
  });

  test('nested blocks in JSON have their own lines', () => {
    const text = json({
      azurerm_key_vault: { v: { name: 'kv-pay', network_acls: [{ default_action: 'Allow' }] } },
    });
    const line = text.split('\n').findIndex((part) => part.includes('default_action')) + 1;
    const read = declarationsOf({ 'main.tf.json': text });
    expect(anchorOf(read, { name: 'kv-pay', field: 'properties.networkAcls.defaultAction' })).toBe(
      `main.tf.json:${line}`,
    );
  });
});

const group = 'rg-platform';
const id = (name: string): string =>
  `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${name}`;

describe('imported resources', () => {
  const body = 'resource "azurerm_key_vault" "v" {\n  COUNT\n  name = var.name\n}\n';
  const imported = (to: string, of: string, more = ''): string =>
    `import {\n  ${more}\n  to = ${to}\n  id = ${of}\n}\n`;
  test.for<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'one of a count',
      {
        'main.tf': body.replace('COUNT', 'count = 2') + imported('azurerm_key_vault.v[1]', `"${id('kv-x')}"`),
      },
      'main.tf:1',
    ],
    [
      'a number that no count has',
      {
        'main.tf': body.replace('COUNT', 'count = 1') + imported('azurerm_key_vault.v[1]', `"${id('kv-x')}"`),
      },
      'none',
    ],
    [
      'one of a count that is not known',
      {
        'main.tf':
          body.replace('COUNT', 'count = var.n') + imported('azurerm_key_vault.v[3]', `"${id('kv-x')}"`),
      },
      'main.tf:1',
    ],
    [
      'one of a map',
      {
        'main.tf':
          body.replace('COUNT', 'for_each = { a = 1 }') +
          imported('azurerm_key_vault.v["a"]', `"${id('kv-x')}"`),
      },
      'main.tf:1',
    ],
    [
      'a key that no map has',
      {
        'main.tf':
          body.replace('COUNT', 'for_each = { a = 1 }') +
          imported('azurerm_key_vault.v["b"]', `"${id('kv-x')}"`),
      },
      'none',
    ],
    [
      'one without a loop',
      { 'main.tf': body.replace('COUNT', '') + imported('azurerm_key_vault.v', `"${id('kv-x')}"`) },
      'main.tf:1',
    ],
    [
      'the whole of a loop, which Terraform refuses',
      { 'main.tf': body.replace('COUNT', 'count = 1') + imported('azurerm_key_vault.v', `"${id('kv-x')}"`) },
      'none',
    ],
    [
      'an id of locals, for each of a map',
      {
        'main.tf': `locals {\n  ids = { a = "${id('kv-x')}" }\n}\n${body.replace('COUNT', 'for_each = local.ids')}${imported('azurerm_key_vault.v[each.key]', 'each.value', 'for_each = local.ids')}`,
      },
      'main.tf:4',
    ],
    [
      'one in a module',
      {
        'm/main.tf': body.replace('COUNT', ''),
        'main.tf': `module "m" {\n  source = "./m"\n}\n${imported('module.m.azurerm_key_vault.v', `"${id('kv-x')}"`)}`,
      },
      'm/main.tf:1',
    ],
    [
      'one in a module of a map',
      {
        'm/main.tf': body.replace('COUNT', 'count = 1'),
        'main.tf': `module "m" {\n  source = "./m"\n  for_each = toset(["a"])\n}\n${imported('module.m["a"].azurerm_key_vault.v[0]', `"${id('kv-x')}"`)}`,
      },
      'm/main.tf:1',
    ],
    [
      'one in another module',
      {
        'm/main.tf': body.replace('COUNT', ''),
        'main.tf': `module "m" {\n  source = "./m"\n}\n${imported('module.n.azurerm_key_vault.v', `"${id('kv-x')}"`)}`,
      },
      'none',
    ],
    [
      'one in a verified module',
      {
        'main.tf': `module "m" {\n  source = "Azure/avm-res-keyvault-vault/azurerm"\n  name = var.name\n}\n${imported('module.m.azurerm_key_vault.this', `"${id('kv-x')}"`)}`,
      },
      'main.tf:1',
    ],
    [
      'in JSON',
      {
        'main.tf.json': JSON.stringify({
          import: [{ to: 'azurerm_key_vault.v[0]', id: id('kv-x') }],
          resource: { azurerm_key_vault: { v: { count: 1, name: '${var.name}' } } },
        }),
      },
      'main.tf.json:1',
    ],
  ])('%s', ([, files, place]) => {
    expect(anchorOf(declarationsOf(files), { name: 'kv-x', group })).toBe(place);
  });
});

test.for<readonly [string, string, readonly string[]]>([
  ['a version that is not known', 'type = "Microsoft.KeyVault/vaults@${var.version}"', ['kv-pay']],
  ['locals of locals', 'type = "${local.a}@2023-07-01"', ['kv-pay']],
  ['a type that is not known', 'type = "Microsoft.KeyVault/${var.kind}@2023-07-01"', []],
  ['a child', 'type = "${local.a}/secrets@2023-07-01"', []],
  ['a type that whoever deploys chooses', 'type = var.type', []],
])('the type of an azapi resource: %s', ([, written, expected]) => {
  const files = {
    'main.tf': `variable "type" {\n  default = "Microsoft.KeyVault/vaults@2023-07-01"\n}\nlocals {\n  a = "Microsoft.KeyVault/vaults"\n}\nresource "azapi_resource" "v" {\n  ${written}\n  name = "kv-pay"\n}\n`,
  };
  expect(namesOf(files)).toEqual(expected);
});

describe('parameter files that extend others', () => {
  const main = `param team string\nparam purge bool = true\nresource v '${type}' = {\n  name: 'kv-\${team}'\n  properties: {\n    enablePurgeProtection: purge\n  }\n}\n`;
  test.for<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'an inherited name and value',
      {
        'base.bicepparam': "using none\nvar t = 'pay'\nparam team = t\nparam purge = false\n",
        'prod.bicepparam': "using 'main.bicep'\nextends 'base.bicepparam'\n",
      },
      'base.bicepparam:4',
    ],
    [
      'a value of its own',
      {
        'base.bicepparam': "using none\nparam team = 'pay'\nparam purge = false\n",
        'prod.bicepparam': "using 'main.bicep'\nextends 'base.bicepparam'\n\nparam purge = true\n",
      },
      'prod.bicepparam:4',
    ],
    [
      'a value made of the inherited one',
      {
        'base.bicepparam': "using none\nparam team = { n: 'pay' }\n",
        'prod.bicepparam':
          "using 'main.bicep'\nextends 'base.bicepparam'\nparam team = base.team.n\nparam purge = false\n",
      },
      'prod.bicepparam:4',
    ],
    [
      'a chain of three',
      {
        'a.bicepparam': "using none\nparam team = 'pay'\n",
        'b.bicepparam': "using none\nextends 'a.bicepparam'\nparam purge = false\n",
        'prod.bicepparam': "using 'main.bicep'\nextends 'b.bicepparam'\n",
      },
      'b.bicepparam:3',
    ],
    [
      'a circle',
      {
        'a.bicepparam':
          "using 'main.bicep'\nextends 'a.bicepparam'\nparam team = 'pay'\nparam purge = false\n",
      },
      'a.bicepparam:4',
    ],
    [
      'a base that is not here',
      {
        'prod.bicepparam':
          "using 'main.bicep'\nextends 'base.bicepparam'\nparam team = 'pay'\nparam purge = false\n",
      },
      'prod.bicepparam:4',
    ],
  ])('%s', ([, files, place]) => {
    expect(anchorOf(declarationsOf({ 'main.bicep': main, ...files }), { name: 'kv-pay' })).toBe(place);
  });
});

test.for<readonly [string, string, readonly string[]]>([
  ['a map over something unknown', 'merge(var.x, { n = "pay" }).n', ['kv-pay-x']],
  ['something unknown over a map', 'merge({ n = "pay" }, var.x).n', []],
  [
    'one of two maps over another',
    'merge({ n = "pay", m = 1 }, var.x ? { n = "ops" } : {}).n',
    ['kv-ops-x', 'kv-pay-x'],
  ],
  ['null over a map', 'merge({ n = "pay" }, null).n', ['kv-pay-x']],
  ['coalesce of what is known', 'coalesce(null, "pay", "ops")', ['kv-pay-x']],
  ['coalesce of what is not', 'coalesce(var.x, "pay", "ops")', ['kv-pay-x']],
  ['try of what is known', 'try({ n = "pay" }.n, "ops")', ['kv-pay-x']],
  ['try of what is missing', 'try({ n = "pay" }.m, "ops")', ['kv-ops-x']],
  ['one of a list', 'one(["pay"])', ['kv-pay-x']],
  ['split and basename', 'split("-", basename("a/b-pay"))[1]', ['kv-pay-x']],
  ['a path that is not known', 'split("/", path.module)[1]', []],
])('Terraform: %s', ([, part, expected]) => {
  const files = { 'main.tf': `variable "x" {}\n${terraformVault(`"kv-\${${part}}-x"`)}` };
  expect(namesOf(files)).toEqual(expected);
});

test.for<readonly [string, string, readonly string[]]>([
  ['a computed key', "{ n: 'kv-pay', '${x}': 1 }.n", ['kv-pay']],
  ['a spread of something unknown', "{ n: 'kv-pay', ...x }.n", []],
  ['a key after a spread', "{ ...x, n: 'kv-pay' }.n", ['kv-pay']],
  ['a spread of what is known', "{ n: 'kv-ops', ...{ n: 'kv-pay' } }.n", ['kv-pay']],
])('objects of Bicep: %s', ([, name, expected]) => {
  expect(namesOf({ 'main.bicep': `param x object\n${vault(name)}` })).toEqual(expected);
});

test('what is unknown stays unknown beside what is known', () => {
  const files = {
    'main.tf': `variable "x" {}\n${terraformVault('"kv-pay-${merge({ n = "a" }, var.x).n}-${coalesce(var.x, "b")}"')}`,
  };
  expect(namesOf(files)).toEqual(['kv-pay-*-*', 'kv-pay-*-b']);
});
