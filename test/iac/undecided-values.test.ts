import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Verdict } from '../../src/rules/evaluate.ts';
import { verdictsOfFolder, verdictsOfPlan, verdictsOfTemplate } from './declared-verdicts.ts';

type Files = Readonly<Record<string, string>>;

function bicep(properties: string, before = ''): Files {
  const vault = `resource v 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv'\n  properties: ${properties}\n}\n`;
  return { 'main.bicep': `${before}\n${vault}` };
}

function azurerm(attribute: string, before = ''): Files {
  return { 'main.tf': `${before}\nresource "azurerm_key_vault" "v" {\n  name = "kv"\n  ${attribute}\n}\n` };
}

function azapi(acls: string, before = ''): Files {
  const body = `body = { properties = { networkAcls = ${acls} } }`;
  const type = 'type = "Microsoft.KeyVault/vaults@2023-07-01"';
  return {
    'main.tf': `${before}\nresource "azapi_resource" "v" {\n  ${type}\n  name = "kv"\n  ${body}\n}\n`,
  };
}

function verifiedModule(attributes: string, before = ''): Files {
  const source = 'source = "Azure/avm-res-keyvault-vault/azurerm"';
  return { 'main.tf': `${before}\nmodule "kv" {\n  ${source}\n  name = "kv"\n  ${attributes}\n}\n` };
}

function verifiedBicep(params: string): Files {
  const target = 'br/public:avm/res/key-vault/vault:0.13.0';
  return { 'main.bicep': `module v '${target}' = {\n  name: 'm'\n  params: { name: 'kv', ${params} }\n}\n` };
}

/** The verdict of a rule on the one vault of a folder. */
function verdictOf(files: Files, rule: string): Verdict | undefined {
  const [found, ...others] = verdictsOfFolder(files);
  expect(others).toEqual([]);
  return found?.[rule];
}

const whenOn = 'variable "on" {}';
const isThere = '{ for k, v in { purge = true } : k => v if var.on }';
const closed = `bypass = "None", defaultAction = "Deny"`;

describe('of what is purge protection only certain where every deployment has the same', () => {
  test.for<readonly [string, Files, Verdict]>([
    [
      'the first of several that may all be null',
      bicep(
        '{ enablePurgeProtection: (on ? true : null) ?? (off ? true : null) }',
        'param on bool\nparam off bool',
      ),
      'unknown',
    ],
    [
      'the first of several, the last of which is not null',
      bicep('{ enablePurgeProtection: (on ? true : null) ?? true }', 'param on bool'),
      'compliant',
    ],
    [
      'the two names of an argument, both of which may be null',
      azurerm('purge_protection_enabled = coalesce(var.on ? true : null, null)', whenOn),
      'unknown',
    ],
    [
      'an attribute that is null and whose type has a default',
      azurerm(
        'purge_protection_enabled = var.s.purge',
        'variable "s" {\n  type = object({ purge = optional(bool, true) })\n  default = { purge = null }\n}',
      ),
      'unknown',
    ],
    [
      'an element that is looked up',
      azurerm(`purge_protection_enabled = lookup(${isThere}, "purge", false)`, whenOn),
      'unknown',
    ],
    [
      'an element that is tried',
      azurerm(`purge_protection_enabled = try(${isThere}["purge"], false)`, whenOn),
      'unknown',
    ],
    [
      'an element under a key of several',
      azurerm(
        'purge_protection_enabled = lookup({ for k in [var.on ? "purge" : "other"] : k => true }, "purge", false)',
        'variable "on" {}',
      ),
      'unknown',
    ],
    [
      'an element that is there where anything is',
      azurerm(
        `purge_protection_enabled = lookup({ for k, v in { purge = true } : k => v if true }, "purge", false)`,
      ),
      'compliant',
    ],
    [
      'maps of a list that may be empty',
      azurerm(
        'purge_protection_enabled = lookup(merge({ purge = false }, [for x in var.l : { purge = true }]...), "purge", false)',
        'variable "l" {}',
      ),
      'unknown',
    ],
    [
      'the items of a list that may lack them',
      azurerm(
        'purge_protection_enabled = coalesce(concat([for x in [true] : x if var.on], [false])...)',
        whenOn,
      ),
      'unknown',
    ],
    [
      'the items of a list',
      azurerm('purge_protection_enabled = coalesce(concat([null], [true])...)'),
      'compliant',
    ],
    [
      'objects of a list that may be empty',
      bicep('shallowMerge([for x in l: { enablePurgeProtection: true }])', 'param l array'),
      'unknown',
    ],
  ])('%s', ([, files, verdict]) => {
    expect(verdictOf(files, 'AKV002')).toBe(verdict);
  });
});

