import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../cli/run.ts';

/**
 * Builds the program by its own command into a folder of its own, with what it needs at run time. Returns the folder;
 * the program is `dist/cli/bin.js` in it.
 */
export function buildProgram(): string {
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-program-'));
  const tsx = join(packageRoot, 'node_modules/tsx/dist/cli.mjs');
  execFileSync(process.execPath, [tsx, 'scripts/build.ts', join(folder, 'dist')], {
    cwd: packageRoot,
    stdio: 'pipe',
  });
  for (const name of ['policies', 'package.json'])
    cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
  return folder;
}
