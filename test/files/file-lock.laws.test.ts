import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { link } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import { lockFile } from '../../src/files/apply/file-lock.ts';
import { runs } from '../runs.ts';

function aFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'purgeproof-lock-')), 'j');
}

/** A file system that has no hard links. */
function refusing(code: string): typeof link {
  return async () => {
    throw Object.assign(new Error(`${code}: operation not permitted, link`), { code });
  };
}

describe.for<[string, typeof link]>([
  ['with hard links', link],
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES'].map(
    (code) => [`without hard links (${code})`, refusing(code)] as [string, typeof link],
  ),
])('%s, a lock', ([, linkTo]) => {
  test('is held by one only, names its process, and leaves nothing behind', async () => {
    const file = aFile();
    const first = await lockFile(file, { linkTo });
    expect(JSON.parse(readFileSync(`${file}.lock`, 'utf8'))).toMatchObject({
      pid: process.pid,
      host: hostname(),
    });
    await expect(lockFile(file, { linkTo })).rejects.toThrow(UsageError);
    await first.release();
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });

  test('is given to one of many that ask at once', async () => {
    const file = aFile();
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lockFile(file, { linkTo })));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('of a process that has died is given to one of many, however often', async () => {
    for (let round = 0; round < runs(100); round += 1) {
      const file = aFile();
      writeFileSync(`${file}.lock`, JSON.stringify({ pid: 2 ** 30, host: hostname() }));
      const asked = await Promise.allSettled(Array.from({ length: 10 }, () => lockFile(file, { linkTo })));
      expect(asked.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
      expect(readdirSync(join(file, '..')).filter((name) => name !== 'j.lock')).toEqual([]);
    }
  });

  test.runIf(existsSync('/proc/self/stat'))(
    'of a process whose number another one has by now is taken over',
    async () => {
      const file = aFile();
      const holder = { pid: process.pid, host: hostname(), startedAt: '1' };
      writeFileSync(`${file}.lock`, JSON.stringify(holder));
      await (await lockFile(file, { linkTo })).release();
      expect(existsSync(`${file}.lock`)).toBe(false);
    },
  );

  test('of a process that has died is taken over, and one of nobody is not', async () => {
    const file = aFile();
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: 2 ** 30, host: hostname() }));
    await (await lockFile(file, { linkTo })).release();
    expect(existsSync(`${file}.lock`)).toBe(false);
    writeFileSync(`${file}.lock`, '');
    await expect(lockFile(file, { linkTo })).rejects.toThrow('Another run is using this journal.');
  });
});

test('a lock that cannot be made for another reason is an error', async () => {
  await expect(lockFile(aFile(), { linkTo: refusing('EIO') })).rejects.toThrow('EIO');
});
