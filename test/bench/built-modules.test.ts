import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Modules of the program that the benchmarks build by name, which no compiler checks. */
function builtByName(): readonly string[] {
  const text = readFileSync(join(root, 'bench/built.ts'), 'utf8');
  return Array.from(text.matchAll(/^ {2}'([\w/-]+)',$/gm), ([, module = '']) => module);
}

test('the modules that benchmarks build by name exist', () => {
  const modules = builtByName();
  expect(modules.length).toBeGreaterThanOrEqual(5);
  expect(modules.filter((module) => !existsSync(join(root, 'src', `${module}.ts`)))).toEqual([]);
});
