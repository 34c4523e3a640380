import { describe, expect, test } from 'vitest';
import { wholly } from '../../src/iac/piecewise.ts';
import { type Declarations, readDeclarations } from '../../src/iac/read-declarations.ts';
import { readPlan } from '../../src/iac/terraform-plan/read-plan.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { verdictsOfAll } from './declared-verdicts.ts';

const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

/** A template with one vault, whose purge protection is that of a parameter with a default that is not what is given. */
function template(purge: Json = "[parameters('purge')]", more: JsonObject = {}): JsonObject {
  return {
    $schema: schema,
    contentVersion: '1.0.0.0',
    parameters: { purge: { type: 'bool', defaultValue: true } },
    resources: [
      {
        type: 'Microsoft.KeyVault/vaults',
        apiVersion: '2023-07-01',
        name: 'kv-inner',
        location: 'westeurope',
        properties: { tenantId: 't', sku: { family: 'A', name: 'standard' }, enablePurgeProtection: purge },
        ...more,
      },
    ],
  };
}

const given = { purge: { value: false } };
const json = JSON.stringify(template());

/** The same text in HCL and Bicep: JSON is HCL but for its colons, and Bicep but for its quotes. */
const asHcl = (value: Json): string => JSON.stringify(value).replaceAll('":', '" =');
const asBicep = (value: Json): string =>
  JSON.stringify(value)
    .replaceAll("'", String.raw`\'`)
    .replaceAll('"', "'");

function azapi(body: string, type = 'Microsoft.Resources/deployments@2022-09-01', label = 'azapi_resource') {
  return `resource "${label}" "d" {
  type      = "${type}"
  name      = "d"
  parent_id = "/subscriptions/s/resourceGroups/rg"
  body      = ${body}
}
`;
}

function azurerm(attributes: string, kind = 'resource_group_'): string {
  return `resource "azurerm_${kind}template_deployment" "d" {
  name            = "d"
  deployment_mode = "Incremental"
${attributes}
}
`;
}

function bicep(properties: string, type = 'Microsoft.Resources/deployments@2022-09-01'): string {
  return `resource d '${type}' = {
  name: 'd'
  properties: {
    mode: 'Incremental'
${properties}
  }
}
`;
}

const stack = 'Microsoft.Resources/deploymentStacks@2024-03-01';
const whole = { properties: { mode: 'Incremental', template: template(), parameters: given } };

/** What the text of an inner expression is in the template around it. */
function escaped(value: Json): Json {
  return JSON.parse(JSON.stringify(value).replaceAll('"[', '"[['));
}

function armWith(resource: JsonObject): string {
  return JSON.stringify({ $schema: schema, contentVersion: '1.0.0.0', resources: [resource] });
}

function read(files: Readonly<Record<string, string>>): Declarations {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  return wholly(readDeclarations(texts, { judges: true }));
}

/** The verdicts of AKV002, the resources whose type is not known, and the templates that are not here. */
function outcome({ declarations, problems, untyped, unfollowed }: Declarations): readonly unknown[] {
  expect(problems).toEqual([]);
  const verdicts = verdictsOfAll(declarations).map(({ AKV002 }) => AKV002);
  return [verdicts, untyped.size, unfollowed.map(({ target, symbol }) => target ?? symbol)];
}

const judged = [['nonCompliant'], 0, []];
const outer = { type: 'Microsoft.Resources/deployments', apiVersion: '2022-09-01', name: 'd' };

