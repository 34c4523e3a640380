import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { policyFiles } from '../../src/files/policy-files.ts';
import { withoutRightsOn } from '../ordinary-user.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'purgeproof-policies-'));
});
afterEach(() => rm(cwd, { recursive: true }));

async function filesOf(folder: string): Promise<readonly string[]> {
  const files = await policyFiles({ packageRoot: cwd, cwd }).read([folder]);
  return files.map(({ file }) => file);
}

test('a folder is read with the folders in it, and with what links lead to', async () => {
  await mkdir(join(cwd, 'rules/team'), { recursive: true });
  await mkdir(join(cwd, 'common'));
  await writeFile(join(cwd, 'rules/team/a.yaml'), '');
  await writeFile(join(cwd, 'rules/notes.txt'), '');
  await writeFile(join(cwd, 'common/b.yaml'), '');
  await symlink('../common', join(cwd, 'rules/linked'));
  expect(await filesOf('rules')).toEqual(['rules/linked/b.yaml', 'rules/team/a.yaml']);
});

test('a mounted config map, where each file stands behind two links, gives each file once', async () => {
  await mkdir(join(cwd, 'rules/..2026'), { recursive: true });
  await writeFile(join(cwd, 'rules/..2026/a.yaml'), '');
  await symlink('..2026', join(cwd, 'rules/..data'));
  await symlink('..data/a.yaml', join(cwd, 'rules/a.yaml'));
  expect(await filesOf('rules')).toHaveLength(1);
});

test('a file that is given beside its folder, by another spelling or by a link is read once, and says so', async () => {
  await mkdir(join(cwd, 'rules'));
  await writeFile(join(cwd, 'rules/a.yaml'), '');
  await writeFile(join(cwd, 'rules/b.yaml'), '');
  await symlink('rules/b.yaml', join(cwd, 'linked.yaml'));
  const files = await policyFiles({ packageRoot: cwd, cwd }).read(['rules', './rules/a.yaml', 'linked.yaml']);
  expect(files.map(({ file, givenAs }) => [file, givenAs])).toEqual([
    ['rules/a.yaml', ['rules', './rules/a.yaml']],
    ['rules/b.yaml', ['rules', 'linked.yaml']],
  ]);
});

test('a link in a circle ends', async () => {
  await mkdir(join(cwd, 'rules'));
  await writeFile(join(cwd, 'rules/a.yaml'), '');
  await symlink('.', join(cwd, 'rules/round'));
  expect(await filesOf('rules')).toHaveLength(1);
});

test('a link to a rule that is gone is refused, not passed over', async () => {
  await mkdir(join(cwd, 'rules'));
  await symlink('gone.yaml', join(cwd, 'rules/a.yaml'));
  await expect(filesOf('rules')).rejects.toThrow('Cannot read rules/a.yaml: there is no such file');
});

test('a folder inside that may not be read is refused by name', async () => {
  const secret = join(cwd, 'rules/secret');
  await mkdir(secret, { recursive: true });
  await chmod(cwd, 0o755);
  await chmod(secret, 0o000);
  const read = withoutRightsOn(secret, () => filesOf('rules'));
  await expect(read).rejects.toThrow('Cannot read rules/secret: permission denied');
  await chmod(secret, 0o700);
});
