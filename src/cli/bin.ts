#!/usr/bin/env node
import { writeSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageVersion } from '../files/package-version.ts';

// Node.js ends with 1 for an error that nobody catches, which would mean "complete, with findings".
const [couldNot, incomplete] = [2, 3];
let code: number | undefined;
process.once('exit', (ended) => {
  if (ended !== code) process.exitCode = incomplete;
});
const packageRoot = join(fileURLToPath(import.meta.url), '../../..');
try {
  code = hasToldVersion(process.argv[2]) ? 0 : await run();
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: The program could not start: ${reason}\nInstall it again.\n`);
  code = couldNot;
}
process.exitCode = code;

async function run(): Promise<number> {
  useCompileCache(process.env);
  // Only what is imported from here on comes from the cache.
  const { runProgram } = await import('./main.ts');
  return runProgram(packageRoot);
}

/** Answers the flag for which nothing else has to be loaded. False where it cannot: the program then says why. */
function hasToldVersion(flag: string | undefined): boolean {
  if (flag !== '--version' && flag !== '-V') return false;
  try {
    writeSync(1, `${packageVersion(packageRoot)}\n`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Has Node.js keep what it compiles, and start from that the next time. It can from 22.1 on; before, nothing happens.
 * The folder is the user's own: Node's default is in the temporary folder, where others could leave code that would run
 * with the user's sign-in. Node's NODE_COMPILE_CACHE names another, and NODE_DISABLE_COMPILE_CACHE does without.
 */
function useCompileCache(env: Readonly<Record<string, string | undefined>>): void {
  if (!('enableCompileCache' in module) || typeof module.enableCompileCache !== 'function') return;
  const folder = cacheFolder(env);
  if (folder !== undefined) module.enableCompileCache(join(folder, 'purgeproof'));
}

function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { HOME: home = '', XDG_CACHE_HOME: named = '', LOCALAPPDATA: local = '' } = env;
  if (process.platform === 'win32') return local === '' ? undefined : local;
  if (named !== '') return named;
  if (home === '') return undefined;
  return join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}
