import { expect, test } from 'vitest';

import { anchorOf, declarationsOf } from './declarations.ts';

const module = [
  'variable "name" {}',
  'variable "purge" {}',
  'resource "azurerm_key_vault" "v" {',
  '  name = var.name',
  '  purge_protection_enabled = var.purge',
  '}',
  '',
].join('\n');
const files = { 'modules/vault/main.tf': module };
const source = 'terraform {\n  source = "../../../modules//vault"\n}\n';
const named = (name: string): string => `inputs = {\n  name = ${name}\n  purge = false\n}\n`;

test.for<readonly [string, Readonly<Record<string, string>>, string]>([
  [
    'inputs that a file includes',
    {
      'live/root.hcl':
        'locals {\n  team = "pay"\n}\ninputs = {\n  name = "kv-${local.team}"\n  purge = false\n}\n',
      'live/prod/vault/terragrunt.hcl': `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n${source}`,
    },
    'live/root.hcl:6',
  ],
  [
    'an included file without a label, its source and a name of its own',
    {
      'terragrunt.hcl':
        'terraform {\n  source = "${get_parent_terragrunt_dir()}/modules/vault"\n}\ninputs = {\n  name = "kv-other"\n  purge = true\n}\n',
      'live/prod/vault/terragrunt.hcl': `include {\n  path = find_in_parent_folders()\n}\n\n${named('"kv-pay"')}`,
    },
    'live/prod/vault/terragrunt.hcl:7',
  ],
  [
    'locals of another file',
    {
      'live/prod/env.hcl':
        'locals {\n  env = "pay"\n  of = read_terragrunt_config("${get_terragrunt_dir()}/vault/x.hcl")\n}\n',
      'live/prod/vault/terragrunt.hcl': `locals {\n  env = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals.env\n}\n${source}${named('"kv-${local.env}"')}`,
    },
    'live/prod/vault/terragrunt.hcl:9',
  ],
  [
    'locals of an exposed include',
    {
      'live/common.hcl': 'locals {\n  team = basename(get_terragrunt_dir())\n  purge = false\n}\n',
      'live/prod/pay/terragrunt.hcl': `include "c" {\n  path = "\${get_terragrunt_dir()}/../../common.hcl"\n  expose = true\n}\n${source}${named('"kv-${include.c.locals.team}"')}`,
    },
    'live/prod/pay/terragrunt.hcl:10',
  ],
  [
    'a name made of the path',
    {
      'live/root.hcl':
        'inputs = {\n  name = "kv-${split("/", path_relative_to_include())[1]}"\n  purge = false\n}\n',
      'live/prod/pay/terragrunt.hcl': `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n${source}`,
    },
    'live/root.hcl:3',
  ],
  [
    'a module beside the file',
    { 'live/main.tf': module, 'live/terragrunt.hcl': named('"kv-pay"') },
    'live/terragrunt.hcl:3',
  ],
  [
    'inputs that are merged',
    {
      'live/prod/vault/terragrunt.hcl': `locals {\n  common = { purge = true }\n}\n${source}inputs = merge(local.common, {\n  name = "kv-pay"\n  purge = false\n})\n`,
    },
    'live/prod/vault/terragrunt.hcl:9',
  ],
  [
    'settings in YAML',
    {
      'live/settings.yaml': 'vault:\n  name: kv-pay\n',
      'live/prod/vault/terragrunt.hcl': `locals {\n  s = yamldecode(file(find_in_parent_folders("settings.yaml")))\n}\n${source}${named('local.s.vault.name')}`,
    },
    'live/prod/vault/terragrunt.hcl:9',
  ],
  [
    'a default of the environment',
    { 'live/prod/vault/terragrunt.hcl': `${source}${named('get_env("NAME", "kv-pay")')}` },
    'live/prod/vault/terragrunt.hcl:6',
  ],
  [
    'a module of another repository',
    {
      'live/prod/vault/terragrunt.hcl': `terraform {\n  source = "git::https://example.com/modules.git//vault?ref=v1"\n}\n${named('"kv-pay"')}`,
    },
    'none',
  ],
  ['a folder without a module', { 'live/prod/vault/terragrunt.hcl': named('"kv-pay"') }, 'none'],
  [
    'the output of a dependency',
    {
      'live/prod/vault/terragrunt.hcl': `dependency "n" {\n  config_path = "../n"\n  mock_outputs = {\n    name = "kv-pay"\n  }\n}\n${source}${named('dependency.n.outputs.name')}`,
    },
    'none',
  ],
  [
    'what two included files give',
    {
      'a.hcl': 'inputs = {\n  name = "kv-pay"\n  purge = false\n}\n',
      'b.hcl': 'inputs = {\n  name = "kv-ops"\n}\n',
      'live/prod/vault/terragrunt.hcl': `include "a" {\n  path = find_in_parent_folders("a.hcl")\n}\ninclude "b" {\n  path = find_in_parent_folders("b.hcl")\n}\n${source}`,
    },
    'none',
  ],
  [
    'inputs that are not merged',
    {
      'a.hcl': 'inputs = {\n  name = "kv-pay"\n}\n',
      'live/prod/vault/terragrunt.hcl': `include "a" {\n  path = find_in_parent_folders("a.hcl")\n  merge_strategy = "no_merge"\n}\n${source}`,
    },
    'none',
  ],
  [
    'inputs that are merged deeply',
    {
      'a.hcl': 'inputs = {\n  name = "kv-ops"\n}\n',
      'live/prod/vault/terragrunt.hcl': `include "a" {\n  path = find_in_parent_folders("a.hcl")\n  merge_strategy = "deep"\n}\n${source}${named('"kv-pay"')}`,
    },
    'none',
  ],
  [
    'files that read each other',
    {
      'a.hcl': 'locals {\n  n = read_terragrunt_config("b.hcl").locals.n\n}\n',
      'b.hcl': 'locals {\n  n = read_terragrunt_config("a.hcl").locals.n\n}\n',
      'live/prod/vault/terragrunt.hcl': `${source}${named('read_terragrunt_config(find_in_parent_folders("a.hcl")).locals.n')}`,
    },
    'none',
  ],
])('%s', ([, more, place]) => {
  const read = declarationsOf({ ...files, ...more });
  expect(read.problems).toEqual([]);
  expect(anchorOf(read, { name: 'kv-pay' })).toBe(place);
});