describe('a computed key may be one that is written before it', () => {
  test.for<readonly [string, Files, Verdict]>([
    [
      'Bicep',
      bicep("{ networkAcls: { bypass: 'None', defaultAction: 'Deny', '${k}': 'Allow' } }", 'param k string'),
      'unknown',
    ],
    [
      'Bicep, before it',
      bicep("{ networkAcls: { '${k}': 'Allow', bypass: 'None', defaultAction: 'Deny' } }", 'param k string'),
      'compliant',
    ],
    ['Terraform', azapi(`{ ${closed}, (var.k) = "Allow" }`, 'variable "k" {}'), 'unknown'],
    ['Terraform, before it', azapi(`{ (var.k) = "Allow", ${closed} }`, 'variable "k" {}'), 'compliant'],
    [
      'the attributes of another resource',
      {
        'main.tf': `resource "terraform_data" "t" {\n  input = "Deny"\n}\n${azapi('{ bypass = "None", defaultAction = terraform_data.t.input }')['main.tf']}`,
      },
      'compliant',
    ],
  ])('%s', ([, files, verdict]) => {
    expect(verdictOf(files, 'AKV006')).toBe(verdict);
  });

  test.for([
    ["[createObject('bypass', 'None', 'defaultAction', 'Deny', parameters('k'), 'Allow')]", 'unknown'],
    ["[createObject(parameters('k'), 'Allow', 'bypass', 'None', 'defaultAction', 'Deny')]", 'compliant'],
  ] as const)('%s', ([networkAcls, verdict]) => {
    const template = templateOf([vault({ networkAcls })], { parameters: { k: { type: 'string' } } });
    expect(verdictsOfTemplate(template)[0]?.['AKV006']).toBe(verdict);
  });
});

describe('lists and maps have the order, and sets the size, that their language gives them', () => {
  test.for<readonly [string, Files]>([
    [
      'items of Bicep',
      bicep('{ enablePurgeProtection: items({ b: { on: false }, a: { on: true } })[0].value.on }'),
    ],
    ['union of lists', bicep("{ enablePurgeProtection: length(union(['a'], ['a'])) == 1 }")],
    ['concat of lists', bicep("{ enablePurgeProtection: length(concat(['a'], ['a'])) == 2 }")],
    ['range of Bicep', bicep('{ enablePurgeProtection: last(range(1, 3)) == 3 }')],
    ...[
      'values({ b = false, a = true })[0]',
      'keys({ b = 1, a = 2 })[0] == "a"',
      '[for k, v in { b = false, a = true } : v][0]',
      'sort(["b", "a"])[0] == "a"',
      'length(toset(["a", "a"])) == 1',
      'tolist(toset(["b", "a"]))[0] == "a"',
      'length(distinct(["a", "b", "a"])) == 2',
      'length(concat(["a"], ["a"])) == 2',
      'length(range(3)) == 3',
      'length(range(1, 3)) == 2',
      'range(1, 3)[1] == 2',
      'length(range(0, 10, 5)) == 2',
      'range(0, 10, 5)[1] == 5',
      'range(3, 1)[0] == 3',
    ].map((value) => [value, azurerm(`purge_protection_enabled = ${value}`)] as const),
  ])('%s', ([, files]) => {
    expect(verdictOf(files, 'AKV002')).toBe('compliant');
  });

  test('a place in an order that is not known', () => {
    const value = azurerm('purge_protection_enabled = sort(["b", var.x])[0] == "b"', 'variable "x" {}');
    expect(verdictOf(value, 'AKV002')).toBe('unknown');
  });

  test('texts of lists of which one is chosen', () => {
    const value = bicep(
      "{ publicNetworkAccess: join(on ? ['Dis', 'abled'] : ['En', 'abled'], '') }",
      'param on bool',
    );
    expect(verdictOf(value, 'AKV006')).toBe('unknown');
  });
});

describe('a Verified Module has values of its own for what is left out, null or empty', () => {
  const open = 'public_network_access_enabled = true';
  test.for<readonly [string, Files, string, Verdict]>([
    ['null', verifiedModule('purge_protection_enabled = null'), 'AKV002', 'unknown'],
    [
      'a variable that is null',
      verifiedModule('purge_protection_enabled = var.p', 'variable "p" {\n  default = null\n}'),
      'AKV002',
      'unknown',
    ],
    ['a value', verifiedModule('purge_protection_enabled = false'), 'AKV002', 'nonCompliant'],
    [
      'a block without its action',
      verifiedModule(`${open}\n  network_acls = { ip_rules = ["1.2.3.4"] }`),
      'AKV006',
      'unknown',
    ],
    ['a block that is null', verifiedModule(`${open}\n  network_acls = null`), 'AKV006', 'unknown'],
    [
      'a block',
      verifiedModule(`${open}\n  network_acls = { default_action = "Allow", bypass = "None" }`),
      'AKV006',
      'nonCompliant',
    ],
    [
      'empty text of Bicep',
      verifiedBicep("publicNetworkAccess: '', networkAcls: { defaultAction: 'Allow' }"),
      'AKV006',
      'unknown',
    ],
    [
      'text of Bicep',
      verifiedBicep("publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' }"),
      'AKV006',
      'nonCompliant',
    ],
  ])('%s', ([, files, rule, verdict]) => {
    expect(verdictOf(files, rule)).toBe(verdict);
  });
});

function vault(properties: JsonObject): JsonObject {
  return { type: 'Microsoft.KeyVault/vaults', apiVersion: '2023-07-01', name: 'kv', properties };
}

