import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../src/model/rule.ts';
import type { Json } from '../../../src/model/json.ts';
import { askBoth } from './both.ts';

const each = 'properties.list[*]';
const rows: readonly (readonly [rule: string, Condition])[] = [
  ['no element is purge', counted(is(each, 'purge'), 'equals', 0)],
  ['some element is purge', counted(is(each, 'purge'), 'greaterOrEquals', 1)],
  ['two elements are purge', counted(is(each, 'purge'), 'equals', 2)],
  ['one or three elements are purge', counted(is(each, 'purge'), 'in', [1, 3])],
  ['at most one element is purge', counted(is(each, 'purge'), 'less', 2)],
  ['five or six elements are purge', counted(is(each, 'purge'), 'in', [5, 6])],
  ['six elements are purge', counted(is(each, 'purge'), 'equals', 6)],
  ['every element is purge', is(each, 'purge')],
  ['not every element is purge', not(is(each, 'purge'))],
  ['some element is not purge', counted(not(is(each, 'purge')), 'greater', 0)],
  ['no element is unset', counted(not(compared(each, 'exists', true)), 'equals', 0)],
  ['an element is unset', counted(compared(each, 'exists', false), 'greaterOrEquals', 1)],
  ['all elements are below 90', compared(each, 'less', 90)],
];

const p = 'Purge';
const strings: readonly Json[] = [[], [p], ['get'], [p, 'get'], [p, p], [p, p, p], ['get', p, 'set']];
const others: readonly Json[] = [[null], [p, null], [null, null, p], ['unpurged'], [90, 7]];
const shortLists = [...strings, ...others];
/** A list of another type may hold what KQL does not see: the evaluator decides, or says that it cannot. */
const noLists: readonly Json[] = [null, 'purge', 7, {}];
const longLists: readonly Json[] = [4, 5, 6, 7, 40].flatMap((length) => [
  { length, 0: p },
  Array.from({ length }, () => p),
  Array.from({ length }, () => 'get'),
  Array.from({ length }, (_, index) => (index === length - 1 ? p : 'get')),
  Array.from({ length }, (_, index) => (index === 0 ? p : 'get')),
  Array.from({ length }, (_, index) => (index === length - 1 ? null : p)),
]);

describe('a rule about the elements of an array', () => {
  test.for(rows)('%s: filtered exactly up to three elements', ([, require]) => {
    const both = askBoth(require, shortLists.map(holding));
    expect(both.map(({ kept }) => kept)).toEqual(both.map(({ fails }) => fails));
  });

  test.for(rows)('%s: of longer arrays and of what is no array, no failing one is lost', ([, require]) => {
    const both = askBoth(require, [...longLists, ...noLists].map(holding));
    expect(both.filter(({ kept, fails }) => fails && !kept)).toEqual([]);
  });
});

test('what is looked for in the text of an array drops arrays of any length', () => {
  const policies = (right: string): Json =>
    Array.from({ length: 100 }, (_, index) => ({ rights: index === 77 ? ['get', right] : ['get'] }));
  const named = not(compared('properties.list[*].rights[*]', 'notEquals', 'purge'));
  const require = counted(named, 'equals', 0);
  const both = askBoth(require, [policies('list'), policies('PURGE')].map(holding));
  expect(both).toEqual([
    { fails: false, kept: false },
    { fails: true, kept: true },
  ]);
});

test('the length of an array is compared whatever it is', () => {
  const require = counted(undefined, 'lessOrEquals', 40);
  const lists = [0, 5, 6, 40, 41].map((length) => Array.from({ length }, () => 'x'));
  const both = askBoth(require, [...lists, null, 'text'].map(holding));
  expect(both.map(({ kept }) => kept)).toEqual([false, false, false, false, true, true, true]);
});

function holding(list: Json): { readonly list: Json } {
  return { list };
}

function compared(path: string, operator: string, expected: Json): Condition {
  return { kind: 'comparison', operand: { kind: 'field', path }, operator, expected };
}

function is(path: string, expected: string): Condition {
  return compared(path, 'equals', expected);
}

function not(condition: Condition): Condition {
  return { kind: 'not', condition };
}

function counted(where: Condition | undefined, operator: string, expected: Json): Condition {
  const operand = { kind: 'count', field: each, ...(where === undefined ? {} : { where }) } as const;
  return { kind: 'comparison', operand, operator, expected };
}
