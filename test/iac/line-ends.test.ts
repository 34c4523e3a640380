import { describe, expect, test } from 'vitest';

import { anchorOf, declarationsOf, namesOf } from './declarations.ts';

function terraformNames(before: string, name: string): readonly string[] {
  return namesOf({ 'main.tf': `${before}\nresource "azurerm_key_vault" "v" {\n${name}\n}\n` });
}

test.for<readonly [string, string, string, readonly string[]]>([
  [
    'a comprehension with every part on a line of its own',
    'locals {\n  l = [for\n k,\n v\n in\n { a = "x" }\n :\n "${k}-${v}"\n if\n v != ""\n ]\n}',
    'name = "kv-pay-${local.l[0]}"',
    ['kv-pay-a-x'],
  ],
  [
    'an operator that begins or ends a line in parentheses',
    'locals {\n  a = (\n true\n ?\n "pay"\n :\n "pay"\n )\n}',
    'name = "kv-${local.a}"',
    ['kv-pay'],
  ],
  [
    'a minus that begins a line in a list',
    'locals {\n  a = [1\n - 1, "pay"]\n}',
    'name = "kv-${local.a[1]}"',
    ['kv-pay'],
  ],
  [
    'a member that begins a line',
    'locals {\n  a = ({ n = "pay" }\n .n)\n}',
    'name = "kv-${local.a}"',
    ['kv-pay'],
  ],
  [
    'an interpolation over lines',
    'locals {\n  a = "pay"\n}',
    'name = "kv-${\n lower(\n local.a\n )\n }"',
    ['kv-pay'],
  ],
  [
    'numbers with exponents',
    'locals {\n  n = [1e3, 2.5E-3, -1]\n}',
    'name = "kv-pay-${local.n[0]}"',
    ['kv-pay-1000'],
  ],
  ['a number below zero', 'locals {\n  n = -1\n}', 'name = "kv-pay${local.n}"', ['kv-pay-1']],
  ['indexes of old', 'locals {\n  n = [["pay"]]\n}', 'name = "kv-${local.n.0.0}"', ['kv-pay']],
  [
    'a string of one interpolation',
    'locals {\n  m = { n = "pay" }\n}',
    'for_each = "${local.m}"\nname = "kv-${each.value}"',
    ['kv-pay'],
  ],
  ['a function of a provider', '', 'name = "kv-pay-${provider::text::upper("x")}"', ['kv-pay-*']],
  ['a function of the language by its full name', '', 'name = "kv-${core::lower("PAY")}"', ['kv-pay']],
])('Terraform: %s', ([, before, name, expected]) => {
  expect(terraformNames(before, name)).toEqual(expected);
});

describe('here documents', () => {
  test.for<readonly [string, string, readonly string[]]>([
    ['with its line end', 'name = <<EOT\nkv-pay\nEOT\n', ['kv-pay\n']],
    ['without it', 'name = chomp(<<EOT\nkv-pay\nEOT\n)', ['kv-pay']],
    ['with CRLF', 'name = trimspace(<<EOT\r\nkv-pay\r\nEOT\r\n)', ['kv-pay']],
    ['with code', 'name = trimspace(<<-EOT\n    kv-${lower("PAY")}\n  EOT\n  )', ['kv-pay']],
    ['with an escape and a quote', 'name = trimspace(<<-EOT\n  kv-$${a}"\\n"\n  EOT\n  )', ['kv-${a}"\\n"']],
    [
      'indented, over lines',
      'name = replace(trimspace(<<-EOT\n    kv-\n      pay\n    EOT\n  ), "\\n", "")',
      ['kv-  pay'],
    ],
    ['one in the code of another', 'name = trimspace(<<A\nkv-${trimspace(<<B\npay\nB\n)}\nA\n)', ['kv-pay']],
    ['with a directive', 'name = trimspace(<<A\nkv-%{ if true }pay%{ endif }\nA\n)', ['kv-*pay*']],
  ])('%s', ([, name, expected]) => {
    expect(terraformNames('', name)).toEqual(expected);
  });

  test('that never end cost their own statement', () => {
    const good = 'resource "azurerm_key_vault" "v" {\n  name = "kv-payments"\n}\n';
    const read = declarationsOf({ 'main.tf': `${good}locals {\n  a = <<EOT\n  b\n` });
    expect(anchorOf(read, { name: 'kv-payments' })).toBe('main.tf:1');
    expect(read.problems).toHaveLength(1);
  });

  test('what follows one keeps its line', () => {
    const text =
      'locals {\n  a = <<EOT\n  ${"x"}\n  y\n  EOT\n}\nresource "azurerm_key_vault" "v" {\n  name = "kv-payments"\n}\n';
    expect(anchorOf(declarationsOf({ 'main.tf': text }), { name: 'kv-payments' })).toBe('main.tf:7');
  });
});

test.for([
  [
    'a child with a condition on the next line',
    "resource s 'secrets' =\n    if (a) {\n      name: 'a'\n    }",
  ],
  ['a condition over lines', "resource s 'secrets' = if (\n    a\n  ) {\n    name: 'a'\n  }"],
  ['a loop on the next line', "resource s 'secrets' =\n    [for x in [1]: {\n      name: 'a'\n    }]"],
  ['a decorated child', "@description('x')\n  resource s 'secrets' =\n    if (a) {\n      name: 'a'\n    }"],
  [
    'a child of a child',
    "resource s 'secrets' =\n    if (a) {\n      name: 'a'\n      resource t 'x' =\n        if (a) { name: 'b' }\n    }",
  ],
  ['an existing child', "resource s 'secrets' existing =\n    {\n      name: 'a'\n    }"],
])('Bicep: %s does not cost its parent', ([, child]) => {
  const text = `param a bool\nresource v 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv-payments'\n\n  ${child}\n}\n`;
  const read = declarationsOf({ 'main.bicep': text });
  expect(read.problems).toEqual([]);
  expect(anchorOf(read, { name: 'kv-payments' })).toBe('main.bicep:2');
});

test.for([
  ['tests/unit/main.tf', '../..', 'main.tf:2'],
  ['Examples/a/main.tf', '../../', 'main.tf:2'],
  ['e2e/main.tf', '..', 'main.tf:2'],
  ['live/main.tf', '..', 'none'],
  ['latest/main.tf', '..', 'none'],
] as const)('a module that %s calls is deployed in its own right, or not: %s', ([caller, source, place]) => {
  const files = {
    'main.tf':
      'variable "env" {}\nresource "azurerm_key_vault" "v" {\n  name = "kv-payments-${var.env}"\n}\n',
    [caller]: `module "x" {\n  source = "${source}"\n  env = "ci"\n}\n`,
  };
  expect(anchorOf(declarationsOf(files), { name: 'kv-payments-prod' })).toBe(place);
});

test('a template that is called inside the folder of its own tests is not deployed by itself', () => {
  const files = {
    'tests/vault.bicep':
      "param env string\nresource v 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv-payments-${env}'\n}\n",
    'tests/main.bicep': "module v 'vault.bicep' = {\n  params: { env: 'ci' }\n}\n",
  };
  expect(anchorOf(declarationsOf(files), { name: 'kv-payments-prod' })).toBe('none');
  expect(anchorOf(declarationsOf(files), { name: 'kv-payments-ci' })).toBe('tests/vault.bicep:2');
});
