import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanReportFormats } from '../../src/reporters/scan/formats.ts';
import { run } from '../cli/run.ts';
import { cases, scan, vault } from './inventories.ts';

describe('C3 and C12: nothing that can be judged is never a green', () => {
  test('a rule that can never apply is refused where its type stands', async () => {
    const policies = ['--policies', 'C3-rule-nobody-feeds/rules'];
    const only = await scan('C3-rule-nobody-feeds/inventory.json', [...policies, '--no-default-policies']);
    expect(only).toMatchObject({ code: 2, stdout: '' });
    expect(only.stderr).toMatch(
      /rules\/org002\.yaml:5:15 {2}ORG002 never applies: .* not Microsoft\.Storage\/storageAccounts$/m,
    );
    const among = await scan('C3-rule-nobody-feeds/inventory.json', policies);
    expect([among.code, among.stderr]).toEqual([
      1,
      expect.stringContaining('org002.yaml:5:15  ORG002 never applies'),
    ]);
    expect((await scan('C3-rule-nobody-feeds/inventory.json', [...policies, '--quiet'])).stderr).toBe('');
  });

  test.for(Object.keys(scanReportFormats))(
    'among others it is never counted as passed: %s names it',
    async (format) => {
      const argv = ['--policies', 'C3-rule-nobody-feeds/rules', '--output', format];
      const { code, stdout } = await run(
        ['scan', '--inventory', 'C3-rule-nobody-feeds/inventory.json', ...argv],
        { cwd: cases },
      );
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /ORG002[^]*Microsoft\.Storage\/storageAccounts[^]*No source of this scan reads it\./,
      );
    },
  );

  test('of two types, the one that is not read is named, and the other is judged', async () => {
    const both = `id: ORG003
name: tagged
title: It is tagged
severity: low
resourceType: [Microsoft.KeyVault/vaults, Microsoft.Storage/storageAccounts]
description: Somebody owns it.
require: { field: location, exists: true }
`;
    const cwd = await mkdtemp(join(tmpdir(), 'purgeproof-types-'));
    await writeFile(join(cwd, 'both.yaml'), both);
    await writeFile(join(cwd, 'list.json'), JSON.stringify([vault('kv-a')]));
    const argv = ['scan', '--inventory', 'list.json', '--no-default-policies', '--policies', 'both.yaml'];
    const json = JSON.parse((await run([...argv, '--output', 'json'], { cwd })).stdout);
    expect(json.rules[0].notJudged).toEqual([
      { type: 'Microsoft.Storage/storageAccounts', reason: 'No source of this scan reads it.' },
    ]);
    expect((await run(argv, { cwd })).stdout).toContain('1 rule was judged in part.');
    const account = row('Microsoft.Storage/storageAccounts');
    await writeFile(join(cwd, 'list.json'), JSON.stringify([vault('kv-a'), account]));
    expect((await run(argv, { cwd })).stdout).not.toContain('in part');
    await writeFile(
      join(cwd, 'one.yaml'),
      both.replace('ORG003', 'ORG004').replace('Microsoft.KeyVault/vaults, ', ''),
    );
    const judged = await run([...argv, '--policies', 'one.yaml'], { cwd });
    expect([judged.stderr, judged.stdout]).toEqual(['', expect.not.stringContaining('not judged')]);
  });

  const row = (type: string) => {
    const id = `/subscriptions/s/resourceGroups/rg/providers/${type}/x`;
    return { id, name: 'x', type, properties: {} };
  };
  test.for([
    ['deleted vaults', 'C12-list-deleted/inventory.json', '1 of Microsoft.KeyVault/deletedVaults'],
    ['secrets', [row('Microsoft.KeyVault/vaults/secrets')], '1 of Microsoft.KeyVault/vaults/secrets'],
    ['pools', [row('Microsoft.KeyVault/hsmPools')], '1 of Microsoft.KeyVault/hsmPools'],
    ['a list that is none', JSON.stringify({ ...row('a/b'), value: 'x' }), '1 of a/b'],
    [
      'many types',
      'abcdefg'.split('').map((name) => row(`x/${name}`)),
      '1 of x/a, 1 of x/b, 1 of x/c, 1 of x/d, 1 of x/e and 2 more types',
    ],
  ] as const)('only %s', async ([, inventory, named]) => {
    const { code, stderr } = await scan(typeof inventory === 'string' ? inventory : [...inventory]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(named)]);
  });

  test('beside a vault they do no harm, and where more was announced nobody knows', async () => {
    expect((await scan([row('a/b'), vault('kv-a')])).code).toBe(0);
    expect((await scan(JSON.stringify({ value: [row('a/b')], nextLink: 'x' }))).code).toBe(3);
    expect((await scan('[]')).code).toBe(0);
  });
});

describe('C8: sentences count Key Vault resources', () => {
  test.for(['table', 'markdown'])('%s', async (format) => {
    const { stdout } = await run(
      ['scan', '--inventory', 'C8-count-in-words/inventory.json', '--output', format],
      { cwd: cases },
    );
    expect(stdout).toContain('1 finding on 1 of 1 vault');
  });

  test('a clean one too', async () => {
    const other = { id: '/subscriptions/s/x', name: 'x', type: 'a/b', properties: {} };
    const { stdout } = await run(['scan', '--inventory', '-'], {
      cwd: cases,
      stdin: JSON.stringify([vault('kv-a'), other]),
    });
    expect(stdout).toContain('The only vault meets ');
  });
});

describe('C9: two subscriptions of one name', () => {
  const ids = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'];
  test.for(Object.keys(scanReportFormats))('are told apart in %s', async (format) => {
    const { stdout } = await run(
      ['scan', '--inventory', 'C9-two-of-one-name/inventory.json', '--output', format],
      { cwd: cases, terminal: 160 },
    );
    for (const id of ids) expect(stdout).toContain(id);
  });

  test('in any letter case, and one name alone stays as it is', async () => {
    const text = await readFile(join(cases, 'C9-two-of-one-name/inventory.json'), 'utf8');
    const table = async (stdin: string) =>
      (await run(['scan', '--inventory', '-'], { cwd: cases, stdin })).stdout;
    expect(await table(text)).toContain(`Payments (${ids[0]})`);
    expect(await table(text.replace('"Payments"', '"payments "'))).toContain(`Payments (${ids[1]})`);
    expect(await table(text.replace('"Payments"', '"Orders"'))).not.toContain('Payments (');
  });
});

describe('an incomplete scan says so on standard error', () => {
  const announced = JSON.stringify({ value: [vault('kv-a')], nextLink: 'x' });
  test.for(['table', 'json', 'sarif', 'markdown'])(
    'in one line, with %s on standard output',
    async (format) => {
      const argv = ['scan', '--inventory', '-', '--output', format];
      const { stderr } = await run(argv, { cwd: cases, stdin: announced });
      expect(stderr).toMatch(/^INCOMPLETE: [^\n]+\n$/);
      expect((await run([...argv, '--quiet'], { cwd: cases, stdin: announced })).stderr).toBe('');
      expect((await run([...argv, '--allow-incomplete'], { cwd: cases, stdin: announced })).stderr).toMatch(
        /^INCOMPLETE/,
      );
    },
  );
});
