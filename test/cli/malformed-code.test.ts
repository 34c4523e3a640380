import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { armTemplate, armVault, bicepVault } from './undeployed-cases.ts';
import { run } from './run.ts';

/** A text that is not what its flag takes, and the place and the words of the error. */
type Malformed = readonly [what: string, text: string, at: string, words: string];

const vault = armVault({ enablePurgeProtection: true });
const plan = JSON.stringify({ format_version: '1.2', planned_values: {}, resource_changes: [] });

const templates: readonly Malformed[] = [
  ['an empty file', '', '1:1', 'this is not JSON'],
  ['text', 'a resource vault', '1:1', 'this is not JSON'],
  ['a template that is cut off', vault.slice(0, -20), '', 'expected'],
  ['a missing colon', '{\n  "$schema" "x"\n}', '2:13', 'expected :'],
  ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', '3:3', 'expected , or }'],
  ['a bare word', '{\n  "a": yes\n}', '2:8', 'this is not JSON'],
  ['a string that is not closed', '{\n  "a": "b\n}', '2:8', 'a string is not closed'],
  ['a wrong escape', '{\n  "a": "\\u12"\n}', '2:8', 'begins no character'],
  ['two documents', `${vault}\n{}`, '', 'more than one document stands here'],
  ['a list', '[]', '1:1', 'this is not an ARM template'],
  ['a parameter file', JSON.stringify({ parameters: {} }), '1:1', 'this is not an ARM template'],
  [
    'no resources',
    armTemplate([]).replace('"resources"', '"resource"'),
    '1:1',
    'the template has no resources',
  ],
  [
    'resources as text',
    armTemplate([]).replace('[]', '"none"'),
    '4:3',
    'resources must be a list or an object',
  ],
  ['a resource that is none', armTemplate(['vault']), '4:3', 'a resource must be an object'],
  ['a resource without a type', armTemplate([{ name: 'kv' }]), '5:5', 'a resource has no type'],
  ['a type that is a number', armTemplate([{ type: 1 }]), '5:5', 'the type of a resource must be text'],
  ['a vault without a name', vault.replace('"name": "kv-ledger-qa",', ''), '5:5', 'a vault has no name'],
  ['parameters as a list', armVault({}, { parameters: [] }), '4:3', 'parameters must be an object'],
  [
    'a key that is there twice',
    vault.replace(
      '"enablePurgeProtection": true',
      '"enablePurgeProtection": true, "EnablePurgeProtection": false',
    ),
    '16:40',
    'the key "EnablePurgeProtection" is repeated',
  ],
];

const bicepFiles: readonly Malformed[] = [
  ['a brace that is not closed', bicepVault('').replace(/\}\s*$/, ''), '', 'expected'],
  ['a string that is not closed', "param x string = 'never\n", '', 'not closed'],
  ['another language', 'SELECT * FROM vaults;\n', '1:1', 'this begins no statement'],
  ['a resource without a body', "resource v 'Microsoft.KeyVault/vaults@2023-07-01'\n", '1:50', 'expected ='],
];

const plans: readonly Malformed[] = [
  ['an empty file', '', '1:1', 'the file is empty'],
  ['a plan as Terraform saves it', 'PK\u0003\u0004binary', '1:1', 'in the format of Terraform itself'],
  ['a plan as text', 'Terraform will perform the following actions:\n', '1:1', 'a plan as text'],
  [
    'the log of a plan',
    '{"@level":"info","@message":"Plan: 1 to add"}\n',
    '1:1',
    'the log of terraform plan -json',
  ],
  [
    'a state file',
    JSON.stringify({ version: 4, lineage: 'x', resources: [] }),
    '1:1',
    'this is a state file',
  ],
  [
    'the state as JSON',
    JSON.stringify({ format_version: '1.0', values: {} }),
    '1:1',
    'this is a state, not a plan',
  ],
  ['nothing planned', JSON.stringify({ format_version: '1.0' }), '1:1', 'it holds nothing'],
  ['no version', JSON.stringify({ planned_values: {} }), '1:1', 'it has no format_version'],
  ['a version to come', plan.replace('1.2', '2.0'), '1:1', 'is not known here'],
  [
    'changes that are no list',
    plan.replace('"resource_changes":[]', '"resource_changes":{}'),
    '1:1',
    'must be a list',
  ],
  [
    'values that are no object',
    plan.replace('"planned_values":{}', '"planned_values":[]'),
    '1:1',
    'must be an object',
  ],
  ['a plan that is cut off', plan.slice(0, -2), '1:65', 'this is not JSON'],
];

const tables = [
  ['--template', 'main.json', templates],
  ['--bicep', 'main.bicep', bicepFiles],
  ['--terraform', 'plan.json', plans],
] as const;

describe.for(tables)('%s refuses, with the place', ([flag, file, cases]) => {
  test.for(cases)('%s', async ([, text, at, words]) => {
    const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-malformed-'));
    writeFileSync(join(cwd, file), text);
    const { code, stdout, stderr } = await run(['scan', flag, file, '--no-config'], { cwd });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(new RegExp(`^${file}:${at === '' ? '\\d+:\\d+' : at}  `, 'm'));
    expect([code, stdout]).toEqual([2, '']);
  });
});

test.for([
  ['values.json', '{}', 'it has no object parameters'],
  ['values.json', '{"parameters": ', 'this is not JSON'],
  ['values.bicepparam', 'using main.json\n', 'does not say that it is for'],
] as const)('a parameter file that is none: %s %s', async ([file, text, words]) => {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-malformed-'));
  writeFileSync(join(cwd, 'main.json'), vault);
  writeFileSync(join(cwd, file), text);
  const argv = ['scan', '--template', 'main.json', '--parameters', file, '--no-config'];
  const { code, stdout, stderr } = await run(argv, { cwd });
  expect(stderr).toContain(words);
  expect(stderr).toMatch(new RegExp(`^${file}:1:\\d+  `, 'm'));
  expect([code, stdout]).toEqual([2, '']);
});
