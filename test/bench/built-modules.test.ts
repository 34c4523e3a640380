import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Modules of the built program that the benchmarks load by name, which no compiler checks. */
function loadedByName(): readonly string[] {
  const files = readdirSync(join(root, 'bench')).map((file) =>
    readFileSync(join(root, 'bench', file), 'utf8'),
  );
  return files.flatMap((text) =>
    Array.from(text.matchAll(/(?:built<[^>]*>|load)\('([\w/-]+)\.js'\)/g), ([, module = '']) => module),
  );
}

test('the modules that benchmarks load by name exist', () => {
  const modules = loadedByName();
  expect(modules.length).toBeGreaterThan(5);
  expect(modules.filter((module) => !existsSync(join(root, 'src', `${module}.ts`)))).toEqual([]);
});
