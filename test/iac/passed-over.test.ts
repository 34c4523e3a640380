import { describe, expect, test } from 'vitest';
import { wholly } from '../../src/iac/piecewise.ts';
import { readDeclarations } from '../../src/iac/read-declarations.ts';
import { readPlan } from '../../src/iac/terraform-plan/read-plan.ts';
import { type Verdicts, verdictsOfAll } from './declared-verdicts.ts';

type Files = Readonly<Record<string, string>>;

const bicepVault = (properties: string, before = ''): string =>
  `${before}\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv'\n  properties: { ${properties} }\n}\n`;
const armVault = (properties: object, more: object = {}): object => {
  return { type: 'Microsoft.KeyVault/vaults', apiVersion: '2023-07-01', name: 'kv', properties, ...more };
};
const armTemplate = (resources: object, more: object = {}): string => {
  const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return JSON.stringify({ $schema: schema, contentVersion: '1.0.0.0', ...more, resources });
};
const terraformVault = (attributes: string, before = ''): string =>
  `${before}\nresource "azurerm_key_vault" "kv" {\n  name = "kv"\n${attributes}\n}\n`;

const protectedVault = '  purge_protection_enabled = true';
const ignoring = (names: string): string =>
  terraformVault(`${protectedVault}\n  lifecycle {\n    ignore_changes = ${names}\n  }`);
const azapi = (more: string, label = 'azapi_resource'): string =>
  `resource "${label}" "kv" {\n  type = "Microsoft.KeyVault/vaults@2023-07-01"\n  name = "kv"\n${more}\n}\n`;
const azapiBody = '  body = { properties = { enablePurgeProtection = true } }';

function verdictsOn(files: Files, rule = 'AKV002'): readonly (Verdicts[string] | undefined)[] {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  const { declarations, problems } = wholly(readDeclarations(texts, { judges: true }));
  expect(problems).toEqual([]);
  return verdictsOfAll(declarations).map((verdicts) => verdicts[rule]);
}

function missingFrom(files: Files): readonly (string | undefined)[] {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  return wholly(readDeclarations(texts, { judges: true })).unfollowed.map(
    ({ target, symbol }) => target ?? symbol,
  );
}

describe('a vault that may be there already keeps what the code does not change', () => {
  test.for<readonly [string, Files]>([
    ['Bicep', { 'main.bicep': bicepVault('enablePurgeProtection: true', '@onlyIfNotExists()') }],
    [
      'Bicep, by its namespace',
      { 'main.bicep': bicepVault('enablePurgeProtection: true', '@sys.onlyIfNotExists()') },
    ],
    [
      'ARM',
      {
        'main.json': armTemplate(
          { kv: armVault({ enablePurgeProtection: true }, { '@options': { onlyIfNotExists: true } }) },
          { languageVersion: '2.0' },
        ),
      },
    ],
    ['Terraform', { 'main.tf': ignoring('[purge_protection_enabled]') }],
    ['Terraform, all', { 'main.tf': ignoring('all') }],
    ['Terraform, as text', { 'main.tf': ignoring('["purge_protection_enabled"]') }],
    [
      'Terraform, as JSON',
      {
        'main.tf.json': JSON.stringify({
          resource: {
            azurerm_key_vault: {
              kv: {
                purge_protection_enabled: true,
                lifecycle: { ignore_changes: ['purge_protection_enabled'] },
              },
            },
          },
        }),
      },
    ],
    ['azapi', { 'main.tf': azapi(`${azapiBody}\n  lifecycle {\n    ignore_changes = [body]\n  }`) }],
    [
      'azapi, a part',
      { 'main.tf': azapi(`${azapiBody}\n  lifecycle {\n    ignore_changes = [body.properties]\n  }`) },
    ],
    [
      'azapi, by its own argument',
      { 'main.tf': azapi(`${azapiBody}\n  ignore_body_changes = ["properties"]`) },
    ],
  ])('%s', ([, files]) => {
    expect(verdictsOn(files)).toEqual(['unknown']);
  });

  test.for<readonly [string, Files]>([
    [
      'a decorator of the resource before',
      {
        'main.bicep': `@onlyIfNotExists()\nresource o 'x@1' = {\n  name: 'o'\n}\n${bicepVault('enablePurgeProtection: true')}`,
      },
    ],
    ['another argument', { 'main.tf': ignoring('[tags, sku_name]') }],
    ['none', { 'main.tf': azapi(`${azapiBody}\n  ignore_body_changes = []`) }],
  ])('%s changes nothing of it', ([, files]) => {
    expect(verdictsOn(files)).toEqual(['compliant']);
  });

  test.for<readonly [string, string]>([
    ['method = "PATCH"', 'unknown'],
    ['method = "PUT"\n  action = "accessPolicies/add"', 'unknown'],
    ['method = var.method', 'unknown'],
    ['method = "GET"', 'compliant'],
    ['', 'compliant'],
  ])('an action of azapi may change it: %s', ([method, verdict]) => {
    const action = azapi(`  ${method}`, 'azapi_resource_action');
    expect(verdictsOn({ 'main.tf': terraformVault(protectedVault) + action })[0]).toBe(verdict);
  });

  test('an action of azapi that sends a whole vault is one', () => {
    const files = { 'main.tf': azapi('  method = "PUT"\n  body = {}', 'azapi_resource_action') };
    expect(verdictsOn(files)).toEqual(['unknown']);
    const after = { type: 'Microsoft.KeyVault/vaults@2023-07-01', method: 'PUT', body: {} };
    const change = { actions: ['create'], before: null, after, after_unknown: {}, after_sensitive: {} };
    const resource = { address: 'a.b', mode: 'managed', type: 'azapi_resource_action', name: 'b', change };
    const text = JSON.stringify({ format_version: '1.2', resource_changes: [resource] });
    expect(readPlan({ path: 'plan.json', text }).declarations).toHaveLength(1);
  });

  test('an existing resource has no properties of the code', () => {
    const old = `resource old 'Microsoft.KeyVault/vaults@2023-07-01' existing = {\n  name: 'old'\n  properties: { enablePurgeProtection: true }\n}`;
    const files = {
      'main.bicep': bicepVault('enablePurgeProtection: old.properties.enablePurgeProtection', old),
    };
    expect(verdictsOn(files)).toEqual(['unknown']);
  });
});

