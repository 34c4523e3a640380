#!/usr/bin/env node
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useCompileCache } from './compile-cache.ts';

useCompileCache(process.env);
// Only what is imported from here on comes from the cache.
const { runProgram } = await import('./main.ts');
await runProgram(join(fileURLToPath(import.meta.url), '../../..'));
