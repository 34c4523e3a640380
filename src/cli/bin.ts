#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Node.js ends with 1 for an error that nobody catches, which would mean "complete, with findings".
const [couldNot, incomplete] = [2, 3];
let code: number | undefined;
process.once('exit', (ended) => {
  if (ended !== code) process.exitCode = incomplete;
});
useCompileCache(process.env);
try {
  // Only what is imported from here on comes from the cache.
  const { runProgram } = await import('./main.ts');
  code = await runProgram(join(fileURLToPath(import.meta.url), '../../..'));
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: The program could not start: ${reason}\nInstall it again.\n`);
  code = couldNot;
}
process.exitCode = code;

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
