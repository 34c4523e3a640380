import { describe, expect, test } from 'vitest';

import { type AnchorQuestion, anchorOf, declarationsOf } from './declarations.ts';

const type = 'Microsoft.KeyVault/vaults@2023-07-01';

/** A Bicep vault of three lines, whose purge protection stands on the third. */
function vault(symbol: string, name: string, more = ''): string {
  return [
    `resource ${symbol} '${type}' = {`,
    `  name: ${name}`,
    `  properties: { enablePurgeProtection: false }`,
    `  ${more}`,
    '}',
    '',
  ].join('\n');
}

function asked(files: Readonly<Record<string, string>>, question: AnchorQuestion): string {
  return anchorOf(declarationsOf(files), question);
}

const parameters = 'param env string\nparam app string\n';

test.for<readonly [string, Readonly<Record<string, string>>, string]>([
  [
    'a literal name beats a pattern',
    {
      'a.bicep': parameters + vault('v', "'kv-${env}-payments'"),
      'b.bicep': vault('v', "'kv-prod-payments'"),
    },
    'b.bicep:3',
  ],
  [
    'more literal characters beat fewer',
    {
      'a.bicep': parameters + vault('v', "'kv-${env}-${app}ments'"),
      'b.bicep': parameters + vault('v', "'kv-${env}-payments'"),
    },
    'b.bicep:5',
  ],
  [
    'two literal names are ambiguous',
    { 'a.bicep': vault('v', "'kv-prod-payments'"), 'b.bicep': vault('v', "'kv-prod-payments'") },
    'ambiguous: a.bicep:3, b.bicep:3',
  ],
  [
    'two equal patterns are ambiguous',
    {
      'a.bicep': parameters + vault('v', "'kv-${env}-payments'"),
      'b.bicep': parameters + vault('v', "'kv-${app}-payments'"),
    },
    'ambiguous: a.bicep:5, b.bicep:5',
  ],
  ['a pattern must match to the end', { 'a.bicep': parameters + vault('v', "'kv-${env}-pay'") }, 'none'],
  [
    'a pattern that hardly says anything matches nothing',
    { 'a.bicep': parameters + vault('v', "'kv-${env}'") },
    'none',
  ],
])('%s', ([, files, expected]) => {
  expect(asked(files, { name: 'kv-prod-payments' })).toBe(expected);
});

test.for([
  ['kv-${env}', 'kv-payments', 'none'],
  ['${app}-keyvault', 'payments-keyvault', 'none'],
  ['kv-${app}-prod', 'kv-payments-prod', 'none'],
  ['kv-${app}-01', 'kv-payments-01', 'none'],
  ['kv-${env}-crm', 'kv-prod-crm', 'main.bicep:5'],
  ['kv${uniqueString(env)}', 'kvx7qk2m3p5r7ta', 'none'],
  ['kv${uniqueString(env)}', 'kv-payment-prod', 'none'],
  ['kv${uniqueString(env)}', 'kvx7qk2m3p5r7tab', 'none'],
  ['${take(uniqueString(env), 5)}-orders', 'x7qk2-orders', 'main.bicep:5'],
  ['${take(uniqueString(env), 5)}-orders', 'x7qk2m-orders', 'none'],
])('%s and %s: a name is known by more than a convention', ([pattern = '', name = '', expected]) => {
  expect(asked({ 'main.bicep': parameters + vault('v', `'${pattern}'`) }, { name })).toBe(expected);
});

describe('what tells namesakes apart', () => {
  const module = (group: string): string =>
    `module m 'v.bicep' = {\n  scope: resourceGroup('${group}')\n  params: {\n    purge: false\n  }\n}\n`;
  const called = `param purge bool\n${vault('v', "'kv-prod-payments'").replace('false', 'purge')}`;

  test('the resource group, where it is written out', () => {
    const files = { 'v.bicep': called, 'a.bicep': module('rg-a'), 'b.bicep': module('rg-b') };
    expect(asked(files, { name: 'kv-prod-payments', group: 'RG-B' })).toBe('b.bicep:4');
    expect(asked(files, { name: 'kv-prod-payments', group: 'rg-c' })).toBe('none');
  });

  test('a declaration that names the resource group beats one that does not', () => {
    const files = {
      'v.bicep': called,
      'a.bicep': module('rg-a'),
      'b.bicep': vault('v', "'kv-prod-payments'"),
    };
    expect(asked(files, { name: 'kv-prod-payments', group: 'rg-a' })).toBe('a.bicep:4');
  });

  test('a tag with the resource id does not outrank a literal name', () => {
    const id =
      '/subscriptions/S/resourcegroups/rg-platform/providers/Microsoft.KeyVault/vaults/kv-prod-payments';
    const files = {
      'a.bicep': vault('v', "'kv-prod-payments'"),
      'b.bicep': `param name string\n${vault('v', 'name', `tags: { resource: '${id}' }`)}`,
    };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('a.bicep:3');
  });

  test('an import block of Terraform gives the resource id', () => {
    const id =
      '/subscriptions/s/resourceGroups/rg-platform/providers/Microsoft.KeyVault/vaults/kv-prod-payments';
    const files = {
      'main.tf': `variable "name" {}\nresource "azurerm_key_vault" "v" {\n  name = var.name\n}\n`,
      'import.tf': `import {\n  to = azurerm_key_vault.v\n  id = "${id}"\n}\n`,
    };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('main.tf:2');
  });
});

