import { execFile } from 'node:child_process';
import { lstat, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolvedPathOf } from '../../src/files/destinations/file-identity.ts';
import { writeDocument } from '../../src/files/destinations/write-file.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'purgeproof-report-')));
});
afterEach(() => rm(cwd, { recursive: true }));

test('folders on the way are made, and nothing but the report is left', async () => {
  await writeDocument(() => ['one ', 'two'], { path: 'new/folder/report.json', cwd });
  expect(await readFile(join(cwd, 'new/folder/report.json'), 'utf8')).toBe('one two');
  expect(await readdir(join(cwd, 'new/folder'))).toEqual(['report.json']);
});

test('a file that is replaced keeps who may read it', async () => {
  await writeFile(join(cwd, 'report.json'), 'old', { mode: 0o600 });
  await writeDocument(() => ['new'], { path: 'report.json', cwd });
  expect((await stat(join(cwd, 'report.json'))).mode & 0o777).toBe(0o600);
});

test('a symbolic link is followed, not replaced', async () => {
  await writeFile(join(cwd, 'real.json'), 'old');
  await symlink('real.json', join(cwd, 'link.json'));
  await writeDocument(() => ['new'], { path: 'link.json', cwd });
  expect((await lstat(join(cwd, 'link.json'))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(cwd, 'real.json'), 'utf8')).toBe('new');
});

test('a pipe is written into, not replaced', async () => {
  const run = promisify(execFile);
  await run('mkfifo', ['pipe'], { cwd });
  const reader = run('cat', ['pipe'], { cwd });
  await writeDocument(() => ['into ', 'the pipe'], { path: 'pipe', cwd });
  expect((await reader).stdout).toBe('into the pipe');
  expect((await lstat(join(cwd, 'pipe'))).isFIFO()).toBe(true);
});

test('a report that breaks off leaves the file as it was', async () => {
  await writeFile(join(cwd, 'report.json'), 'old');
  function* chunks(): Generator<string> {
    yield 'new';
    throw new Error('no more');
  }
  await expect(writeDocument(chunks, { path: 'report.json', cwd })).rejects.toThrow(/^no more$/);
  expect(await readFile(join(cwd, 'report.json'), 'utf8')).toBe('old');
  expect(await readdir(cwd)).toEqual(['report.json']);
});

test.for([
  ['a folder', '.', /^Cannot write \.: it is a folder\.$/],
  ['a file as a folder', 'file/report.json', /^Cannot write file\/report\.json: part of the path/],
] as const)('%s is refused in words', async ([, path, message]) => {
  await writeFile(join(cwd, 'file'), '');
  await expect(writeDocument(() => ['x'], { path, cwd })).rejects.toThrow(message);
});

test('two names of one file have one place, even before it is there', async () => {
  await symlink('.', join(cwd, 'here'));
  const places = ['new.json', './new.json', 'here/new.json', join(cwd, 'new.json')];
  expect(new Set(await Promise.all(places.map((path) => resolvedPathOf({ path, cwd }))))).toEqual(
    new Set([join(cwd, 'new.json')]),
  );
});
