import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), 'utf8') }));

function filesWith(pattern: RegExp): readonly string[] {
  return files.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
}

test('what is tried on fewer inputs in the everyday loop is tried on all of them among the deep tests', () => {
  const fewer = filesWith(/from '(?:\.\.?\/)+runs\.ts'/);
  expect(fewer.length).toBeGreaterThan(5);
  expect(fewer.filter((file) => !/\.(?:laws|deep)\.test\.ts$/.test(file))).toEqual([]);
});

test('no test has a time limit of its own, or measures time', () => {
  expect(filesWith(/\btimeout: \d|^\s*\}, \d[\d_]*\);$|\bperformance\.now\(|\bhrtime\b/m)).toEqual([]);
});

test('what replaces a module has a process of its own', () => {
  expect(
    filesWith(/^\s*vi\.(?:do)?[mM]ock\(/m).filter((file) => !file.endsWith('.isolated.test.ts')),
  ).toEqual([]);
});
