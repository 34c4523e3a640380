import { expect, test } from 'vitest';
import { rightTexts } from '../../src/documents/json/right-texts.ts';
import type { Json } from '../../src/model/json.ts';

const schema = {
  properties: {
    name: { type: 'string', description: 'Anything' },
    level: { enum: ['low', 'high'] },
    value: {},
    hash: { type: 'string', pattern: '^[0-9a-f]{4}$' },
    nested: { $ref: '#/$defs/nested' },
    other: {
      anyOf: [{ properties: { mixed: { type: 'string' } } }, { properties: { mixed: { const: 'a' } } }],
    },
  },
  $defs: { nested: { properties: { name: { type: 'string' }, nested: { $ref: '#/$defs/nested' } } } },
};
const right = {
  name: 'kv-a',
  level: 'low',
  value: 7,
  hash: '00ff',
  nested: { name: 'b' },
  other: { mixed: 'a' },
};

function noteOf(text: string): string | undefined {
  const texts = rightTexts<string>(schema);
  texts.add(JSON.stringify(right, null, 2), 'known');
  return texts.noteOf(text);
}

test.for<[string, Json]>([
  ['nothing', {}],
  ['a text', { name: 'kv b, "c"'.replaceAll('"', "'") }],
  ['an empty text', { name: '' }],
  ['a value for one of another kind', { value: 'seven' }],
  ['null for a value', { value: null }],
  ['a text that has a pattern', { hash: 'abcd' }],
  ['a text in an object', { nested: { name: 'c' } }],
])('a text is alike with another value: %s', ([, change]) => {
  expect(noteOf(JSON.stringify({ ...right, ...Object(change) }, null, 2))).toBe('known');
});

test.for<[string, Json]>([
  ['a choice', { level: 'high' }],
  ['a text that is none', { name: 1 }],
  ['a text with an escape', { name: 'a"b' }],
  ['a text beyond ASCII, which may be no UTF-8', { name: 'ké' }],
  ['a pattern that does not match', { hash: 'ABCD' }],
  ['a list for a value', { value: [7] }],
  ['a member more', { more: 1 }],
  ['a member with more than one meaning', { other: { mixed: 'b' } }],
  ['an object in an object', { nested: { name: 'b', nested: { name: 'c' } } }],
])('a text is not alike, and has to be parsed: %s', ([, change]) => {
  expect(noteOf(JSON.stringify({ ...right, ...Object(change) }, null, 2))).toBe(undefined);
});

test.for([
  '07',
  '+7',
  '7.',
  '.7',
  '0x7',
  'NaN',
  'truth',
  '',
  '7 7',
  '"a\tb"',
  String.raw`"a\x"`,
  '"a',
  '{"a":1}',
])('what is no JSON is alike to nothing: %s', (value) => {
  const text = JSON.stringify(right, null, 2);
  expect(noteOf(text.replace(': 7', `: ${value}`))).toBe(undefined);
  expect(noteOf(`${text} `)).toBe(undefined);
});

test('the members of a key that is repeated are not alike', () => {
  const text = JSON.stringify(right, null, 2);
  expect(noteOf(text.replace('"level": "low"', '"level": "low",\n  "level": "low"'))).toBe(undefined);
});

test('patterns are only made as long as they are worth it', () => {
  const texts = rightTexts<number>(schema);
  const written = (level: number): string => JSON.stringify({ name: 'a', level }, null, 2);
  for (let level = 0; level < 1000; level += 1) texts.add(written(level), level);
  expect(texts.noteOf(written(999))).toBe(undefined);
  expect(texts.noteOf(written(32))).toBe(32);
  for (let hit = 0; hit < 1000; hit += 1) texts.noteOf(written(32));
  texts.add(written(999), 999);
  expect(texts.noteOf(written(999))).toBe(999);
});

test('texts that are like no other one are not compared for ever', () => {
  const texts = rightTexts<string>(schema);
  texts.add(JSON.stringify(right, null, 2), 'known');
  for (let miss = 0; miss < 2000; miss += 1)
    texts.noteOf(JSON.stringify({ name: 'a', level: miss }, null, 2));
  expect(texts.noteOf(JSON.stringify(right, null, 2))).toBe(undefined);
});
