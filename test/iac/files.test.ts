import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { wholly } from '../../src/iac/piecewise.ts';
import { UsageError } from '../../src/model/errors.ts';
import { checkoutOf, relativeInCheckout } from '../../src/files/checkout/checkout.ts';
import { readIacFiles } from '../../src/files/checkout/iac-files.ts';

const template = '{"$schema": "x/deploymentTemplate.json#"}';
let outer = '';
let root = '';

beforeAll(async () => {
  outer = await realpath(await mkdtemp(path.join(tmpdir(), 'purgeproof-checkout-')));
  root = path.join(outer, 'repo');
  await write('repo/.git/config.json', template);
  await write('repo/infra/main.bicep', 'var a = 1\n');
  await write('repo/infra/b/azuredeploy.json', template);
  await write('repo/infra/b/package.json', '{}');
  await write('repo/infra/prod.tfvars.json', '{}');
  await write('repo/infra/notes.md', 'no code');
  await write('repo/infra/big.tf', ' '.repeat(1_000_001));
  await write('repo/infra/latin.tf', Buffer.from([0x22, 0xe9, 0x22]));
  await write('repo/infra/wide.tf', Buffer.from('\uFEFFlocals {}', 'utf16le'));
  await write('repo/infra/node_modules/x/main.bicep', 'var a = 1\n');
  await write('repo/infra/.terraform/modules/x.tf', 'locals {}\n');
  await write('repo/a:b/main.bicep', 'var a = 1\n');
  await write('repo/infra/a:b.bicep', 'var a = 1\n');
  await write('secret.bicep', 'var a = 1\n');
  await write('worktree/.git', 'gitdir: elsewhere\n');
  await write('worktree/main.tf', 'locals {}\n');
  await symlink('../../secret.bicep', path.join(root, 'infra/outside.bicep'));
  await symlink('main.bicep', path.join(root, 'infra/inside.bicep'));
  await symlink('../..', path.join(root, 'infra/up'));
});

afterAll(() => rm(outer, { recursive: true }));

async function write(file: string, content: string | Uint8Array): Promise<void> {
  const absolute = path.join(outer, file);
  await mkdir(path.dirname(absolute), { recursive: true });
  await writeFile(absolute, content);
}

describe('the files below a source root', () => {
  test('are read by their paths in the checkout, in order, without what is no infrastructure code', () => {
    const { files } = wholly(readIacFiles({ sourceRoot: path.join(root, 'infra'), checkout: root }));
    expect(files.map((file) => file.path)).toEqual([
      'infra/a:b.bicep',
      'infra/b/azuredeploy.json',
      'infra/main.bicep',
      'infra/prod.tfvars.json',
      'infra/wide.tf',
    ]);
    expect(files.find((file) => file.path === 'infra/wide.tf')?.text).toBe('locals {}');
  });

  test('that are left out are told, with the reason', () => {
    const { skipped } = wholly(readIacFiles({ sourceRoot: path.join(root, 'infra'), checkout: root }));
    expect(skipped.map((entry) => `${entry.path}: ${entry.reason}`)).toEqual([
      'infra/.terraform: every .terraform is left out',
      'infra/big.tf: it is larger than 1 MB',
      'infra/inside.bicep: it is a symbolic link',
      'infra/latin.tf: it is not UTF-8 or UTF-16 text',
      'infra/node_modules: every node_modules is left out',
      'infra/outside.bicep: it is a symbolic link',
      'infra/up: it is a symbolic link',
    ]);
  });

  test.for(['nowhere', 'infra/main.bicep'])('a source root that is no folder is refused: %s', (name) => {
    const reading = readIacFiles({ sourceRoot: path.join(root, name), checkout: root });
    expect(() => wholly(reading)).toThrow(UsageError);
  });
});

describe('the checkout of a folder', () => {
  test.for([
    ['infra/b', 'repo'],
    ['.', 'repo'],
    ['../worktree', 'worktree'],
  ])('of %s is %s', async ([folder = '', expected = '']) => {
    expect(await checkoutOf(path.join(root, folder))).toBe(path.join(outer, expected));
  });

  test('is the folder itself where no .git is above it', async () => {
    expect(await checkoutOf(outer)).toBe(outer);
  });
});

test.for([
  ['infra/main.bicep', 'infra/main.bicep'],
  ['./infra/../infra/main.bicep', 'infra/main.bicep'],
  ['infra/inside.bicep', 'infra/main.bicep'],
  ['infra/a:b.bicep', 'infra/a:b.bicep'],
  ['infra/outside.bicep', undefined],
  ['infra/up/secret.bicep', undefined],
  ['../secret.bicep', undefined],
  ['infra', undefined],
  ['.', undefined],
  ['infra/nowhere.bicep', undefined],
  ['a:b/main.bicep', undefined],
])('the path of %s in the checkout is %s', async ([file = '', expected]) => {
  expect(await relativeInCheckout(root, file)).toBe(expected);
  expect(await relativeInCheckout(root, path.join(root, file))).toBe(expected);
});
