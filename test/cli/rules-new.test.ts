import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run, type Outcome } from './run.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof rules new-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const purgeproof = (...argv: readonly string[]): Promise<Outcome> => run(['rules', ...argv], { cwd });
const read = (file: string): string => readFileSync(join(cwd, file), 'utf8');

describe('a new rule passes its check and its tests at once', () => {
  test.for<[string, readonly string[], string]>([
    ['without a word', [], 'policies/ORG001-owner-tag.yaml'],
    ['with an id', ['org007'], 'policies/ORG007-owner-tag.yaml'],
    ['in a file', ['ours/tagged.yaml', '--id', 'OURS001', '--name', 'tagged'], 'ours/tagged.yaml'],
    ['in a folder', ['ours/', '--field', "tags['cost center']"], 'ours/ORG001-cost-center-tag.yaml'],
    [
      'on a number',
      ['--field', 'properties.softDeleteRetentionInDays', '--value', '60', '--tag', 'env=production'],
      'policies/ORG001-soft-delete-retention-in-days.yaml',
    ],
    [
      'on words',
      [
        '--field',
        'properties.publicNetworkAccess',
        '--operator',
        'in',
        '--value',
        'Disabled,SecuredByPerimeter',
      ],
      'policies/ORG001-public-network-access.yaml',
    ],
    [
      'on an element of a list',
      [
        '--field',
        'properties.networkAcls.ipRules[*].value',
        '--operator',
        'notEquals',
        '--value',
        '0.0.0.0/0',
      ],
      'policies/ORG001-value.yaml',
    ],
    [
      'on a managed HSM',
      ['--type', 'managed-hsm', '--field', 'properties.enablePurgeProtection', '--severity', 'high'],
      'policies/ORG001-enable-purge-protection.yaml',
    ],
    [
      'on a deleted secret',
      ['--type', 'deleted-secret', '--field', 'daysToPurge', '--value', '3'],
      'policies/ORG001-days-to-purge.yaml',
    ],
    [
      'with text of any kind',
      ['--title', 'It is: "ours" # really', '--description', "- 'a'\n: b", '--tag', 'a b=#c: d'],
      'policies/ORG001-owner-tag.yaml',
    ],
  ])('%s', async ([, argv, path]) => {
    const { code, stdout, stderr } = await purgeproof('new', ...argv);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `${path}\n`,
      stderr: `Test it: purgeproof rules test ${path}\n`,
    });
    expect(await purgeproof('check', path)).toMatchObject({ code: 0, stdout: '1 rule is valid.\n' });
    const tested = await purgeproof('test', path, '--strict');
    expect(tested.stdout).toMatch(/none wrong, everything shown\.\n$/);
    expect(tested.code).toBe(0);
  });
});

test('with - it goes to standard output', async () => {
  const { code, stdout } = await purgeproof('new', '-');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# yaml-language-server: \$schema=https:.*\n/);
  expect(readdirSync(cwd)).toEqual([]);
});

test('every proposal in it is valid once the # is taken away', async () => {
  await purgeproof('new');
  const text = read('policies/ORG001-owner-tag.yaml');
  const proposals = [...text.matchAll(/^#(?! )(.*)$/gmu)].map(([, line = '']) => line);
  expect(proposals.map((line) => line.split(':')[0])).toEqual(['remediation', 'controls', 'references']);
  writeFileSync(join(cwd, 'policies/ORG001-owner-tag.yaml'), text.replaceAll(/^#(?! )/gmu, ''));
  expect(await purgeproof('check', 'policies')).toMatchObject({ code: 0, stdout: '1 rule is valid.\n' });
  expect((await purgeproof('test', '--strict')).code).toBe(0);
});

test('ids and names that are taken are passed over', async () => {
  await purgeproof('new');
  await purgeproof('new');
  mkdirSync(join(cwd, 'ours'));
  writeFileSync(join(cwd, 'ours/broken.yaml'), 'id: ORG003\nname: owner-tag\n');
  const { stdout } = await purgeproof('new', '--policies', 'ours');
  expect(stdout).toBe('policies/ORG004-owner-tag-org004.yaml\n');
  expect(readdirSync(join(cwd, 'policies')).toSorted()).toEqual([
    'ORG001-owner-tag.yaml',
    'ORG002-owner-tag-org002.yaml',
    'ORG004-owner-tag-org004.yaml',
  ]);
});

describe('what is wrong is refused, and nothing is written', () => {
  test.for<[string, readonly string[], string]>([
    [
      'an id that is taken',
      ['ORG001'],
      'policies/ORG001-owner-tag.yaml:6:5  the id "ORG001" is already used here',
    ],
    ['the id of a rule that ships', ['AKV002'], 'The id AKV002 is reserved'],
    ['an id of that kind', ['--id', 'akv999'], 'The id AKV999 is reserved'],
    ['an id that is none', ['--id', 'rule1'], '--id: '],
    ['two ids', ['ORG002', '--id', 'ORG003'], 'Two ids are given'],
    [
      'a file that is there',
      ['policies/ORG001-owner-tag.yaml'],
      'is there already, and nothing was written.',
    ],
    ['a JSON file', ['ours.json'], 'ours.json is neither an id nor a YAML file'],
    [
      'a field that is misspelt',
      ['--field', 'properties.enablePurgeProtecton'],
      'Did you mean properties.enablePurgeProtection?',
    ],
    [
      'a value that does not fit',
      ['--field', 'properties.enablePurgeProtection', '--value', 'on'],
      '--value: ',
    ],
    ['no value where nothing is usual', ['--operator', 'like'], 'Name it with --value.'],
    ['an operator that there is not', ['--operator', 'equal'], 'Did you mean equals?'],
    ['a type that there is not', ['--type', 'hsm'], 'managed-hsm'],
    ['a tag without a value', ['--tag', 'env'], 'NAME=VALUE'],
    ['a name that is none', ['--name', 'My Rule'], '--name: '],
    ['a title of two lines', ['--title', 'a\nb'], '--title: '],
  ])('%s', async ([, argv, message]) => {
    await purgeproof('new');
    const before = read('policies/ORG001-owner-tag.yaml');
    const { code, stdout, stderr } = await purgeproof('new', ...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(readdirSync(join(cwd, 'policies'))).toEqual(['ORG001-owner-tag.yaml']);
    expect(readdirSync(cwd)).toEqual(['policies']);
    expect(read('policies/ORG001-owner-tag.yaml')).toBe(before);
    expect(existsSync(join(cwd, 'ours.json'))).toBe(false);
  });
});

test('what is merely suspicious is written, and said', async () => {
  const { code, stderr } = await purgeproof(
    'new',
    '--field',
    'properties.publicNetworkAccess',
    '--value',
    'Disbled',
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^policies\/ORG001-public-network-access\.yaml:\d+:\d+ {2}warning: "Disbled" is not a known value/m,
  );
});