describe('values that are given elsewhere count', () => {
  const module = terraformVault(
    '  purge_protection_enabled = var.purge',
    'variable "purge" { default = true }',
  );
  const template = armTemplate([armVault({ enablePurgeProtection: "[parameters('purge')]" })], {
    parameters: { purge: { type: 'bool', defaultValue: true } },
  });
  const bicep = bicepVault('enablePurgeProtection: purge', 'param purge bool = true');
  const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#';
  const parameters = (more: object): string =>
    JSON.stringify({ ...more, parameters: { purge: { value: false } } });

  test.for<readonly [string, Files]>([
    [
      'variables in a folder beside the module',
      { 'infra/main.tf': module, 'env/prod.tfvars': 'purge = false' },
    ],
    ['variables above it', { 'infra/main.tf': module, 'prod.tfvars': 'purge = false' }],
    [
      'variables below a module that has no vault',
      { 'main.tf': 'variable "region" {}', 'infra/main.tf': module, 'env/prod.tfvars': 'purge = false' },
    ],
    [
      'parameters in another folder',
      { 'infra/main.json': template, 'params/prod.json': parameters({ $schema: schema }) },
    ],
    [
      'parameters of Bicep',
      { 'infra/main.bicep': bicep, 'params/prod.json': parameters({ $schema: schema }) },
    ],
    ['parameters without a schema', { 'main.json': template, 'main.parameters.json': parameters({}) }],
    [
      'parameters with a version alone',
      { 'main.json': template, 'main.parameters.json': parameters({ contentVersion: '1.0.0.0' }) },
    ],
  ])('%s', ([, files]) => {
    expect(verdictsOn(files)).toEqual(['compliant', 'nonCompliant']);
  });

  test.for<readonly [string, Files]>([
    ['variables of another module', { 'infra/main.tf': module, 'env/prod.tfvars': 'region = "x"' }],
    ['no variables', { 'infra/main.tf': module, 'env/prod.tfvars': '' }],
    [
      'variables that Terragrunt names',
      {
        'infra/main.tf': module,
        'env/prod.tfvars': 'purge = false',
        'terragrunt.hcl': 'terraform {\n  extra_arguments "v" {\n    required_var_files = ["x"]\n  }\n}',
      },
    ],
  ])('%s count for no other one', ([, files]) => {
    expect(verdictsOn(files)).toEqual(['compliant']);
  });

  test('what a document gives the template inside of it, and not its defaults', () => {
    const inner = JSON.parse(template);
    const deployment = { properties: { template: inner, parameters: { purge: { value: false } } } };
    const policy = `{"$schema": "x", "policyRule": {"then": {"deployment": ${JSON.stringify(deployment)}}}}`;
    expect(verdictsOn({ 'policy.json': policy })).toEqual(['nonCompliant']);
  });
});

