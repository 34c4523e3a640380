import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateBy } from '../../src/documents/schema/validate.ts';
import { settingsSchema } from '../../src/reporters/settings/schema.ts';
import { configSchema } from '../../src/rules/schema/config-schema.ts';
import { run } from './run.ts';

function estateFolder(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-show-'));
  mkdirSync(join(cwd, 'shared'));
  writeFileSync(
    join(cwd, 'shared/purgeproof.yaml'),
    'failOn: high\nexcludeRules: [AKV004]\nwrites: { maxChanges: 5 }\n',
  );
  writeFileSync(
    join(cwd, 'purgeproof.yaml'),
    [
      'extends: [shared]',
      'managementGroups: [production]',
      'rules: [AKV002, AKV003, AKV102]',
      'parameters: { minimumRetentionDays: 60 }',
      'parametersByScope:',
      '  - scope: { tag: { env: sandbox } }',
      '    parameters: { minimumRetentionDays: 7 }',
      '  - scope: { subscription: Ledger }',
      '    parameters: { AKV003: { minimumRetentionDays: 90 } }',
      '',
    ].join('\n'),
  );
  return cwd;
}

describe('config show', () => {
  test('prints what is in force and where it comes from', async () => {
    const { code, stdout, stderr } = await run(
      ['config', 'show', '--exclude-rule', 'AKV007', '--param', 'AKV102.minimumRetentionDays=30'],
      { cwd: estateFolder(), env: { NO_COLOR: '1' } },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Configuration: purgeproof.yaml\n' });
    await expect(stdout).toMatchFileSnapshot('golden/config-show.txt');
  });

  test('says the same in JSON, by its schema', async () => {
    const { stdout } = await run(['config', 'show', '--output', 'json'], { cwd: estateFolder() });
    const shown: unknown = JSON.parse(stdout);
    expect(validateBy(settingsSchema)(JSON.parse(stdout))).toEqual([]);
    expect(shown).toMatchObject({
      files: ['shared/purgeproof.yaml', 'purgeproof.yaml'],
      parametersByScope: [
        {
          scope: { subscription: 'Ledger' },
          origin: { kind: 'file', file: 'purgeproof.yaml', line: 8, column: 5 },
          parameters: [{ rule: 'AKV003', name: 'minimumRetentionDays', value: 90 }],
        },
        {
          scope: { tag: { env: 'sandbox' } },
          parameters: [
            { rule: 'AKV003', value: 7 },
            { rule: 'AKV102', value: 7 },
          ],
        },
      ],
    });
  });

  test('has every key of a configuration', async () => {
    const { stdout } = await run(['config', 'show', '--no-config', '--output', 'json'], {
      cwd: estateFolder(),
    });
    const { settings, files } = JSON.parse(stdout);
    const shown = new Set(settings.map(({ key }: { key: string }) => key.split('.')[0]));
    const { properties } = configSchema(['table']);
    const apart = new Set(['$schema', 'extends', 'parameters', 'parametersByScope', 'severities', 'writes']);
    expect(Object.keys(Object(properties)).filter((key) => !shown.has(key) && !apart.has(key))).toEqual([]);
    expect(files).toEqual([]);
    expect(new Set(settings.map(({ origin }: { origin: { kind: string } }) => origin.kind))).toEqual(
      new Set(['default']),
    );
  });

  test('leaves out what a file above sets again, also where the rule has another name there', async () => {
    const cwd = estateFolder();
    const scoped = (rule: string, days: number) =>
      `parametersByScope: [{ scope: { name: kv-a }, parameters: { ${rule}: { minimumRetentionDays: ${days} } } }]`;
    const below = ['severities: { AKV003: low }', scoped('soft-delete-retention', 20)];
    const above = ['severities: { soft-delete-retention: high }', scoped('AKV003', 50)];
    writeFileSync(join(cwd, 'shared/purgeproof.yaml'), below.join('\n'));
    writeFileSync(join(cwd, 'purgeproof.yaml'), ['extends: [shared]', ...above].join('\n'));
    const { stdout } = await run(['config', 'show', '--output', 'json'], { cwd });
    const { settings, parametersByScope } = JSON.parse(stdout);
    const severities = settings.filter(({ key }: { readonly key: string }) => key.startsWith('severities'));
    const at = (line: number) => ({ kind: 'file', file: 'purgeproof.yaml', line });
    expect(severities).toMatchObject([{ key: 'severities.AKV003', value: 'high', origin: at(2) }]);
    expect(parametersByScope).toMatchObject([
      { scope: { name: 'kv-a' }, parameters: [{ rule: 'AKV003', value: 50, origin: at(3) }] },
    ]);
  });

  test('names the flag that took the place of a key', async () => {
    const { stdout } = await run(
      [
        'config',
        'show',
        '--subscription',
        'Alpha',
        '--tag',
        'env=prod',
        '--cloud',
        'AzureChinaCloud',
        '--output',
        'json',
      ],
      { cwd: estateFolder() },
    );
    const { settings } = JSON.parse(stdout);
    const originOf = (key: string): unknown =>
      settings.find((one: { key: string }) => one.key === key)?.origin;
    expect(originOf('subscriptions')).toEqual({ kind: 'flag', flag: '--subscription' });
    expect(originOf('managementGroups')).toEqual({ kind: 'flag', flag: '--subscription' });
    expect(originOf('tags')).toEqual({ kind: 'flag', flag: '--tag' });
    expect(originOf('cloud')).toEqual({ kind: 'flag', flag: '--cloud' });
    expect(originOf('failOn')).toMatchObject({ kind: 'file', file: 'shared/purgeproof.yaml', line: 1 });
  });

  test('refuses what a scan refuses: exit code 2', async () => {
    const cwd = estateFolder();
    writeFileSync(
      join(cwd, 'purgeproof.yaml'),
      'excludeRules: [AKV999]\nparameters: { minimumRetentionDays: 1 }\n',
    );
    const { code, stderr } = await run(['config', 'show'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('purgeproof.yaml:1:16  There is no rule AKV999.');
    expect(stderr).toContain(
      'purgeproof.yaml:2:37  minimumRetentionDays of AKV003 must be at least 7, not 1.',
    );
  });
});
