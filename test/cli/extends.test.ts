import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from './run.ts';

const inventory = JSON.stringify([
  {
    id: '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a',
    name: 'kv-a',
    type: 'microsoft.keyvault/vaults',
    location: 'westeurope',
    tags: { env: 'dev' },
    properties: { enablePurgeProtection: true, softDeleteRetentionInDays: 30 },
  },
]);

function folderWith(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-extends-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

async function settingsOf(cwd: string, argv: readonly string[] = []) {
  const { stdout, stderr, code } = await run(['config', 'show', '--output', 'json', ...argv], { cwd });
  if (code !== 0) throw new Error(stderr);
  const { files, settings, parameters, parametersByScope } = JSON.parse(stdout);
  const valuesOf = (key: string): unknown[] =>
    settings.filter((one: { key: string }) => one.key === key).map((one: { value: unknown }) => one.value);
  return { files, settings, parameters, parametersByScope, valuesOf };
}

describe('a configuration that extends others', () => {
  test('is laid over them as flags are over a file', async () => {
    const cwd = folderWith({
      'base/purgeproof.yaml': [
        'subscriptions: [Base]',
        'policies: [rules]',
        'excludeRules: [AKV004]',
        'rules: [AKV001, AKV003, AKV004, ORG001]',
        'parameters: { AKV003: { minimumRetentionDays: 60 } }',
        'severities: { AKV003: low, AKV001: high }',
        'failOn: high',
        'output: [json=base.json]',
        'allowIncomplete: true',
        '',
      ].join('\n'),
      'base/rules/own.yaml': ownRule,
      'purgeproof.yaml': [
        'extends: [base]',
        'managementGroups: [Own]',
        'excludeRules: [ORG001]',
        'parameters: { minimumRetentionDays: 30 }',
        'severities: { soft-delete-retention: critical }',
        'failOn: low',
        '',
      ].join('\n'),
    });
    const { files, valuesOf, parameters } = await settingsOf(cwd);
    expect(files).toEqual(['base/purgeproof.yaml', 'purgeproof.yaml']);
    expect(valuesOf('subscriptions')).toEqual([[]]);
    expect(valuesOf('managementGroups')).toEqual([['Own']]);
    expect(valuesOf('policies')).toEqual(['base/rules']);
    expect(valuesOf('excludeRules')).toEqual(['AKV004', 'ORG001']);
    expect(valuesOf('rules')).toEqual(['AKV001', 'AKV003', 'AKV004', 'ORG001']);
    expect(valuesOf('failOn')).toEqual(['low']);
    expect(valuesOf('allowIncomplete')).toEqual([true]);
    expect(valuesOf('output')).toEqual([['json=base/base.json']]);
    expect(parameters).toContainEqual({
      rule: 'AKV003',
      name: 'minimumRetentionDays',
      value: 30,
      origin: { kind: 'file', file: 'purgeproof.yaml', line: 4, column: 37 },
    });
    const report = await run(['scan', '--inventory', '-', '--output', 'json'], {
      cwd,
      stdin: inventory.replace('30', '7'),
    });
    expect(JSON.parse(report.stdout).findings).toMatchObject([{ ruleId: 'AKV003', severity: 'critical' }]);
  });

  const ownRule = `id: ORG001
name: own
title: Own
severity: low
resourceType: Microsoft.KeyVault/vaults
description: Own.
require: { field: location, exists: true }
examples: { pass: [{ location: westeurope }], fail: [] }
`;

  test('decides between scopes that are the same, and a more specific one decides over all', async () => {
    const scoped = (scope: string, days: number) =>
      `parametersByScope: [{ scope: ${scope}, parameters: { minimumRetentionDays: ${days} } }]\n`;
    const cwd = folderWith({
      'base.yaml': scoped('{ tag: { env: dev } }', 90),
      'purgeproof.yaml': `extends: [base.yaml]\nrules: [AKV003]\n${scoped('{ tag: { env: dev } }', 30)}`,
      'vaults.json': inventory,
    });
    const scan = () => run(['scan', '--inventory', 'vaults.json'], { cwd });
    expect(await scan()).toMatchObject({ code: 0 });
    writeFileSync(join(cwd, 'base.yaml'), scoped('{ name: kv-a }', 90));
    expect(await scan()).toMatchObject({ code: 1 });
  });

  test('may be named by --config, and its paths are relative to each file', async () => {
    const cwd = folderWith({
      'a/own.yaml': 'extends: [../b/base.yaml]\nrules: [AKV003]\n',
      'b/base.yaml': 'exemptions: accepted.yaml\n',
      'b/accepted.yaml':
        'exemptions: [{ rule: AKV003, scope: { name: kv-a }, category: waiver, reason: Why., expiresOn: 2027-01-01 }]\n',
      'vaults.json': inventory,
    });
    const outcome = await run(['scan', '--config', 'a/own.yaml', '--inventory', 'vaults.json'], { cwd });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  });

  test('that several ways lead to is read once, below all that extend it', async () => {
    const cwd = folderWith({
      'purgeproof.yaml': 'extends: [left.yaml, right.yaml]\n',
      'left.yaml': 'extends: [base.yaml]\nfailOn: high\n',
      'right.yaml': 'extends: [base.yaml]\n',
      'base.yaml': 'failOn: critical\nexcludeRules: [AKV004]\n',
    });
    const { files, valuesOf } = await settingsOf(cwd);
    expect(files).toEqual(['base.yaml', 'left.yaml', 'right.yaml', 'purgeproof.yaml']);
    expect(valuesOf('failOn')).toEqual(['high']);
    expect(valuesOf('excludeRules')).toEqual(['AKV004']);
  });

  test('keeps every limit of those below it', async () => {
    const cwd = folderWith({
      'base.yaml': 'deleted: { purge: never }\nwrites: { maxChanges: 3 }\n',
      'purgeproof.yaml': 'extends: [base.yaml]\ndeleted: { purge: allowed }\nwrites: { maxChanges: 30 }\n',
    });
    const { valuesOf } = await settingsOf(cwd);
    expect(valuesOf('deleted.purge')).toEqual(['never']);
    expect(valuesOf('writes.maxChanges')).toEqual([3, 30]);
    const { code, stderr } = await run(['deleted', 'purge', 'kv-a', '--confirm', 'kv-a'], { cwd });
    expect(stderr).toContain('base.yaml:1:12  deleted.purge is never');
    expect(code).toBe(2);
  });

  test('writes no report outside of the folder of the file that was found', async () => {
    const cwd = folderWith({
      'policies/base.yaml': 'output: [json=stray.json]\n',
      'found/purgeproof.yaml': 'extends: [../policies/base.yaml]\n',
      'found/vaults.json': inventory,
    });
    const { code, stderr } = await run(['scan', '--inventory', 'vaults.json'], { cwd: join(cwd, 'found') });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'purgeproof.yaml was found, not named, and would write a report outside its folder: ../policies/stray.json.',
    );
  });
});

