import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The variables in which systems look for the folder of temporary files. */
const variables = ['TMPDIR', 'TMP', 'TEMP'];

/** Gives a run of the tests its own folder for temporary files, which goes when the run ends. */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-tests-'));
  // Some tests become another user.
  chmodSync(folder, 0o1777);
  const before = variables.map((name) => [name, process.env[name]] as const);
  for (const name of variables) process.env[name] = folder;
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true });
  };
}
