import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import { readTarget, type TargetSettings } from '../../src/usecases/settings/target.ts';
import { run } from '../cli/run.ts';

const scope = { subscriptions: ['a'], managementGroups: ['b'] };

describe('the target that settings name', () => {
  test.for<[string, TargetSettings, ReturnType<typeof readTarget>]>([
    ['nothing: all of Azure', {}, { kind: 'live', subscriptions: [], managementGroups: [], include: [] }],
    [
      'a scope and a part',
      { ...scope, include: ['deleted'] },
      { kind: 'live', ...scope, include: ['deleted'] },
    ],
    [
      'a part twice, as an input or a file may: it is read once',
      { include: ['deleted', 'deleted'] },
      { kind: 'live', subscriptions: [], managementGroups: [], include: ['deleted'] },
    ],
    ['an inventory', { inventory: '-' }, { kind: 'inventory', file: '-', complete: false }],
    [
      'one that is whole',
      { inventory: 'a.json', inventoryComplete: true, subscriptions: [] },
      { kind: 'inventory', file: 'a.json', complete: true },
    ],
  ])('%s', ([, settings, target]) => {
    expect(readTarget(settings)).toEqual(target);
  });

  test.for<[string, TargetSettings]>([
    ['an inventory and a subscription', { inventory: 'a.json', subscriptions: ['a'] }],
    ['an inventory and a management group', { inventory: 'a.json', managementGroups: ['a'] }],
    ['an inventory and a part that is read from Azure', { inventory: 'a.json', include: ['deleted'] }],
    ['a whole inventory that is none', { inventoryComplete: true }],
    ['a scope that is a whole inventory', { ...scope, inventoryComplete: true }],
  ])('%s is refused', ([, settings]) => {
    expect(() => readTarget(settings)).toThrow(UsageError);
  });
});

test.for([
  ['inventory: list.json\nsubscriptions: [a]\n', 'An inventory is scanned in full'],
  ['inventory: list.json\nmanagementGroups: [a]\n', 'An inventory is scanned in full'],
  ['inventoryComplete: true\n', 'says that an inventory is whole'],
] as const)('a configuration that mixes targets is refused: %j', async ([config, message]) => {
  const cwd = await mkdtemp(join(tmpdir(), 'purgeproof-target-'));
  await writeFile(join(cwd, 'purgeproof.yaml'), config);
  await writeFile(join(cwd, 'list.json'), '[]');
  const { code, stdout, stderr } = await run(['scan', '--config', 'purgeproof.yaml'], { cwd });
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
});

test('a flag that names another target replaces that of the configuration', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'purgeproof-target-'));
  await writeFile(join(cwd, 'purgeproof.yaml'), 'subscriptions: [a]\n');
  await writeFile(join(cwd, 'list.json'), '[]');
  const argv = ['scan', '--config', 'purgeproof.yaml', '--inventory', 'list.json'];
  expect((await run(argv, { cwd })).code).toBe(0);
});
