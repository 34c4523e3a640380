import { expect, test } from 'vitest';
import { fitLines } from '../../src/cli/terminal.ts';
import { fitList } from '../../src/reporters/terminal/wrap.ts';

test.for<[readonly string[], number, string]>([
  [['a is 1', 'b is 2'], 14, 'a is 1; b is 2'],
  [['a is 1', 'b is 2'], 13, 'a is 1; …'],
  [['a is 1', 'b is 2', 'c is 3'], 17, 'a is 1; b is 2; …'],
  [['enablePurgeProtection is unset (off)', 'b'], 33, 'enablePurgeProtection is unset …'],
  [['accessPolicies[0] is {"objectId":"x"}'], 30, 'accessPolicies[0] is {"object…'],
  [[], 10, ''],
])('%j in %i columns', ([facts, width, expected]) => {
  expect(fitList(facts, width)).toBe(expected);
});

test('lines for a person are broken between words, and those to copy are not', () => {
  const text = 'Signed in to tenant 72f2a6c0-3b8e-4d5f, as x.\n  az login --tenant 72f2a6c0-3b8e-4d5f\n';
  expect(fitLines(text, { isTTY: true, columns: 30 })).toBe(
    'Signed in to tenant\n72f2a6c0-3b8e-4d5f, as x.\n  az login --tenant 72f2a6c0-3b8e-4d5f\n',
  );
  expect(fitLines(text, { isTTY: false, columns: 30 })).toBe(text);
});
