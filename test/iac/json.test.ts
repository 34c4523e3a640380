import { describe, expect, test } from 'vitest';
import type { Expression } from '../../src/iac/languages/expression.ts';
import { readJson } from '../../src/iac/languages/read-json.ts';
import type { Problem } from '../../src/model/errors.ts';

function plain(expression: Expression | undefined): unknown {
  if (expression?.kind === 'literal') return expression.value;
  if (expression?.kind === 'array') return expression.items.map(plain);
  if (expression?.kind !== 'object') return undefined;
  return Object.fromEntries(expression.entries.map(({ key, value }) => [key, plain(value)]));
}

function read(text: string): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  return { value: plain(readJson({ path: 'a.json', text }, problems)), problems };
}

test.for([
  '{"a": [1, -2.5e+3, true, false, null, "x", {}, []], "b": {"c": ""}}',
  String.raw`{"a": "\" \\ \/ \b \f \n \r \t A 🔑", "b\\": "\\\\"}`,
  '[]',
])('reads what JSON.parse reads: %s', (text) => {
  expect(read(text)).toEqual({ value: JSON.parse(text), problems: [] });
});

test.for<readonly [string, string, unknown]>([
  ['comments', '// x\n{ /* "b": 1, */ "a": 1 // y\n}', { a: 1 }],
  ['commas too many', '{"a": [1, 2,], }', { a: [1, 2] }],
  ['line breaks in strings', '{"a": "[concat(\r\n  \'x\')]"}', { a: "[concat(\r\n  'x')]" }],
  ['a byte order mark', '\uFEFF{"a": 1}', { a: 1 }],
  ['comment marks in strings', '{"a": "https://x /* y */"}', { a: 'https://x /* y */' }],
])('takes %s, as Azure does', ([, text, value]) => {
  expect(read(text)).toEqual({ value, problems: [] });
});

describe('tells where a text stops being JSON', () => {
  test.for([
    ['', 1, 1, 'this is not JSON'],
    ['name: kv', 1, 1, 'this is not JSON'],
    ['{\n  "a": kv }', 2, 8, 'this is not JSON'],
    ['{"a": 1', 1, 8, 'expected , or }'],
    ['{"a": "kv\n}', 1, 7, 'a string is not closed'],
    ['{"a" 1}', 1, 6, 'expected :'],
    ['{a: 1}', 1, 2, 'expected a key'],
    ['{} {}', 1, 4, 'more than one document stands here'],
    [String.raw`{"a": "\u12"}`, 1, 7, String.raw`\u begins no character`],
    ['['.repeat(1000), 1, 102, 'brackets are nested too deep'],
  ] as const)('%s', ([text, line, column, message]) => {
    expect(read(text)).toEqual({
      value: undefined,
      problems: [{ file: 'a.json', line, column, message }],
    });
  });
});

test('knows where keys are, as the anchors of a file need it', () => {
  const document = readJson({ path: 'a.json', text: '{ "a": { "b": 1 } }' }, []);
  expect(document).toMatchObject({ at: 0, entries: [{ at: 2, value: { at: 7, entries: [{ at: 9 }] } }] });
});
