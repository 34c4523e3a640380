import { describe, expect, test } from 'vitest';
import { anchorOf, declarationsOf } from './declarations.ts';

const here = '11111111-1111-4111-8111-111111111111';
const elsewhere = '99999999-1111-4111-8111-aaaaaaaaaaaa';

type Files = Readonly<Record<string, string>>;

/** A vault in Terraform, with more attributes after its name. */
function vault(more = ''): string {
  return `resource "azurerm_key_vault" "v" {\n  name = "kv-payments"\n${more}}\n`;
}

function provider(subscription: string, more = '', name = 'azurerm'): string {
  return `provider "${name}" {\n  subscription_id = ${subscription}\n${more}}\n`;
}

/** True where the vault of that name in `here` is shown on its declaration. */
function isShown(files: Files): boolean {
  return anchorOf(declarationsOf(files), { name: 'kv-payments', subscription: here }) !== 'none';
}

/** Whether the code is shown if it names the vault's own subscription, in capitals too, and if it names another. */
function shownFor(filesFor: (subscription: string) => Files): readonly boolean[] {
  return [here, here.toUpperCase(), elsewhere].map((subscription) => isShown(filesFor(subscription)));
}

const decided = [true, true, false];

const hub = '  alias = "hub"\n';
const module = (source: string, more = ''): string => `module "m" {\n  source = "${source}"\n${more}}\n`;

describe('the subscription of a Terraform provider decides', () => {
  test.for<readonly [string, (subscription: string) => Files]>([
    ['written in the provider', (to) => ({ 'main.tf': provider(`"${to}"`) + vault() })],
    ['in a file of its own', (to) => ({ 'main.tf': vault(), 'providers.tf': provider(`"${to}"`) })],
    ['in OpenTofu', (to) => ({ 'main.tofu': provider(`"${to}"`) + vault() })],
    [
      'in a local',
      (to) => ({ 'main.tf': `locals {\n  sub = "${to}"\n}\n${provider('local.sub')}${vault()}` }),
    ],
    [
      'in a variable that terraform.tfvars sets',
      (to) => ({
        'main.tf': `variable "sub" {}\n${provider('var.sub')}${vault()}`,
        'terraform.tfvars': `sub = "${to}"\n`,
      }),
    ],
    [
      'of an alias that the vault names',
      (to) => ({
        'main.tf':
          provider(`"${to === here ? elsewhere : here}"`) +
          provider(`"${to}"`, hub) +
          vault('  provider = azurerm.hub\n'),
      }),
    ],
    [
      'of an alias in quotes',
      (to) => ({ 'main.tf': provider(`"${to}"`, hub) + vault('  provider = "azurerm.hub"\n') }),
    ],
    [
      'under a local name',
      (to) => ({ 'main.tf': provider(`"${to}"`, '', 'az') + vault('  provider = az\n') }),
    ],
    [
      'inherited by a module',
      (to) => ({ 'main.tf': provider(`"${to}"`) + module('./vault'), 'vault/main.tf': vault() }),
    ],
    [
      'inherited through two modules',
      (to) => ({
        'main.tf': provider(`"${to}"`) + module('./team'),
        'team/main.tf': module('../vault'),
        'vault/main.tf': vault(),
      }),
    ],
    [
      'passed to a module as its default',
      (to) => ({
        'main.tf':
          provider(`"${to}"`, hub) + module('./vault', '  providers = {\n    azurerm = azurerm.hub\n  }\n'),
        'vault/main.tf': vault(),
      }),
    ],
    [
      'passed to a module under an alias',
      (to) => ({
        'main.tf':
          provider(`"${to}"`) + module('./vault', '  providers = {\n    azurerm.target = azurerm\n  }\n'),
        'vault/main.tf': vault('  provider = azurerm.target\n'),
      }),
    ],
    [
      'of a module that is called with it',
      (to) => ({
        'main.tf': module('./vault', `  sub = "${to}"\n`),
        'vault/main.tf': `variable "sub" {}\n${provider('var.sub')}${vault()}`,
      }),
    ],
    [
      'in JSON',
      (to) => ({
        'main.tf.json': JSON.stringify({
          provider: { azurerm: [{ features: {} }, { alias: 'hub', subscription_id: to }] },
          module: { m: { source: './vault', providers: { azurerm: 'azurerm.hub' } } },
        }),
        'vault/main.tf': vault(),
      }),
    ],
    [
      'of each instance in OpenTofu',
      (to) => ({
        'main.tofu':
          provider('each.value', `  alias = "by"\n  for_each = { a = "${to}" }\n`) +
          vault('  provider = azurerm.by["a"]\n'),
      }),
    ],
    [
      'of the Azure Verified Module',
      (to) => ({
        'main.tf':
          provider(`"${to}"`, hub) +
          'module "kv" {\n  source = "Azure/avm-res-keyvault-vault/azurerm"\n  name = "kv-payments"\n  providers = {\n    azurerm = azurerm.hub\n  }\n}\n',
      }),
    ],
  ])('%s', ([, filesFor]) => {
    expect(shownFor(filesFor)).toEqual(decided);
  });
});

