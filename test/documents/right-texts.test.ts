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

function bytesOf(value: Json): Buffer {
  return Buffer.from(JSON.stringify(value, null, 2));
}

function noteOf(text: string): string | undefined {
  const texts = rightTexts<string>(schema);
  texts.add(bytesOf(right), 'known');
  return texts.noteOf(Buffer.from(text));
}

test.for<[string, Json]>([
  ['nothing', {}],
  ['a text', { name: 'kv b, "c"'.replaceAll('"', "'") }],
  ['an empty text', { name: '' }],
  ['a text beyond ASCII', { name: 'für 鍵' }],
  ['a value that has a text beyond ASCII', { value: { für: ['é'] } }],
  ['a value for one of another kind', { value: 'seven' }],
  ['null for a value', { value: null }],
  ['a text that has a pattern', { hash: 'abcd' }],
  ['a text in an object', { nested: { name: 'c' } }],
  ['a list for a value', { value: [7, [8], {}] }],
  ['an object for a value', { value: { name: ['b', { c: null }], level: 'other' } }],
])('a text is alike with another value: %s', ([, change]) => {
  expect(noteOf(JSON.stringify({ ...right, ...Object(change) }, null, 2))).toBe('known');
});

test.for<[string, Json]>([
  ['a choice', { level: 'high' }],
  ['a text that is none', { name: 1 }],
  ['a text with an escape', { name: 'a"b' }],
  ['a pattern that does not match', { hash: 'ABCD' }],
  ['a control character', { name: 'k\u007f' }],
  ['a list for a text', { name: ['a'] }],
  ['an object for a text', { hash: { a: 1 } }],
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

test('each of many texts is found by itself, and no other one', () => {
  const texts = rightTexts<number>(schema);
  const levels = Array.from({ length: 300 }, (_, level) => level * 7);
  for (const level of levels) texts.add(bytesOf({ name: 'a', level }), level);
  for (let level = 0; level < 2100; level += 1)
    expect(texts.noteOf(bytesOf({ name: 'b', level }))).toBe(level % 7 === 0 ? level : undefined);
});

test('a text that goes on where another one has a value is found', () => {
  const texts = rightTexts<string>(schema);
  const shapes: Record<string, Json> = {
    plain: { name: 'a', level: 1 },
    escaped: { name: 'a"b', level: 1 },
    number: { name: 7, level: 1 },
    list: { name: ['a'], level: 1 },
    longer: { name: ['a', 'b'], level: 1 },
    short: { name: ['a'] },
  };
  for (const [name, shape] of Object.entries(shapes)) texts.add(bytesOf(shape), name);
  for (const [name, shape] of Object.entries(shapes)) expect(texts.noteOf(bytesOf(shape))).toBe(name);
  expect(texts.noteOf(bytesOf({ name: 'text', level: 1 }))).toBe('plain');
  expect(texts.noteOf(bytesOf({ name: ['a'], level: 1 }).subarray(0, -2))).toBe(undefined);
});

const tree = { a: [1, { b: 'c' }], d: {} };

test.for<[string, (text: string) => string]>([
  ['a key that is repeated', (text) => text.replace('"d": {}', '"d": {},\n    "d": {}')],
  ['a key that is repeated in a part', (text) => text.replace('"b": "c"', '"b": "c",\n        "b": "d"')],
  ['another layout', (text) => text.replace('"d": {}', '"d":  {}')],
  ['a comma behind the last one', (text) => text.replace('"d": {}', '"d": {},')],
  ['a word', (text) => text.replace('"c"', 'word')],
  ['a number that would be written otherwise', (text) => text.replace('1', '1.0')],
  ['a bracket of the other kind', (text) => text.replace('{\n    "a"', '[\n    "a"')],
  ['no end', (text) => text.slice(0, text.indexOf('"d"'))],
])('a value is parsed where it has %s', ([, changed]) => {
  const texts = rightTexts<string>(schema);
  texts.add(bytesOf({ value: {} }), 'known');
  for (let time = 0; time < 2; time += 1) {
    expect(texts.noteOf(bytesOf({ value: tree }))).toBe('known');
    expect(texts.noteOf(Buffer.from(changed(text())))).toBe(undefined);
  }
  function text(): string {
    return bytesOf({ value: tree }).toString();
  }
});

test('texts that each go on where the one before has ended are no deep recursion', () => {
  const texts = rightTexts<number>(schema);
  const text = (length: number): Buffer => bytesOf({ name: `"${'1'.repeat(length)}2`, level: 'low' });
  for (let length = 0; length < 1000; length += 1) texts.add(text(length), length);
  expect([0, 500, 999].map((length) => texts.noteOf(text(length)))).toEqual([0, 500, 999]);
});

test('a deep value is looked at once, and not once for each of its levels', () => {
  const texts = rightTexts<string>(schema);
  texts.add(bytesOf({ value: 1 }), 'known');
  const nested = (depth: number): Json => (depth === 0 ? {} : { a: nested(depth - 1) });
  for (const depth of [5, 20, 50, 1500])
    expect(texts.noteOf(bytesOf({ value: nested(depth) }))).toBe('known');
});

test('a value that is shorter than the one before is alike as well', () => {
  const texts = rightTexts<string>(schema);
  texts.add(bytesOf({ value: 1 }), 'known');
  for (const value of [{ a: { long: ['a', 'b', 'c'] } }, { a: { b: [] } }, [], { a: {} }])
    expect(texts.noteOf(bytesOf({ value }))).toBe('known');
});

test('of more texts than are kept, those that came first are known', () => {
  const texts = rightTexts<number>(schema);
  for (let level = 0; level < 1001; level += 1) texts.add(bytesOf({ name: 'a', level }), level);
  expect([999, 1000].map((level) => texts.noteOf(bytesOf({ name: 'a', level })))).toEqual([999, undefined]);
});
