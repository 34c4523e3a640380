import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { folder, root } from './scanner.ts';

/** The build that speed is compared with: of 2026-11-24, before the package was a bundle. */
const commit = '8886421';

let built: string | undefined;

/** The program of that build, made from the history of this repository with the dependencies of its own lock file. */
export function earlierProgram(): string {
  built ??= build();
  return built;
}

function build(): string {
  const base = join(folder, commit);
  mkdirSync(base);
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-x'], { cwd: base, input: archive });
  const quietly: ExecFileSyncOptions = { cwd: base, stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], quietly);
  execFileSync('npm', ['run', 'build', '--silent'], quietly);
  return join(base, 'dist/cli/bin.js');
}