describe('a template in the body of a deployment is judged with what it is given', () => {
  test.for<readonly [string, Readonly<Record<string, string>>]>([
    ['azapi, as an object', { 'main.tf': azapi(asHcl(whole)) }],
    ['azapi, as text', { 'main.tf': azapi(`jsonencode(${asHcl(whole)})`) }],
    [
      'azapi, as JSON',
      {
        'main.tf.json': JSON.stringify({
          resource: {
            azapi_resource: {
              d: { type: outer.type + '@2022-09-01', name: 'd', parent_id: 'p', body: whole },
            },
          },
        }),
      },
    ],
    ['azapi, a stack', { 'main.tf': azapi(asHcl(whole), stack) }],
    [
      'azapi, a type in other letters',
      { 'main.tf': azapi(asHcl(whole), 'microsoft.resources/DEPLOYMENTS@2022-09-01') },
    ],
    [
      'azapi, with values of Terraform',
      {
        'main.tf': `variable "purge" { default = false }\n${azapi(asHcl({ properties: { mode: 'Incremental', template: template(true) } }).replace('"enablePurgeProtection" =true', '"enablePurgeProtection" = var.purge'))}`,
      },
    ],
    [
      'azurerm, as text',
      {
        'main.tf': azurerm(
          `  template_content = <<JSON\n${json}\nJSON\n  parameters_content = jsonencode(${asHcl(given)})`,
        ),
      },
    ],
    ...['subscription_', 'management_group_', 'tenant_'].map(
      (kind) =>
        [
          `azurerm, ${kind}`,
          { 'main.tf': azurerm(`  template_content = jsonencode(${asHcl(template(false))})`, kind) },
        ] as const,
    ),
    ['azurerm 2', { 'main.tf': azurerm(`  template_body = jsonencode(${asHcl(template(false))})`, '') }],
    [
      'Bicep',
      { 'main.bicep': bicep(`    template: ${asBicep(template())}\n    parameters: ${asBicep(given)}`) },
    ],
    [
      'Bicep, a stack',
      {
        'main.bicep': bicep(`    template: ${asBicep(template())}\n    parameters: ${asBicep(given)}`, stack),
      },
    ],
    [
      'Bicep, with values of Bicep',
      {
        'main.bicep': `param purge bool = false\n${bicep(`    template: ${asBicep(template(true)).replace("'enablePurgeProtection':true", "'enablePurgeProtection':purge")}`)}`,
      },
    ],
    [
      'Bicep, in the scope of the deployment around it',
      {
        'main.bicep': bicep(
          `    expressionEvaluationOptions: { scope: 'Outer' }\n    template: ${asBicep(template(false))}`,
        ),
      },
    ],
    [
      'an ARM template, a stack',
      {
        'main.json': armWith({
          ...outer,
          type: 'Microsoft.Resources/deploymentStacks',
          properties: { template: escaped(template()), parameters: given },
        }),
      },
    ],
    [
      'a request, by itself',
      {
        'request.json': JSON.stringify({
          $schema: 'x',
          type: outer.type,
          properties: { template: template(false) },
        }),
      },
    ],
    [
      'a slash that JSON escapes',
      { 'main.json': JSON.stringify(template(false)).replaceAll('/vaults', String.raw`\/vaults`) },
    ],
    [
      'letters that JSON escapes',
      { 'main.json': JSON.stringify(template(false)).replaceAll('/vaults', String.raw`\u002fv\u0061ults`) },
    ],
  ])('%s', ([, files]) => {
    expect(outcome(read(files))).toEqual(judged);
  });

  test('a file that is loaded, beside the template by itself', () => {
    const parameters = `parameters_content = jsonencode(${asHcl(given)})`;
    const files = {
      'main.tf': azurerm(`  template_content = file("\${path.module}/kv.json")\n  ${parameters}`),
      'kv.json': json,
    };
    expect(outcome(read(files))).toEqual([['compliant', 'nonCompliant'], 0, []]);
    const loaded = {
      'main.bicep': bicep(`    template: loadJsonContent('kv.json')\n    parameters: ${asBicep(given)}`),
      'kv.json': json,
    };
    expect(outcome(read(loaded))).toEqual([['nonCompliant', 'compliant'], 0, []]);
  });

  test('where it has the id that it will have, and the place of the deployment', () => {
    const [declared] = read({ 'main.tf': `\n${azapi(asHcl(whole))}` }).declarations;
    expect([declared?.address, declared?.declaration.line]).toEqual(['azapi_resource.d/kv-inner', 2]);
    expect(declared?.resourceGroups).toEqual([['rg']]);
  });

  test('as often as it is deployed, and not where it is not', () => {
    const counted = (count: string): readonly unknown[] =>
      outcome(read({ 'main.tf': azapi(asHcl(whole)).replace('  name ', `  count = ${count}\n  name `) }));
    expect(counted('2')).toEqual([['nonCompliant', 'nonCompliant'], 0, []]);
    expect(counted('0')).toEqual([[], 0, []]);
    const off = bicep(`    template: ${asBicep(template())}`).replace('= {', '= if (false) {');
    expect(outcome(read({ 'main.bicep': off }))).toEqual([[], 0, []]);
  });
});

