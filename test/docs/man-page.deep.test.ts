import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../cli/run.ts';

const page = join(packageRoot, 'man/purgeproof.1');

/** Formatters, each with the arguments with which it says what it does not like. */
const formatters = [
  ['groff', '-man', '-Tutf8', '-ww', '-z'],
  ['mandoc', '-Tlint', '-Wstyle'],
  ['man', '--warnings', '--local-file'],
] as const;

describe('the manual page', () => {
  for (const [program, ...argv] of formatters) {
    const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
    test.skipIf(!isThere)(`is clean to ${program}`, () => {
      const env = { ...process.env, MANPAGER: 'cat', MANWIDTH: '80', LC_ALL: 'C.UTF-8' };
      const { status, stdout, stderr } = spawnSync(program, [...argv, page], { encoding: 'utf8', env });
      expect({ status, said: program === 'man' ? stderr : `${stdout}${stderr}` }).toEqual({
        status: 0,
        said: '',
      });
    });
  }
});
