import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { hashBytes, knownIds } from '../../src/sources/inventory/known-ids.ts';
import { toResource, isRowProblem } from '../../src/sources/rows/resource.ts';
import { vault } from '../cases/inventories.ts';

function resource(name: string, properties: Json, change: object = {}) {
  const read = toResource({ ...vault(name), properties, ...change });
  if (isRowProblem(read)) throw new Error(read.problem);
  return read;
}

describe('an id that comes again', () => {
  test.for<[string, Json, Json]>([
    [
      'with its keys in another order',
      { a: 1, b: { c: [true], d: 'x' } },
      { b: { d: 'x', c: [true] }, a: 1 },
    ],
    ['with a number in another spelling', { a: 100 }, JSON.parse('{"a":1e2}')],
  ])('names the same %s', ([, one, other]) => {
    const ids = knownIds();
    expect(ids.names(resource('kv-a', one))).toBe('new');
    expect(ids.names(resource('kv-a', other))).toBe('same');
  });

  test.for<[string, Json, Json]>([
    ['true and its text', { a: true }, { a: 'true' }],
    ['null and its text', { a: null }, { a: 'null' }],
    ['null and what is absent', { a: null }, {}],
    ['a number and its text', { a: 1 }, { a: '1' }],
    ['lists in another order', { a: [1, 2] }, { a: [2, 1] }],
    ['a list and its only element', { a: [1] }, { a: 1 }],
    ['lists of lists', { a: [[1], [2]] }, { a: [[1, 2]] }],
    ['an empty list and an empty object', { a: [] }, { a: {} }],
    ['values that changed places', { a: 'x', b: 'y' }, { a: 'y', b: 'x' }],
    ['objects that changed places', { a: { c: 1 }, b: { d: 1 } }, { a: { d: 1 }, b: { c: 1 } }],
    ['texts that are cut elsewhere', { a: ['ab', 'c'] }, { a: ['a', 'bc'] }],
    ['text in another letter case', { a: 'X' }, { a: 'x' }],
    ['a key more', { a: 1 }, { a: 1, b: 1 }],
  ])('tells %s', ([, one, other]) => {
    const ids = knownIds();
    ids.names(resource('kv-a', one));
    expect(ids.names(resource('KV-A', other, { name: 'KV-A' }))).toBe('different');
    expect(ids.names(resource('kv-b', other))).toBe('new');
  });

  test('in another letter case is the same', () => {
    const ids = knownIds();
    const one = resource('kv-a', { a: 1 });
    expect(ids.names(one)).toBe('new');
    expect(ids.names({ ...one, id: one.id.toUpperCase() })).toBe('same');
  });
});

test('rows that are written alike are the same, and others have to be compared', () => {
  const ids = knownIds();
  const one = resource('kv-a', { a: 1, b: 2 });
  const written = (text: string): ReturnType<typeof hashBytes> => {
    const bytes = new DataView(new TextEncoder().encode(`..${text}..`).buffer);
    return hashBytes(bytes, 2, bytes.byteLength - 2);
  };
  expect(ids.names(one, written('{"a":1,"b":2}'))).toBe('new');
  expect(ids.names(one, written('{"a":1,"b":2}'))).toBe('same');
  expect(ids.names(one, written('{"b":2,"a":1}'))).toBe('unclear');
  expect(ids.names(one)).toBe('unclear');
});

test('every byte counts for the hash of bytes', () => {
  const bytes = new TextEncoder().encode('{"id":"/subscriptions/s","n":1}');
  const hashes = new Set<string>();
  for (let at = 0; at <= bytes.length; at += 1) {
    const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
    for (const to of [bytes.length, at])
      hashes.add(JSON.stringify(hashBytes(new DataView(changed.buffer), 0, to)));
  }
  // A change in the last place is none, and each beginning is another text.
  expect(hashes.size).toBe(2 * bytes.length + 1);
});

test('a hundred thousand ids are told apart, and the page is known on which each stood last', () => {
  const ids = knownIds();
  const idOf = (index: number): string => `/subscriptions/s/resourceGroups/rg/providers/a/b/${index}`;
  for (let index = 0; index < 100_000; index += 1) expect(ids.standsOn(idOf(index), 1 + (index % 7))).toBe(0);
  for (let index = 0; index < 100_000; index += 1) expect(ids.standsOn(idOf(index), 8)).toBe(1 + (index % 7));
});