const address = 'https://example.org/kv.json';
const spec = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Resources/templateSpecs/kv/versions/1';

describe('a template that cannot be read is a gap, with its place', () => {
  test.for<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'azapi, a link',
      { 'main.tf': azapi(asHcl({ properties: { templateLink: { uri: address } } })) },
      address,
    ],
    ['azapi, an unknown body', { 'main.tf': `variable "body" {}\n${azapi('var.body')}` }, 'azapi_resource.d'],
    ['azapi, no body', { 'main.tf': azapi('null') }, 'azapi_resource.d'],
    [
      'azapi, a part of the body that is hidden',
      {
        'main.tf': azapi(`${asHcl({ properties: { mode: 'Incremental' } })}\n  sensitive_body = var.hidden`),
      },
      'azapi_resource.d',
    ],
    [
      'azapi, an update',
      { 'main.tf': azapi(asHcl(whole), undefined, 'azapi_update_resource') },
      'azapi_update_resource.d',
    ],
    [
      'azapi, an action',
      { 'main.tf': azapi(asHcl(whole), undefined, 'azapi_resource_action') },
      'azapi_resource_action.d',
    ],
    ['azurerm, a template spec', { 'main.tf': azurerm(`  template_spec_version_id = "${spec}"`) }, spec],
    [
      'azurerm, a rendered file',
      { 'main.tf': azurerm('  template_content = templatefile("kv.json", {})'), 'kv.json': '{}' },
      'azurerm_resource_group_template_deployment.d',
    ],
    [
      'azurerm, text that is no JSON',
      { 'main.tf': azurerm('  template_content = "{"') },
      'azurerm_resource_group_template_deployment.d',
    ],
    ['Bicep, a link', { 'main.bicep': bicep(`    templateLink: { uri: '${address}' }`) }, address],
    ['Bicep, a template spec', { 'main.bicep': bicep(`    templateLink: { id: '${spec}' }`) }, spec],
    [
      'Bicep, a module that is a template spec',
      { 'main.bicep': "module m 'ts:s/rg/kv:1' = { name: 'm' }" },
      'ts:s/rg/kv:1',
    ],
    ['Bicep, a parameter', { 'main.bicep': `param t object\n${bicep('    template: t')}` }, 'd'],
    [
      'Bicep, in a scope of its own',
      {
        'main.bicep': bicep(
          `    expressionEvaluationOptions: { scope: 'Inner' }\n    template: ${asBicep(template())}`,
        ),
      },
      'd',
    ],
    [
      'an ARM template, a link',
      { 'main.json': armWith({ ...outer, properties: { templateLink: { uri: address } } }) },
      address,
    ],
    [
      'an ARM template, a template spec',
      { 'main.json': armWith({ ...outer, properties: { templateLink: { id: spec } } }) },
      spec,
    ],
    [
      'an ARM template, a path that is not here',
      {
        'main.json': armWith({ ...outer, properties: { templateLink: { relativePath: 'nested/kv.json' } } }),
      },
      'nested/kv.json',
    ],
    [
      'an ARM template, one that is computed',
      { 'main.json': armWith({ ...outer, properties: { template: "[variables('t')]" } }) },
      'd',
    ],
    [
      'an ARM template, a stack with a link',
      {
        'main.json': armWith({
          ...outer,
          type: 'Microsoft.Resources/deploymentStacks',
          properties: { templateLink: { uri: address } },
        }),
      },
      address,
    ],
    [
      'a link in a template that is a value',
      {
        'main.tf': azapi(
          asHcl({
            properties: {
              template: JSON.parse(
                armWith({ ...outer, properties: { templateLink: { relativePath: 'kv.json' } } }),
              ),
            },
          }),
        ),
      },
      'd',
    ],
    [
      'a Bicep file that is not in the folder',
      { 'main.bicep': "module m 'kv.bicep' = { name: 'm' }" },
      'kv.bicep',
    ],
    [
      'a Bicep file that is not in the checkout',
      { 'main.bicep': "module m '../kv.bicep' = { name: 'm' }" },
      '../kv.bicep',
    ],
    [
      'a template that is not in the folder',
      { 'main.bicep': "module m 'kv.json' = { name: 'm' }" },
      'kv.json',
    ],
    [
      'a module of Terraform that is not in the folder',
      { 'main.tf': 'module "m" { source = "./kv" }' },
      'terraform:kv',
    ],
    [
      'a module of Terraform that is not in the checkout',
      { 'main.tf': 'module "m" { source = "../kv" }' },
      '../kv',
    ],
  ])('%s', ([, files, missing]) => {
    expect(outcome(read(files))).toEqual([[], 0, [missing]]);
  });

  test.for<readonly [string, string]>([
    [
      'resources that are not known',
      azapi(asHcl({ properties: { template: { resources: 'R' } } }).replace('"R"', 'var.resources')),
    ],
    [
      'one of them',
      azapi(asHcl({ properties: { template: { resources: ['R'] } } }).replace('"R"', 'var.resource')),
    ],
    [
      'a type',
      azapi(asHcl({ properties: { template: template(false, { type: 'T' }) } }).replace('"T"', 'var.type')),
    ],
    [
      'more of them',
      azapi(
        asHcl({ properties: { template: { resources: 'R' } } }).replace('"R"', 'concat([], var.resources)'),
      ),
    ],
  ])('%s, in a template that is a value', ([, text]) => {
    const { declarations, untyped } = read({
      'main.tf': `variable "resources" {}\nvariable "resource" {}\nvariable "type" {}\n${text}`,
    });
    expect([declarations, untyped.size]).toEqual([[], 1]);
  });

  test('modules from elsewhere are none of a whole folder', () => {
    const files = {
      'main.tf': 'module "n" { source = "contoso/network/azurerm" }\nresource "azurerm_key_vault" "v" {}',
    };
    expect(read(files).unfollowed).toEqual([]);
  });
});