describe('what is deployed from elsewhere', () => {
  test('a parameter file with a Verified Module is a vault', () => {
    const files = {
      'kv.bicepparam':
        "using 'br/public:avm/res/key-vault/vault:0.11.0'\nparam name = 'kv'\nparam enablePurgeProtection = false\n",
    };
    expect(verdictsOn(files)).toEqual(['nonCompliant']);
    expect(missingFrom(files)).toEqual([]);
    const extended = {
      'base.bicepparam': 'using none\nparam enablePurgeProtection = false\n',
      'kv.bicepparam':
        "using 'br:contoso.azurecr.io/bicep/avm/res/key-vault/vault:0.11.0'\nextends 'base.bicepparam'\nparam name = 'kv'\n",
    };
    expect(verdictsOn(extended)).toEqual(['nonCompliant']);
  });

  test.for<readonly [string, Files, readonly string[]]>([
    ['a template spec', { 'kv.bicepparam': "using 'ts:s/rg/kv:1'\n" }, ['ts:s/rg/kv:1']],
    ['a file out of the checkout', { 'kv.bicepparam': "using '../main.bicep'\n" }, ['../main.bicep']],
    ['a file that is not there', { 'kv.bicepparam': "using 'main.bicep'\n" }, ['main.bicep']],
    ['a computed source', { 'main.tf': 'module "kv" {\n  source = var.source\n}\n' }, ['module.kv']],
    [
      'a computed source as text',
      { 'main.tf': 'module "kv" {\n  source = "${local.root}/kv"\n}\n' },
      ['module.kv'],
    ],
    ['no template', { 'base.bicepparam': 'using none\nparam purge = false\n' }, []],
    [
      'another Verified Module',
      { 'st.bicepparam': "using 'br/public:avm/res/storage/storage-account:0.1.0'\n" },
      [],
    ],
  ])('%s', ([, files, missing]) => {
    expect(missingFrom(files)).toEqual(missing);
  });

  test.for<readonly [Files, string]>([
    [{ 'main.tf': 'module "m" {\n  source = "Azure/keyvault/azurerm"\n}\n' }, 'Azure/keyvault/azurerm'],
    [
      { 'main.tf': 'module "m" {\n  source = "git@example.org:team/tf-kv.git"\n}\n' },
      'git@example.org:team/tf-kv.git',
    ],
    [
      { 'main.tf.json': '{"module":{"m":{"source":"app.terraform.io/team/key-vault/azurerm"}}}' },
      'app.terraform.io/team/key-vault/azurerm',
    ],
    [
      { 'main.bicep': "module m 'br:x.azurecr.io/bicep/key-vault:1' = { name: 'm' }\n" },
      'br:x.azurecr.io/bicep/key-vault:1',
    ],
    [{ 'main.bicep': "module m 'br/team:managed-hsm:1' = { name: 'm' }\n" }, 'br/team:managed-hsm:1'],
    [{ 'kv.bicepparam': "using 'br:x.azurecr.io/bicep/keyvault:1'\n" }, 'br:x.azurecr.io/bicep/keyvault:1'],
    [
      { 'live/terragrunt.hcl': 'terraform {\n  source = "git::https://example.org/keyvault.git"\n}\n' },
      'git::https://example.org/keyvault.git',
    ],
  ])('a module from elsewhere that says it makes a vault: %j', ([files, missing]) => {
    expect(missingFrom(files)).toEqual([missing]);
  });

  test.for<Files>([
    { 'main.tf': 'module "m" {\n  source = "Azure/naming/azurerm"\n}\n' },
    { 'main.tf': 'module "m" {\n  source = "hashicorp/vault/aws"\n}\n' },
    { 'main.bicep': "module m 'br/public:avm/res/key-vault/vault/secret:0.1.0' = { name: 'm' }\n" },
    { 'main.bicep': "module m 'br/team:network:1' = { name: 'm' }\n" },
    { 'live/terragrunt.hcl': 'terraform {\n  source = "git::https://example.org/network.git"\n}\n' },
  ])('any other module from elsewhere is not seen: %j', (files) => {
    expect(missingFrom(files)).toEqual([]);
  });

  test('variables of Terraform that differ in letter case alone are not told apart', () => {
    const variables = 'variable "purge" { default = false }\nvariable "Purge" { default = true }\n';
    const files = { 'main.tf': variables + terraformVault('  purge_protection_enabled = var.purge') };
    expect(verdictsOn(files)).toEqual(['unknown']);
  });

  test.for([
    'git::https://github.com/Azure/terraform-azurerm-avm-res-keyvault-vault?ref=v0.10.2',
    'git@github.com:Azure/terraform-azurerm-avm-res-keyvault-vault.git',
    'github.com/Azure/terraform-azurerm-avm-res-keyvault-vault',
  ])('the Verified Module of Terraform by its repository: %s', (source) => {
    const off = `module "kv" {\n  source = "${source}"\n  purge_protection_enabled = false\n}\n`;
    expect(verdictsOn({ 'main.tf': off })).toEqual(['nonCompliant']);
  });

  test('the JSON of Terraform may be a list of bodies', () => {
    const body = { resource: { azurerm_key_vault: { kv: { name: 'kv', purge_protection_enabled: false } } } };
    expect(verdictsOn({ 'main.tf.json': JSON.stringify([{ locals: {} }, body]) })).toEqual(['nonCompliant']);
  });
});

