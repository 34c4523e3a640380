import { describe, expect, test } from 'vitest';
import { anchorOf, declarationsOf } from './declarations.ts';

type Files = Readonly<Record<string, string>>;

const terraform = `variable "name" {
  default = "kv-default"
}
resource "azurerm_key_vault" "v" {
  name = var.name
}
`;

const bicep = `param name string = 'kv-default'
resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
}
`;

const arm = JSON.stringify({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: { name: { type: 'string', defaultValue: 'kv-default' } },
  resources: [{ type: 'Microsoft.KeyVault/vaults', name: "[parameters('name')]" }],
});

function isShown(files: Files, name: string): boolean {
  return anchorOf(declarationsOf(files), { name }) !== 'none';
}

/** Which of the two is shown: a vault of the default's name, and one of the name that is given instead. */
function shown(files: Files, name = 'kv-given'): readonly boolean[] {
  return [isShown(files, 'kv-default'), isShown(files, name)];
}

const onlyGiven = [false, true];

describe('a file of variables that is always loaded replaces defaults', () => {
  test.for([
    ['terraform.tfvars', 'name = "kv-given"\n'],
    ['terraform.tfvars.json', '{ "name": "kv-given" }'],
    ['team.auto.tfvars', 'name = "kv-given"\n'],
    ['team.auto.tfvars.json', '{ "name": "kv-given" }'],
  ])('%s', ([file = '', text = '']) => {
    expect(shown({ 'main.tf': terraform, [file]: text }, 'kv-given')).toEqual(onlyGiven);
    expect(shown({ 'infra/main.tofu': terraform, [`infra/${file}`]: text }, 'kv-given')).toEqual(onlyGiven);
  });

  const values = (name: string): string => `name = "${name}"\n`;
  test.for<readonly [string, Files]>([
    [
      'JSON outranks HCL',
      { 'terraform.tfvars': values('kv-other'), 'terraform.tfvars.json': '{ "name": "kv-given" }' },
    ],
    [
      'any other name outranks both',
      { 'a.auto.tfvars': values('kv-given'), 'terraform.tfvars': values('kv-other') },
    ],
    [
      'of the others the last by name wins',
      {
        'b.auto.tfvars': values('kv-given'),
        'a.auto.tfvars.json': '{ "name": "kv-other" }',
        'a.auto.tfvars': values('kv-third'),
      },
    ],
  ])('%s', ([, files]) => {
    expect(shown({ 'main.tf': terraform, ...files }, 'kv-given')).toEqual(onlyGiven);
    expect(isShown({ 'main.tf': terraform, ...files }, 'kv-other')).toBe(false);
  });

  test('and a file that has to be named lies over them', () => {
    const files = {
      'main.tf': terraform
        .replace('var.name', '"kv-${var.team}-${var.stage}"')
        .concat('variable "team" {}\nvariable "stage" {}\n'),
      'terraform.tfvars': 'team = "orchard"\nstage = "test"\n',
      'env/prod.tfvars': 'stage = "prod"\n',
    };
    expect(isShown(files, 'kv-orchard-test')).toBe(true);
    expect(isShown(files, 'kv-orchard-prod')).toBe(true);
    expect(isShown(files, 'kv-orchard-other')).toBe(false);
  });

  test('a module is called with what its caller gives, and loads no file', () => {
    const files = {
      'main.tf': 'module "m" {\n  source = "./vault"\n  name = "kv-called"\n}\n',
      'vault/main.tf': terraform,
      'terraform.tfvars': values('kv-given'),
    };
    expect(isShown(files, 'kv-called')).toBe(true);
    expect(isShown(files, 'kv-default')).toBe(false);
    expect(isShown(files, 'kv-given')).toBe(false);
  });

  test('without a value for it the default counts', () => {
    expect(isShown({ 'main.tf': terraform, 'terraform.tfvars': 'team = "a"\n' }, 'kv-default')).toBe(true);
    expect(isShown({ 'main.tf': terraform, 'prod.tfvars': values('kv-given') }, 'kv-default')).toBe(true);
  });
});