test('a file that is not understood is reported, once', () => {
  const broken = 'locals {\n  a = [\n}\n';
  const unit = `include "r" {\n  path = find_in_parent_folders("root.hcl")\n}\n${source}${named('"kv-pay"')}`;
  const read = declarationsOf({
    ...files,
    'root.hcl': broken,
    'live/a/vault/terragrunt.hcl': unit,
    'live/b/vault/terragrunt.hcl': unit,
  });
  expect(read.problems).toMatchObject([{ file: 'root.hcl' }]);
});

test('of settings at several levels the nearest that is there wins', () => {
  const levels = '["global", "account", "region"]';
  const root = [
    'locals {',
    `  of = { for l in ${levels} : l => try(read_terragrunt_config(find_in_parent_folders("\${l}.hcl")), {}) }`,
    `  all = merge({ name = "kv-none" }, [for l in ${levels} : try(coalesce(local.of[l].locals), {})]...)`,
    '}',
    'inputs = merge(local.all, { purge = false })',
    '',
  ].join('\n');
  const read = declarationsOf({
    ...files,
    'root.hcl': root,
    'live/account.hcl': 'locals {\n  name = "kv-account"\n}\n',
    'live/prod/region.hcl': 'locals {\n  name = "kv-region"\n}\n',
    'live/prod/vault/terragrunt.hcl': `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n${source}`,
  });
  expect(read.problems).toEqual([]);
  expect(anchorOf(read, { name: 'kv-region' })).toBe('root.hcl:5');
  expect(anchorOf(read, { name: 'kv-account' })).toBe('none');
  expect(anchorOf(read, { name: 'kv-none' })).toBe('none');
});