describe('Terragrunt', () => {
  const module = terraformVault(
    '  purge_protection_enabled = var.purge',
    'variable "purge" { default = true }',
  );
  const unit = (terraform: string, more = ''): Files => ({
    'live/terragrunt.hcl': `terraform {\n  source = "../modules/kv"\n${terraform}\n}\n${more}\n`,
    'modules/kv/main.tf': module,
  });
  const extra = (more: string): string =>
    `  extra_arguments "x" {\n    commands = ["apply"]\n    ${more}\n  }`;

  test.for<readonly [string, string, string]>([
    ['a variable of the environment', 'env_vars = { TF_VAR_purge = "false" }', 'nonCompliant'],
    [
      'a variable of the environment that is not known',
      'env_vars = { TF_VAR_purge = get_env("P") }',
      'unknown',
    ],
    ['an environment that is not known', 'env_vars = merge({}, run_cmd("x"))', 'unknown'],
    ['a variable of the command line', 'arguments = ["-var", "purge=false"]', 'nonCompliant'],
    ['a variable of the command line, in one', 'arguments = ["-var=purge=false"]', 'nonCompliant'],
    ['a file of the command line', 'arguments = ["-var-file=x.tfvars"]', 'unknown'],
    ['arguments that are not known', 'arguments = run_cmd("x")', 'unknown'],
    ['other arguments', 'arguments = ["-lock-timeout=20m"]\n    env_vars = { TF_LOG = "x" }', 'compliant'],
  ])('%s', ([, arguments_, verdict]) => {
    expect(verdictsOn(unit(extra(arguments_)))).toEqual([verdict]);
  });

  test.for<readonly [string, string, string]>([
    ['inputs that are not known', 'inputs = yamldecode(run_cmd("x"))', 'unknown'],
    ['inputs of which a part is not known', 'inputs = merge(local.unknown, { other = 1 })', 'unknown'],
    ['inputs that are all known', 'inputs = merge({ x = 1 }, { other = 1 })', 'compliant'],
  ])('%s', ([, inputs, verdict]) => {
    expect(verdictsOn(unit('', inputs))).toEqual([verdict]);
  });

  test.for<readonly [string, string, readonly string[]]>([
    ['a module that is not there', 'terraform {\n  source = "../modules/kv"\n}', ['../modules/kv']],
    ['a module out of the checkout', 'terraform {\n  source = "../../kv"\n}', ['../../kv']],
    [
      'code that it generates',
      'generate "x" {\n  path = "x.tf"\n  contents = <<EOF\nmodule "kv" {\n  source = "x"\n}\nEOF\n}',
      ['generate'],
    ],
    [
      'a vault that it generates',
      'generate "x" {\n  path = "x.tf"\n  contents = <<EOF\nresource "azurerm_key_vault" "kv" {}\nEOF\n}',
      ['generate'],
    ],
    [
      'a provider that it generates',
      'generate "x" {\n  path = "x.tf"\n  contents = <<EOF\nprovider "azurerm" {\n  features {}\n}\nEOF\n}',
      [],
    ],
  ])('%s', ([, text, missing]) => {
    const files = { 'live/terragrunt.hcl': text, 'other/main.tf': terraformVault('') };
    expect(missingFrom(files)).toEqual(missing);
  });
});
