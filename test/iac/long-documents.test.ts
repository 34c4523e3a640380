import { expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { verdictsOfFolder, verdictsOfPlan, verdictsOfTemplate } from './declared-verdicts.ts';

const policy = (index: number): Json => ({
  tenantId: '11111111-1111-1111-1111-111111111111',
  objectId: `2222222${index}-2222-2222-2222-222222222222`,
  permissions: { keys: ['get', 'list'], secrets: ['get'] },
});
const accessPolicies = Array.from({ length: 9 }, (_, index) => policy(index));

/** The text of a vault's properties, which is longer than any name. What decides stands at its end. */
function properties(enablePurgeProtection: boolean, indent?: number): string {
  const written = { accessPolicies, publicNetworkAccess: 'Disabled', enablePurgeProtection };
  return JSON.stringify(written, undefined, indent);
}

function body(enablePurgeProtection: boolean, indent?: number): string {
  return `{"properties":${properties(enablePurgeProtection, indent)}}`;
}

function azapi(written: string, before = ''): Readonly<Record<string, string>> {
  const vault = `resource "azapi_resource" "v" {\n  type = "Microsoft.KeyVault/vaults@2023-07-01"\n  name = "kv-long"\n  body = ${written}\n}\n`;
  return { 'main.tf': `${before}${vault}` };
}

function bicep(written: string): string {
  return `resource v 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv-long'\n  properties: ${written}\n}\n`;
}

const plan = {
  format_version: '1.2',
  resource_changes: [
    {
      address: 'azapi_resource.v',
      mode: 'managed',
      type: 'azapi_resource',
      name: 'v',
      change: {
        actions: ['create'],
        before: null,
        after: { type: 'Microsoft.KeyVault/vaults@2023-07-01', name: 'kv-long', body: body(true) },
      },
    },
  ],
};

function template(written: string, variables = {}): Json {
  const vault = { type: 'Microsoft.KeyVault/vaults', apiVersion: '2023-07-01', name: 'kv-long' };
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    variables,
    resources: [{ ...vault, properties: written }],
  };
}

const heredoc = (text: string): string => `<<JSON\n${text}\nJSON`;

test.for([
  ['a plan', () => verdictsOfPlan(plan).verdicts],
  ['Terraform, a text', () => verdictsOfFolder(azapi(JSON.stringify(body(true))))],
  ['Terraform, a heredoc', () => verdictsOfFolder(azapi(heredoc(body(true, 2))))],
  [
    'Terraform, a local value',
    () => verdictsOfFolder(azapi('local.b', `locals {\n  b = ${heredoc(body(true, 2))}\n}\n`)),
  ],
  ['a template, a literal', () => verdictsOfTemplate(template(`[json('${properties(true)}')]`))],
  [
    'a template, a variable',
    () => verdictsOfTemplate(template("[json(variables('p'))]", { p: properties(true) })),
  ],
  [
    'Bicep, a text of several lines',
    () => verdictsOfFolder({ 'main.bicep': bicep(`json('''\n${properties(true, 2)}\n''')`) }),
  ],
] as const)('a body that is a long text of JSON is read to its end: %s', ([, verdicts]) => {
  expect(properties(true).length).toBeGreaterThan(1000);
  expect(verdicts()).toMatchObject([{ AKV002: 'compliant', AKV005: 'compliant', AKV006: 'compliant' }]);
});

test('two long texts that differ at their ends are two', () => {
  const locals = `variable "x" {}\nlocals {\n  a = ${heredoc(body(true, 2))}\n  b = ${heredoc(body(false, 2))}\n}\n`;
  expect(verdictsOfFolder(azapi('var.x ? local.a : local.b', locals))).toMatchObject([{ AKV002: 'unknown' }]);
});

test('a long text that is no JSON leaves the vault unknown', () => {
  const broken = JSON.stringify(body(true).slice(0, -5));
  expect(verdictsOfFolder(azapi(broken))).toMatchObject([{ AKV002: 'unknown', AKV006: 'unknown' }]);
});
