import { expect, test } from 'vitest';
import type { ParameterDefinition } from '../../src/model/rule.ts';
import { checkParameter, parseParameter } from '../../src/rules/parameters.ts';

const list: ParameterDefinition = { type: 'array', default: [] };

test.for<[written: string, items: readonly (string | number)[]]>([
  ['westeurope', ['westeurope']],
  ['westeurope,northeurope', ['westeurope', 'northeurope']],
  [' westeurope , northeurope,', ['westeurope', 'northeurope']],
  ['["Smith, Jane", 5]', ['Smith, Jane', 5]],
  ['', []],
])('the list %j of a command line', ([written, items]) => {
  const value = parseParameter(list, written);
  expect(value).toEqual(items);
  expect(checkParameter(list, value)).toBeUndefined();
});

test('a list in brackets that is no JSON is refused with how to write one', () => {
  expect(checkParameter(list, parseParameter(list, '[a,b]'))).toBe(
    'must be an array, such as a,b or ["a","b"], not "[a,b]"',
  );
});