describe('azapi', () => {
  const azapi = (more: string): string =>
    `resource "azapi_resource" "v" {\n  type = "Microsoft.KeyVault/vaults@2023-07-01"\n  name = "kv-payments"\n${more}}\n`;
  const group = (more = ''): string =>
    `resource "azurerm_resource_group" "main" {\n  name = "rg-platform"\n${more}}\n`;
  test.for<readonly [string, (subscription: string) => Files]>([
    [
      'a parent that is written',
      (to) => ({ 'main.tf': azapi(`  parent_id = "/subscriptions/${to}/resourceGroups/rg-platform"\n`) }),
    ],
    [
      'a parent that is put together',
      (to) => ({
        'main.tf': `locals {\n  sub = "${to}"\n}\nvariable "rg" {}\n${azapi('  parent_id = "/subscriptions/${local.sub}/resourceGroups/${var.rg}"\n')}`,
      }),
    ],
    [
      'a group of azurerm',
      (to) => ({
        'main.tf': provider(`"${to}"`) + group() + azapi('  parent_id = azurerm_resource_group.main.id\n'),
      }),
    ],
    [
      'a group of azurerm under an alias',
      (to) => ({
        'main.tf':
          provider(`"${to}"`, hub) +
          group('  provider = azurerm.hub\n') +
          azapi('  parent_id = azurerm_resource_group.main.id\n'),
      }),
    ],
    ['its own provider', (to) => ({ 'main.tf': provider(`"${to}"`, '', 'azapi') + azapi('') })],
  ])('%s decides', ([, filesFor]) => {
    expect(shownFor(filesFor)).toEqual(decided);
  });

  test('its provider does not where the parent may be anywhere', () => {
    const code = `variable "parent" {}\n${provider(`"${elsewhere}"`, '', 'azapi')}${azapi('  parent_id = var.parent\n')}`;
    expect(isShown({ 'main.tf': code })).toBe(true);
  });
});