describe('unknown values', () => {
  test('of a template and its parameters stay unknown', () => {
    const variable = 'variable "p" {}\n';
    const parameters = `    parameters: purge\n    template: ${asBicep(template())}`;
    for (const files of [
      {
        'main.tf':
          variable +
          azapi(asHcl({ properties: { template: template(), parameters: 'P' } }).replace('"P"', 'var.p')),
      },
      {
        'main.tf':
          variable +
          azapi(
            asHcl({ properties: { template: template(), parameters: { purge: { value: 'P' } } } }).replace(
              '"P"',
              'var.p',
            ),
          ),
      },
      { 'main.tf': azapi(asHcl({ properties: { template: template(), parametersLink: { uri: address } } })) },
      {
        'main.tf': azurerm(
          `  template_content = jsonencode(${asHcl(template())})\n  parameters = { purge = "false" }`,
          '',
        ),
      },
      { 'main.bicep': `param purge object\n${bicep(parameters)}` },
    ])
      expect(outcome(read(files))).toEqual([['unknown'], 0, []]);
  });

  test('access policies in a template may be those of a vault beside it', () => {
    const policies = { type: 'Microsoft.KeyVault/vaults/accessPolicies', name: 'kv/add', properties: {} };
    const vault = `resource "azurerm_key_vault" "v" {\n  name = "kv"\n  access_policy = []\n}\n`;
    const inTemplate = azapi(asHcl({ properties: { template: { resources: [policies] } } }));
    const verdicts = (text: string): readonly unknown[] =>
      verdictsOfAll(read({ 'main.tf': text }).declarations).map(({ AKV005 }) => AKV005);
    expect(verdicts(vault)).toEqual(['compliant']);
    expect(verdicts(vault + inTemplate)).toEqual(['unknown']);
  });

  test('one that only counts how often a module is used changes nothing', () => {
    const counter = bicep(
      `    template: { '$schema': 'x', contentVersion: '1', resources: [], outputs: { o: { value: newGuid() } } }`,
    );
    const vault = `resource v 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv'\n  properties: { accessPolicies: [] }\n}\n`;
    const [verdicts] = verdictsOfAll(read({ 'main.bicep': vault + counter }).declarations);
    expect(verdicts?.['AKV005']).toBe('compliant');
  });
});

