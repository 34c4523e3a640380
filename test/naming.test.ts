import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readModules } from '../scripts/structure.ts';

const modules = readModules();

describe('names', () => {
  test('no two files export the same name', () => {
    const files = new Map<string, readonly string[]>();
    for (const { file, exports } of modules)
      for (const name of exports) files.set(name, [...(files.get(name) ?? []), file]);
    const repeated = [...files].filter(([, places]) => places.length > 1).map(([name]) => name);
    expect(files.size).toBeGreaterThan(500);
    expect(repeated).toEqual([]);
  });

  test('the name of a file says what is in it', () => {
    const meaningless = new Set(['common', 'failure', 'helpers', 'look', 'misc', 'types', 'utils', 'words']);
    const files = modules.map(({ file }) => file).filter((file) => meaningless.has(basename(file, '.ts')));
    expect(files).toEqual([]);
  });
});

test('a comment begins with the thing or with what it does, not with a question', () => {
  const questions = modules.flatMap(({ file, docs }) =>
    docs.filter(opensWithQuestion).map((doc) => `${file}: ${doc}`),
  );
  expect(modules.flatMap(({ docs }) => docs).length).toBeGreaterThan(1000);
  expect(questions).toEqual([]);
});

function opensWithQuestion(doc: string): boolean {
  return /^(?:What|Where|How|Why|Whether|Which|When|Who|Whom|Whose)(?:ever)?\b/.test(doc);
}
