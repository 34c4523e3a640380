import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonObject, type Json } from '../../src/model/json.ts';
import { type Streamed, streamJson } from '../../src/reporters/json-stream.ts';
import { runs } from '../runs.ts';

/** The same value with a stream in place of outer arrays for which `isStreamed` answers so, in their order. */
function streamed(value: Json, isStreamed: () => boolean): Streamed {
  if (Array.isArray(value))
    return isStreamed() ? value.values() : value.map((part: Json) => streamed(part, isStreamed));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, streamed(part ?? null, isStreamed)]),
  );
}

const short = fc.letrec<{ value: Json; list: Json }>((tie) => ({
  list: fc.array(tie('value'), { maxLength: 40, size: 'max' }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, '', 'a\nb', '  ', '}\n]'),
    tie('list'),
    fc.dictionary(fc.constantFrom('a', 'b', '\n'), tie('value'), { noNullPrototype: true }),
  ),
})).value;

test('a stream is written as the array would be, wherever it stands', () => {
  fc.assert(
    fc.property(short, fc.infiniteStream(fc.boolean()), (value, answers) => {
      const given = streamed(value, () => answers.next().value === true);
      expect([...streamJson(given)].join('')).toBe(JSON.stringify(value, null, 2));
    }),
    { numRuns: runs(2000) },
  );
});

test('an element of a stream is written before the next is asked for', () => {
  let made = 0;
  function* endless(): Iterable<object> {
    for (;;) {
      made += 1;
      yield { made };
    }
  }
  const pieces = streamJson({ endless: endless() })[Symbol.iterator]();
  for (let piece = ''; !piece.includes('made'); piece = pieces.next().value ?? '');
  expect(made).toBe(1);
});
