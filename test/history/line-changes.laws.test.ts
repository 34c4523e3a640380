import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChanges, changesBetween } from '../../src/history/line-changes.ts';
import { runs } from '../runs.ts';

const texts = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.boolean()),
);
const line = fc.oneof(
  texts.map((tags) => JSON.stringify({ resource: { id: 'kv', body: { tags } } })),
  fc.constantFrom('{"a":1}', '{"a":2}', '{"b":"ü"}', ''),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify({ text })),
);
const lines = fc.array(line, { maxLength: 12 });

/** A list, and what became of it: lines gone, new, moved and changed. */
const versions = fc
  .tuple(lines, fc.array(fc.tuple(fc.nat(11), fc.option(line)), { maxLength: 16 }))
  .map(([older, steps]) => {
    const newer = steps.flatMap(([at, added]) => [
      ...(older[at] === undefined ? [] : [older[at]]),
      ...(added === null ? [] : [added]),
    ]);
    return [older, newer] as const;
  });

describe('changes between lists of lines', () => {
  test('lead from the one to the other', () => {
    fc.assert(
      fc.property(fc.oneof(versions, fc.tuple(lines, lines)), ([older, newer]) => {
        expect(applyChanges(older, changesBetween(older, newer))).toEqual(newer);
      }),
      { numRuns: runs(4000) },
    );
  });

  test('are one line where nothing changed, and one edit where a part of a line did', () => {
    const older = Array.from(
      { length: 50 },
      (_, index) => `{"resource":{"id":"kv-${index}","on":true,"tags":{}}}`,
    );
    expect([...changesBetween(older, older)]).toEqual(['{"copy":[0,50]}']);
    const newer = older.with(20, `{"resource":{"id":"kv-20","on":false,"tags":{}}}`);
    expect([...changesBetween(older, newer)]).toEqual([
      '{"copy":[0,20]}',
      '{"edit":[20,30,-7,":false,\\""]}',
      '{"copy":[21,29]}',
    ]);
  });

  test.for([
    '{"copy":[0,3]}',
    '{"copy":[1,2]}',
    '{"copy":[-1,1]}',
    '{"copy":["0",1]}',
    '{"copy":[0.5,1]}',
    '{"copy":[0,1',
    '{"copy":[]}',
    '{"edit":[2,1,"x"]}',
    '{"edit":[0,9,"x"]}',
    '{"edit":[0,3,-9]}',
    '{"edit":[0,1.5]}',
    '{"edit":[0,null]}',
    '{"edit":[]}',
    '{"edit":null}',
  ])('refuses %s, which is about another list', (change) => {
    expect(() => applyChanges(['{"a":1}', '{"b":2}'], [change])).toThrow(RangeError);
  });
});