describe('deployments of one declaration', () => {
  const template = `param purge bool = false\n${vault('v', "'kv-prod-payments'").replace('false', 'purge')}`;

  test('one parameter file decides the line', () => {
    const files = { 'main.bicep': template, 'prod.bicepparam': "using 'main.bicep'\nparam purge = false\n" };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('prod.bicepparam:2');
  });

  test('two parameter files that name no vault leave the line in the declaration', () => {
    const files = {
      'main.bicep': template,
      'prod.bicepparam': "using 'main.bicep'\nparam purge = false\n",
      'test.bicepparam': "using 'main.bicep'\n\nparam purge = true\n",
    };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('main.bicep:4');
  });

  test('what only depends on a parameter is decided where it is written', () => {
    const files = {
      'main.bicep': `param env string\n${vault('v', "'kv-prod-payments'").replace('false', "env == 'prod'")}`,
      'prod.bicepparam': "using 'main.bicep'\nparam env = 'prod'\n",
    };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('main.bicep:4');
  });

  test('a module is no deployment of its own', () => {
    const files = {
      'modules/v.bicep': `param name string = 'kv-standard'\n${vault('v', 'name')}`,
      'main.bicep': "module m './modules/v.bicep' = { params: { name: 'kv-prod-payments' } }\n",
    };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('modules/v.bicep:4');
    expect(asked(files, { name: 'kv-standard' })).toBe('none');
  });

  test('modules that call each other in a circle end', () => {
    const files = {
      'main.bicep': "module m 'a.bicep' = { params: { n: 'x' } }\n",
      'a.bicep': `param n string\nmodule m 'b.bicep' = { params: { n: '\${n}y' } }\n`,
      'b.bicep': `param n string\nmodule m 'a.bicep' = { params: { n: n } }\n${vault('v', "'kv-payments-${n}'")}`,
    };
    expect(asked(files, { name: 'kv-payments-xy' })).toBe('b.bicep:5');
  });
});

describe('files that belong together', () => {
  const arm = (more: object): string =>
    JSON.stringify({
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      ...more,
    });
  const armVault = { type: 'Microsoft.KeyVault/vaults', name: 'kv-prod-payments' };

  test('a template that Bicep compiled stands back behind its source', () => {
    const compiled = arm({ metadata: { _generator: { name: 'bicep' } }, resources: [armVault] });
    const files = { 'main.bicep': vault('v', "'kv-prod-payments'"), 'main.json': compiled };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('main.bicep:3');
    expect(asked({ 'main.json': compiled }, { name: 'kv-prod-payments' })).toBe('main.json:1');
  });

  test('a linked template is found by its relative path', () => {
    const link = {
      templateLink: { relativePath: '../kv.json' },
      parameters: { n: { value: 'kv-prod-payments' } },
    };
    const files = {
      'infra/main.json': arm({ resources: [{ type: 'Microsoft.Resources/deployments', properties: link }] }),
      'kv.json': arm({ parameters: { n: {} }, resources: [{ ...armVault, name: "[parameters('n')]" }] }),
    };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('kv.json:1');
  });

  test('parameters of ARM serve a Bicep file of their name, from a folder below too', () => {
    const parameters = `{\n"$schema": "x/deploymentParameters.json#",\n"parameters": {\n"n": {"value": "kv-prod-payments"}}}`;
    const files = {
      'main.bicep': `param n string\n${vault('v', 'n')}`,
      'env/main.prod.parameters.json': parameters,
    };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('main.bicep:4');
  });

  test('Terraform loads its own variable files, and others lie over them', () => {
    const files = {
      'main.tf':
        'variable "a" {}\nvariable "b" {}\nresource "azurerm_key_vault" "v" {\n  name = "kv-${var.a}-${var.b}"\n}\n',
      'x.auto.tfvars': 'a = "prod"\n',
      'env/pay.tfvars': 'b = "payments"\n',
    };
    expect(asked(files, { name: 'kv-prod-payments' })).toBe('main.tf:3');
    expect(asked(files, { name: 'kv-test-payments' })).toBe('none');
  });

  test.for([
    ['an object', '{', '}'],
    ['jsonencode', 'jsonencode({', '})'],
  ])('azapi takes its body as %s', ([, open, close]) => {
    const body = `  body = ${open}\n    properties = {\n      enablePurgeProtection = false\n    }\n  ${close}`;
    const main = `resource "azapi_resource" "v" {\n  type = "${type}"\n  name = "kv-prod-payments"\n${body}\n}\n`;
    expect(asked({ 'main.tf': main }, { name: 'kv-prod-payments' })).toBe('main.tf:6');
  });

  test.for([
    ['enable_rbac_authorization', 'azurerm_key_vault'],
    ['rbac_authorization_enabled', 'azurerm_key_vault'],
  ])('%s of %s is the permission model', ([attribute, resource]) => {
    const main = `resource "${resource}" "v" {\n  name = "kv-prod-payments"\n  ${attribute} = false\n}\n`;
    const field = 'properties.enableRbacAuthorization';
    expect(asked({ 'main.tf': main }, { name: 'kv-prod-payments', field })).toBe('main.tf:3');
  });
});
