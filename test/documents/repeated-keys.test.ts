import { assert, json, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { repeatedKeys } from '../../src/documents/json/repeated-keys.ts';

const found = (text: string) => repeatedKeys(text, JSON.parse(text)).map(({ key, offset }) => [key, offset]);

describe('a key that an object holds twice', () => {
  test.for<[string, readonly (readonly [string, number])[]]>([
    ['{"a":1,"a":2}', [['a', 7]]],
    ['{"a":1,"a":1}', [['a', 7]]],
    ['[{"b":{"a":1}},{"b":{"a":1,"c":0,"a":null}}]', [['a', 33]]],
    [
      '{"a" :1,"a"\n\t:2,"a":3}',
      [
        ['a', 8],
        ['a', 16],
      ],
    ],
    ['{"id":1,"\\u0069d":2}', [['id', 8]]],
    ['{"a\\"":1,"a\\"":2}', [['a"', 9]]],
    ['{"a\\\\":1,"a\\\\":2}', [['a\\', 9]]],
    ['{"__proto__":1,"__proto__":2}', [['__proto__', 15]]],
    ['{"":1,"":2}', [['', 6]]],
    ['{"a":{"a":1},"b":[{"a":1},{"a":1}]}', []],
    ['{"a":"\\":\\"a\\":","b":":"}', []],
    ['{"__proto__":1,"constructor":2}', []],
    ['["a","a",":"]', []],
    ['"a"', []],
    ['{"a":1,"A":2}', []],
  ])('%s', ([text, expected]) => {
    expect(found(text)).toEqual(expected);
  });

  test('is found wherever it is put, and nothing else is', () => {
    assert(
      property(json(), string(), json(), (before, key, after) => {
        expect(found(before)).toEqual([]);
        const name = JSON.stringify(key);
        const text = `[${before}, {${name}: ${before}, ${name} : ${after}}]`;
        expect(found(text)).toEqual([[key, text.indexOf(`${name} :`, before.length + name.length + 5)]]);
      }),
    );
  });

  test('in an object that is nested deeper than the stack', () => {
    const deep = '{"a":'.repeat(200_000);
    expect(found(`${deep}{"b":1,"b":2}${'}'.repeat(200_000)}`)).toEqual([['b', deep.length + 7]]);
  });

  test('in a string too long for a pattern', () => {
    const long = `"${'\\"x'.repeat(3_000_000)}"`;
    expect(found(`{"a":${long},"a":0}`)).toEqual([['a', long.length + 6]]);
  });
});

test.each([
  ['a value begins like the end of a key', '{"a":": x","b":1}'],
  ['a text holds a quote before a colon', '{"a":"{\\"b\\":1}","c":2}'],
  ['a colon follows a key after a space', '{"a" : 1,"b"\n:2}'],
])('counts no more keys than there are: %s', (_, text) => {
  expect(found(text)).toEqual([]);
});

test('finds a key that is repeated where a text holds a quote before a colon', () => {
  expect(found('{"a":"\\":","b":1,"b":2}')).toEqual([['b', 17]]);
});
