import { expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { operators } from '../../src/rules/operators/index.ts';

/** An operator, its operand, what evidence expects, and what it expects below `not`: each after "expected". */
const expectations: readonly (readonly [string, Json, Json, Json])[] = [
  ['equals', true, true, 'not true'],
  ['notEquals', 'x', 'not x', 'x'],
  ['like', 'kv-*', 'like kv-*', 'not like kv-*'],
  ['notLike', 'kv-*', 'not like kv-*', 'like kv-*'],
  ['match', 'kv-##', 'a match for kv-##', 'no match for kv-##'],
  ['notMatch', 'kv-##', 'no match for kv-##', 'a match for kv-##'],
  [
    'matchInsensitively',
    'kv-??',
    'a match for kv-?? in any letter case',
    'no match for kv-?? in any letter case',
  ],
  [
    'notMatchInsensitively',
    'kv-??',
    'no match for kv-?? in any letter case',
    'a match for kv-?? in any letter case',
  ],
  ['contains', 'x', 'a value with x in it', 'a value without x in it'],
  ['notContains', 'x', 'a value without x in it', 'a value with x in it'],
  ['in', ['x', 'y'], 'one of x, y', 'none of x, y'],
  ['notIn', ['x', 'y'], 'none of x, y', 'one of x, y'],
  ['containsKey', 'owner', 'the key owner', 'no key owner'],
  ['notContainsKey', 'owner', 'no key owner', 'the key owner'],
  ['less', 3, 'less than 3', 'not less than 3'],
  ['lessOrEquals', 3, 'at most 3', 'not at most 3'],
  ['greater', 3, 'more than 3', 'not more than 3'],
  ['greaterOrEquals', 3, 'at least 3', 'not at least 3'],
  ['exists', true, 'set', 'unset'],
  ['exists', 'false', 'unset', 'set'],
];

test.for(expectations)('evidence of %s %j expects %j, and below not %j', ([name, operand, holds, fails]) => {
  expect(operators[name]?.describe(operand, true)).toEqual(holds);
  expect(operators[name]?.describe(operand, false)).toEqual(fails);
});