function planWith(type: string, after: JsonObject, unknown: JsonObject = {}): Declarations {
  const change = { actions: ['create'], before: null, after, after_unknown: unknown, after_sensitive: {} };
  const address = `module.m["a"].${type}.d`;
  const resource = { address, mode: 'managed', type, name: 'd', change };
  const text = JSON.stringify({ format_version: '1.2', complete: true, resource_changes: [resource] });
  return readPlan({ path: 'plan.json', text });
}

describe('in a plan', () => {
  const type = 'Microsoft.Resources/deployments@2022-09-01';
  const content = { template_content: json, parameters_content: JSON.stringify(given) };
  test.for<readonly [string, Declarations]>([
    ['azapi, an object', planWith('azapi_resource', { type, body: whole })],
    ['azapi, text', planWith('azapi_resource', { type, body: JSON.stringify(whole) })],
    [
      'azurerm',
      planWith('azurerm_resource_group_template_deployment', { ...content, template_spec_version_id: null }),
    ],
  ])('%s', ([, declarations]) => {
    expect(outcome(declarations)).toEqual(judged);
  });

  test.for<readonly [string, Declarations, string]>([
    [
      'azapi, a link',
      planWith('azapi_resource', { type, body: { properties: { templateLink: { id: spec } } } }),
      spec,
    ],
    [
      'azapi, known after apply',
      planWith('azapi_resource', { type }, { body: true }),
      'module.m["a"].azapi_resource.d',
    ],
    [
      'azurerm, a template spec',
      planWith('azurerm_subscription_template_deployment', {
        template_content: null,
        template_spec_version_id: spec,
      }),
      spec,
    ],
    [
      'azurerm, known after apply',
      planWith('azurerm_tenant_template_deployment', {}, { template_content: true }),
      'module.m["a"].azurerm_tenant_template_deployment.d',
    ],
  ])('%s, is a gap', ([, declarations, missing]) => {
    expect(outcome(declarations)).toEqual([[], 0, [missing]]);
  });

  test('a deployment that is left to a later plan is missing', () => {
    const kind = 'azurerm_resource_group_template_deployment';
    const change = { actions: ['create'], before: null, after: {}, after_unknown: {} };
    const resource_change = { address: `${kind}.d`, mode: 'managed', type: kind, name: 'd', change };
    const deferred_changes = [{ reason: 'instance_count_unknown', resource_change }];
    const text = JSON.stringify({ format_version: '1.2', resource_changes: [], deferred_changes });
    const { missing } = readPlan({ path: 'plan.json', text });
    expect(missing).toEqual([`The plan leaves ${kind}.d to a later plan.`]);
  });

  test('a deployment that the plan leaves out is missing', () => {
    const [kind, values] = ['azurerm_resource_group_template_deployment', { type: null }];
    const left = { address: `${kind}.d`, mode: 'managed', type: kind, name: 'd', values };
    const planned_values = { root_module: { resources: [left] } };
    const { missing } = readPlan({
      path: 'plan.json',
      text: JSON.stringify({ format_version: '1.2', planned_values, resource_changes: [] }),
    });
    expect(missing).toEqual([`The plan says nothing of ${kind}.d, which is declared or already there.`]);
  });
});