function templateOf(resources: Json, rest: JsonObject = {}): JsonObject {
  const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return { $schema: schema, contentVersion: '1.0.0.0', ...rest, resources };
}

describe('the scope of a deployment inside a template', () => {
  const purge = (value: boolean): JsonObject => ({
    parameters: { purge: { type: 'bool', defaultValue: value } },
  });
  const inner = templateOf([vault({ enablePurgeProtection: "[parameters('purge')]" })], purge(false));
  const deployment = (options: JsonObject): JsonObject => ({
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2022-09-01',
    name: 'inner',
    properties: { mode: 'Incremental', template: inner, ...options },
  });
  const scope = (word: string): JsonObject => ({ expressionEvaluationOptions: { scope: word } });
  test.for<readonly [string, JsonObject, Verdict]>([
    ['is the outer one', templateOf([deployment({})], purge(true)), 'compliant'],
    ['is the one that is named', templateOf([deployment(scope('Inner'))], purge(true)), 'nonCompliant'],
    [
      'is its own in language version 2.0',
      templateOf({ d: deployment({}) }, { languageVersion: '2.0', ...purge(true) }),
      'nonCompliant',
    ],
  ])('%s', ([, template, verdict]) => {
    expect(verdictsOfTemplate(template).map((found) => found['AKV002'])).toEqual([verdict]);
  });
});

test('what is sensitive as a whole is so in each of its parts', () => {
  const after = { name: 'kv', purge_protection_enabled: true };
  const change = { actions: ['create'], before: null, after, after_sensitive: true };
  const resource = {
    address: 'azurerm_key_vault.v',
    mode: 'managed',
    type: 'azurerm_key_vault',
    name: 'v',
    change,
  };
  const { verdicts } = verdictsOfPlan({ format_version: '1.2', resource_changes: [resource] });
  expect(verdicts.map((found) => found['AKV002'])).toEqual(['unknown']);
});

describe('a vault that is repeated nobody knows how often is judged once', () => {
  const names = 'variable "names" {\n  type = set(string)\n}\n';
  const off = 'purge_protection_enabled = false';
  const called = (repeats: string): Files => ({
    'main.tf': `${names}module "m" {\n  source = "./m"\n  ${repeats}\n}\n`,
    'm/main.tf': azurerm(off)['main.tf']!,
  });
  const looped = (loop: string): Files => ({
    'main.bicep': `param names string[]\nresource v 'Microsoft.KeyVault/vaults@2023-07-01' = [for name in ${loop}: {\n  name: 'kv'\n  properties: {}\n}]\n`,
  });

  test.for<readonly [string, Files]>([
    ['for_each', azurerm(`for_each = var.names\n  ${off}`, names)],
    ['for_each of what Azure tells', azurerm(`for_each = toset(data.azurerm_resources.r.ids)\n  ${off}`)],
    ['count', azurerm(`count = length(var.names)\n  ${off}`, names)],
    ['a module with for_each', called('for_each = var.names')],
    ['a module with count', called('count = length(var.names)')],
    ['a loop of Bicep', looped('names')],
    ['a filtered loop of Bicep', looped("filter(names, n => n != 'x')")],
  ])('%s', ([, files]) => {
    expect(verdictOf(files, 'AKV002')).toBe('nonCompliant');
  });
});

describe('a type is known in any letter case', () => {
  const type = 'MICROSOFT.keyvault/VAULTS';
  const properties = { enablePurgeProtection: false, networkAcls: { defaultAction: 'Deny' } };
  const vault = { type, apiVersion: '2023-07-01', name: 'kv', properties };
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  const deployment = {
    type: 'microsoft.RESOURCES/Deployments',
    apiVersion: '2022-09-01',
    name: 'inner',
    properties: { mode: 'Incremental', template: { $schema, resources: [vault] } },
  };
  const written =
    "{\n  name: 'kv'\n  properties: { enablePurgeProtection: false, networkAcls: { defaultAction: 'Deny' } }\n}\n";
  const body =
    'body = { properties = { enablePurgeProtection = false, networkAcls = { defaultAction = "Deny" } } }';

  test.for<readonly [string, () => readonly Readonly<Record<string, Verdict>>[]]>([
    ['of a template', () => verdictsOfTemplate({ $schema, resources: [vault] })],
    ['of a nested deployment', () => verdictsOfTemplate({ $schema, resources: [deployment] })],
    [
      'under a symbolic name',
      () => verdictsOfTemplate({ $schema, languageVersion: '2.0', resources: { vault } }),
    ],
    ['of Bicep', () => verdictsOfFolder({ 'main.bicep': `resource v '${type}@2023-07-01' = ${written}` })],
    [
      'of azapi',
      () =>
        verdictsOfFolder({
          'main.tf': `resource "azapi_resource" "v" {\n  type = "${type}@2023-07-01"\n  name = "kv"\n  ${body}\n}\n`,
        }),
    ],
  ])('%s', ([, verdicts]) => {
    expect(verdicts()).toEqual([expect.objectContaining({ AKV002: 'nonCompliant', AKV006: 'compliant' })]);
  });
});