describe('Terragrunt', () => {
  const source = 'terraform {\n  source = "../../modules/vault"\n}\n';
  const files = {
    'modules/vault/main.tf': terraform,
    'live/vault/terragrunt.hcl': `${source}inputs = {\n  name = "kv-given"\n}\n`,
  };
  test('gives its inputs in place of the defaults', () => {
    expect(shown(files, 'kv-given')).toEqual(onlyGiven);
  });
  test.for(['modules/vault/terraform.tfvars', 'live/vault/x.auto.tfvars'])('is outranked by %s', (file) => {
    const outranked = { ...files, [file]: 'name = "kv-loaded"\n' };
    expect(shown(outranked, 'kv-loaded')).toEqual(onlyGiven);
    expect(isShown(outranked, 'kv-given')).toBe(false);
  });
});

describe('files of variables that Terragrunt names', () => {
  const unit = (files: string): string =>
    `terraform {\n  source = "../../modules/vault"\n  extra_arguments "vars" {\n    commands = get_terraform_commands_that_need_vars()\n${files}  }\n}\ninputs = {\n  name = "kv-input"\n}\n`;
  test.for([
    [
      'a required one',
      '    required_var_files = ["${get_terragrunt_dir()}/../team.tfvars"]\n',
      'live/team.tfvars',
    ],
    [
      'one of a folder above',
      '    required_var_files = [find_in_parent_folders("team.tfvars")]\n',
      'team.tfvars',
    ],
    [
      'an optional one, over one that is required',
      '    optional_var_files = ["b.tfvars", "missing.tfvars"]\n    required_var_files = ["a.tfvars"]\n',
      'live/vault/b.tfvars',
    ],
  ])('%s', ([, named = '', file = '']) => {
    const files = {
      'modules/vault/main.tf': terraform,
      'modules/vault/terraform.tfvars': 'name = "kv-loaded"\n',
      'live/vault/a.tfvars': 'name = "kv-other"\n',
      [file]: 'name = "kv-given"\n',
      'live/vault/terragrunt.hcl': unit(named),
    };
    expect(declarationsOf(files).problems).toEqual([]);
    expect(shown(files)).toEqual(onlyGiven);
    expect(isShown(files, 'kv-input')).toBe(false);
    expect(isShown(files, 'kv-other')).toBe(false);
  });
});

describe('a Bicep file with a parameter file of its own name', () => {
  const given = "using 'main.bicep'\nparam name = 'kv-given'\n";
  test('is deployed with that', () => {
    expect(shown({ 'main.bicep': bicep, 'main.bicepparam': given }, 'kv-given')).toEqual(onlyGiven);
    const extending = {
      'main.bicep': bicep,
      'base.bicepparam': "using none\nparam name = 'kv-given'\n",
      'main.bicepparam': "using 'main.bicep'\nextends 'base.bicepparam'\n",
    };
    expect(shown(extending)).toEqual(onlyGiven);
  });
  test('keeps the defaults that it does not replace', () => {
    expect(isShown({ 'main.bicep': bicep, 'main.bicepparam': "using 'main.bicep'\n" }, 'kv-default')).toBe(
      true,
    );
  });
  test('has others beside it that use the default', () => {
    const files = {
      'main.bicep': bicep,
      'main.bicepparam': given,
      'prod.bicepparam': "using 'main.bicep'\n",
    };
    expect(isShown(files, 'kv-default')).toBe(true);
  });
  test.for(['prod.bicepparam', 'env/main.bicepparam'])('is no other: %s', (file) => {
    const of = file.startsWith('env/') ? '../main.bicep' : 'main.bicep';
    const files = { 'main.bicep': bicep, [file]: given.replace('main.bicep', of) };
    expect(isShown(files, 'kv-default')).toBe(true);
    expect(isShown(files, 'kv-given')).toBe(true);
  });
});

test('a JSON parameter file is chosen for each deployment: the default may be deployed too', () => {
  const given = JSON.stringify({
    $schema: 'x/deploymentParameters.json#',
    parameters: { name: { value: 'kv-given' } },
  });
  for (const files of [
    { 'azuredeploy.json': arm, 'azuredeploy.parameters.json': given },
    { 'main.bicep': bicep, 'main.parameters.json': given },
  ]) {
    expect(isShown(files, 'kv-default')).toBe(true);
    expect(isShown(files, 'kv-given')).toBe(true);
  }
});