describe('extends is refused, with all other mistakes', () => {
  test.for<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'in a circle',
      {
        'purgeproof.yaml': 'extends: [a.yaml]\n',
        'a.yaml': 'extends: [b.yaml]\n',
        'b.yaml': 'extends:\n  - a.yaml\n',
      },
      ['b.yaml:2:5  These extend each other: a.yaml → b.yaml → a.yaml. Leave one of them out.'],
    ],
    [
      'of itself',
      { 'purgeproof.yaml': 'extends: [.]\n' },
      ['purgeproof.yaml:1:11  purgeproof.yaml extends itself. Leave one of them out.'],
    ],
    [
      'where nothing is',
      { 'purgeproof.yaml': 'extends: [gone.yaml, folder]\nfailOn: never\n', 'folder/x.txt': '' },
      [
        'purgeproof.yaml:1:11  Cannot read gone.yaml: there is no such file or folder. Paths in a configuration file are relative to that file.',
        'purgeproof.yaml:1:22  Cannot read folder/purgeproof.yaml: there is no such file or folder.',
        'purgeproof.yaml:2:9  "failOn" must be critical, high, medium or low, not "never"',
      ],
    ],
    [
      'of what is no configuration',
      {
        'purgeproof.yaml': 'extends: [plan.json, base.yaml]\n',
        'plan.json': '{"steps":[],"hash":"x"}',
        'base.yaml': 'failon: low\n',
      },
      [
        'plan.json is a plan, not a configuration',
        'base.yaml:1:1  unknown key "failon". Did you mean failOn?',
      ],
    ],
    [
      'of an address, an absolute path, or a text alone',
      {
        'purgeproof.yaml': 'extends: [https://example.com/x.yaml, /etc/x.yaml, "C:\\\\x.yaml", " ", npm:x]\n',
      },
      [
        'purgeproof.yaml:1:11  item 1 of "extends" must be a path relative to this file, such as ../policies/purgeproof.yaml; nothing is fetched, not "https://example.com/x.yaml"',
        'purgeproof.yaml:1:39  item 2 of "extends"',
        'purgeproof.yaml:1:52  item 3 of "extends"',
        'purgeproof.yaml:1:66  item 4 of "extends"',
        'purgeproof.yaml:1:71  item 5 of "extends"',
      ],
    ],
    [
      'as a text',
      { 'purgeproof.yaml': 'extends: base.yaml\n' },
      ['purgeproof.yaml:1:10  "extends" must be a list'],
    ],
  ])('%s', async ([, files, words]) => {
    const cwd = folderWith({ ...files, 'vaults.json': inventory });
    const { code, stderr } = await run(['scan', '--inventory', 'vaults.json'], { cwd });
    expect(code).toBe(2);
    for (const each of words) expect(stderr).toContain(each);
  });

  test('in a circle of links', async () => {
    const cwd = folderWith({ 'purgeproof.yaml': 'extends: [link]\n', 'vaults.json': '[]' });
    symlinkSync('.', join(cwd, 'link'));
    const { code, stderr } = await run(['scan', '--inventory', 'vaults.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('purgeproof.yaml extends itself.');
  });
});