describe('Terragrunt generates the provider', () => {
  const generate = (subscription: string): string =>
    `generate "provider" {\n  path = "provider.tf"\n  if_exists = "overwrite"\n  contents = <<EOF\nprovider "azurerm" {\n  features {}\n  subscription_id = "${subscription}"\n}\nEOF\n}\n`;
  const source = 'terraform {\n  source = "../../modules//vault"\n}\n';
  const root = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n';
  test.for<readonly [string, (subscription: string) => Files]>([
    ['in the unit', (to) => ({ 'live/vault/terragrunt.hcl': source + generate(to) })],
    [
      'in a file that it includes',
      (to) => ({ 'live/root.hcl': generate(to), 'live/vault/terragrunt.hcl': root + source }),
    ],
    [
      'from a local of the folder',
      (to) => ({
        'live/root.hcl': `locals {\n  of = read_terragrunt_config(find_in_parent_folders("sub.hcl"))\n}\n${generate('${local.of.locals.id}')}`,
        'live/sub.hcl': `locals {\n  id = "${to}"\n}\n`,
        'live/vault/terragrunt.hcl': root + source,
      }),
    ],
    [
      'in place of the one of the module',
      (to) => ({
        'modules/vault/provider.tf': provider(`"${to === here ? elsewhere : here}"`),
        'live/vault/terragrunt.hcl': source + generate(to),
      }),
    ],
  ])('%s', ([, filesFor]) => {
    const withModule = (to: string): Files => ({ 'modules/vault/main.tf': vault(), ...filesFor(to) });
    expect(declarationsOf(withModule(here)).problems).toEqual([]);
    expect(shownFor(withModule)).toEqual(decided);
  });

  const environment = (to: string, label = 'sub'): string =>
    `  extra_arguments "${label}" {\n    commands = ["apply"]\n    env_vars = {\n      ARM_SUBSCRIPTION_ID = "${to}"\n    }\n  }\n`;
  const sourceWith = (more: string): string => source.replace(/\}\n$/, `${more}}\n`);
  test.for<readonly [string, (subscription: string) => Files]>([
    ['the unit', (to) => ({ 'live/vault/terragrunt.hcl': sourceWith(environment(to)) })],
    [
      'a file that it includes',
      (to) => ({
        'live/root.hcl': `terraform {\n${environment(to)}}\n`,
        'live/vault/terragrunt.hcl': root + source,
      }),
    ],
    [
      'the unit, in place of the file that it includes',
      (to) => ({
        'live/root.hcl': `terraform {\n${environment(to === here ? elsewhere : here)}}\n`,
        'live/vault/terragrunt.hcl': root + sourceWith(environment(to)),
      }),
    ],
    [
      'the unit, and not where a provider says otherwise',
      (to) => ({
        'modules/vault/provider.tf': provider(`"${to}"`),
        'live/vault/terragrunt.hcl': sourceWith(environment(to === here ? elsewhere : here)),
      }),
    ],
  ])('or the environment is set by %s', ([, filesFor]) => {
    const withModule = (to: string): Files => ({ 'modules/vault/main.tf': vault(), ...filesFor(to) });
    expect(declarationsOf(withModule(here)).problems).toEqual([]);
    expect(shownFor(withModule)).toEqual(decided);
  });

  test('and what is not known of it decides nothing', () => {
    const files = { 'live/vault/terragrunt.hcl': source + generate('${get_env("SUB")}') };
    expect(isShown({ 'modules/vault/main.tf': vault(), ...files })).toBe(true);
  });
});

describe('nothing is decided by', () => {
  test.for<readonly [string, Files]>([
    [
      'a provider without a subscription',
      { 'main.tf': `provider "azurerm" {\n  features {}\n}\n${vault()}` },
    ],
    ['a subscription that is null', { 'main.tf': provider('null') + vault() }],
    ['a variable', { 'main.tf': `variable "sub" {}\n${provider('var.sub')}${vault()}` }],
    [
      'the default of a variable, which may be given',
      { 'main.tf': `variable "sub" {\n  default = "${elsewhere}"\n}\n${provider('var.sub')}${vault()}` },
    ],
    ['a placeholder', { 'main.tf': provider('"<your subscription id>"') + vault() }],
    ['a token of a pipeline', { 'main.tf': provider('"#{SUBSCRIPTION_ID}#"') + vault() }],
    ['zeros', { 'main.tf': provider('"00000000-0000-0000-0000-000000000000"') + vault() }],
    ['another provider', { 'main.tf': provider(`"${elsewhere}"`, '', 'azuread') + vault() }],
    ['an alias that the vault does not name', { 'main.tf': provider(`"${elsewhere}"`, hub) + vault() }],
    [
      'an alias, in a module that it is not passed to',
      {
        'main.tf': provider(`"${elsewhere}"`, hub) + module('./vault'),
        'vault/main.tf': vault('  provider = azurerm.hub\n'),
      },
    ],
    [
      'the default, in a module that is passed others',
      {
        'main.tf':
          provider(`"${elsewhere}"`) +
          provider(`"${here}"`, hub) +
          module('./vault', '  providers = { azurerm = azurerm.hub }\n'),
        'vault/main.tf': vault(),
      },
    ],
    [
      'the subscription of the state',
      {
        'main.tf': `terraform {\n  backend "azurerm" {\n    subscription_id = "${elsewhere}"\n  }\n}\n${vault()}`,
      },
    ],
    [
      'a placeholder in Bicep',
      {
        'main.bicep': "module m 'm.bicep' = {\n  scope: resourceGroup('<subscription>', 'rg-platform')\n}\n",
        'm.bicep': "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv-payments'\n}\n",
      },
    ],
  ])('%s', ([, files]) => {
    expect(isShown(files)).toBe(true);
  });
});
