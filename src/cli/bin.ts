#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

useCompileCache(process.env);
// Only what is imported from here on comes from the cache.
const { runProgram } = await import('./main.ts');
await runProgram(join(fileURLToPath(import.meta.url), '../../..'));

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
