import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import type { Condition } from '../../src/model/rule.ts';
import { evidenceWords } from '../../src/reporters/words/values.ts';
import { compileRule, decisiveEvidence } from '../../src/rules/evaluate.ts';
import { aRule, aVault } from '../build.ts';
import { shippedRules } from '../shipped-rules.ts';
import { allOf, anyOf, count, field, isTrue, literal, not } from './conditions.ts';

const [a, b, c, d] = [isTrue('a'), isTrue('b'), isTrue('c'), isTrue('d')] as const;

interface Surroundings {
  readonly gaps?: readonly string[];
  readonly unset?: Readonly<Record<string, string>>;
}

function facts(require: Condition, properties: JsonObject, { gaps = [], unset = {} }: Surroundings = {}) {
  return decisiveEvidence(compileRule(aRule(require, { unset }), {}), aVault(properties, { gaps }));
}

type Case = readonly [string, Condition, JsonObject, readonly string[], Surroundings?];

const noBad = count('properties.list[*]', field('properties.list[*].bad', 'equals', true), ['equals', 0]);
const b7 = field('properties.b', 'less', 7);
const bUnset = field('properties.b', 'exists', false);

const failing: readonly Case[] = [
  [
    'anyOf',
    anyOf(a, b),
    { a: false },
    ['a is false and b is unset, expected either a to be true or b to be true'],
  ],
  [
    'anyOf of three',
    anyOf(a, b, c),
    { a: false, b: false, c: 1 },
    ['a is false, b is false and c is 1, expected either a to be true or b to be true or c to be true'],
  ],
  [
    'the meaning of what is unset',
    anyOf(a, b),
    { a: false },
    ['a is false and b is unset (off), expected either a to be true or b to be true'],
    { unset: { 'properties.b': 'off' } },
  ],
  [
    'anyOf in allOf',
    allOf(a, anyOf(b, c)),
    { a: false, b: false, c: false },
    ['a is false, expected true', 'b is false and c is false, expected either b to be true or c to be true'],
  ],
  [
    'allOf in anyOf',
    anyOf(a, allOf(b, c)),
    { a: false, b: false, c: false },
    ['a is false, b is false and c is false, expected either a to be true, or b to be true and c to be true'],
  ],
  [
    'allOf in anyOf, of which one part fails',
    anyOf(a, allOf(b, c)),
    { a: false, b: false, c: true },
    ['a is false and b is false, expected either a to be true or b to be true'],
  ],
  [
    'anyOf in allOf in anyOf',
    anyOf(a, allOf(b, anyOf(c, d))),
    { a: false, b: false, c: false, d: false },
    [
      'a is false, b is false, c is false and d is false, ' +
        'expected either a to be true, or b to be true and (either c to be true or d to be true)',
    ],
  ],
  [
    'anyOf in an allOf in anyOf, of which it alone fails',
    anyOf(a, allOf(b, anyOf(c, d))),
    { a: false, b: true, c: false, d: false },
    ['a is false, c is false and d is false, expected either a to be true or c to be true or d to be true'],
  ],
  [
    'anyOf in anyOf',
    anyOf(a, anyOf(b, c)),
    { a: false, b: false, c: false },
    ['a is false, b is false and c is false, expected either a to be true or b to be true or c to be true'],
  ],
  [
    'not over allOf',
    not(allOf(a, b)),
    { a: true, b: true },
    ['a is true and b is true, expected either a not to be true or b not to be true'],
  ],
  [
    'not over anyOf',
    not(anyOf(a, b)),
    { a: true, b: true },
    ['a is true, expected not true', 'b is true, expected not true'],
  ],
  [
    'not over an allOf with an anyOf',
    not(allOf(a, anyOf(b, not(c)))),
    { a: true, b: true, c: false },
    [
      'a is true, b is true and c is false, ' +
        'expected either a not to be true, or b not to be true and c to be true',
    ],
  ],
  [
    'alternatives for one field',
    anyOf(a, field('properties.a', 'exists', false)),
    { a: false },
    ['a is false, expected true or unset'],
  ],
  [
    'alternatives for one field among others',
    anyOf(b7, a, bUnset),
    { b: 9 },
    ['b is 9 and a is unset, expected either b to be less than 7 or unset, or a to be true'],
  ],
  [
    'alternatives for one field that are left of others',
    anyOf(a, allOf(b, field('properties.a', 'exists', false))),
    { a: false, b: true },
    ['a is false, expected true or unset'],
  ],
  [
    'several things of one value',
    allOf(field('properties.a', 'notEquals', 'x'), field('properties.a', 'in', ['y', 'z'])),
    { a: 'x' },
    ['a is x, expected not x and one of y, z'],
  ],
  [
    'an alternative that a parameter turned off',
    anyOf(a, allOf(b, literal('strict', 'equals', 'lax')), literal('strict', 'equals', 'lax')),
    { a: false, b: false },
    ['a is false, expected true'],
  ],
  [
    'a value of one field that a parameter turned off',
    anyOf(b7, allOf(bUnset, literal('strict', 'equals', 'lax'))),
    { b: 9 },
    ['b is 9, expected less than 7'],
  ],
  [
    'a count in anyOf',
    anyOf(noBad, a),
    { list: [{ bad: false }, { bad: true, name: 'one' }], a: false },
    [
      'count(list[*]) is 1, list[1] is name one: bad and a is false, ' +
        'expected either count(list[*]) to be 0 or a to be true',
    ],
  ],
  [
    'every element of a list in anyOf',
    anyOf(field('properties.n[*]', 'less', 3), a),
    { n: [5], a: false },
    ['n[*] is [5] and a is false, expected either n[*] to be less than 3 or a to be true'],
  ],
  [
    'keys',
    anyOf(field('properties.a', 'containsKey', 'x'), field('properties.b', 'notContainsKey', 'y')),
    { a: {}, b: { y: 1 } },
    ['a is {} and b is {"y":1}, expected either a to have the key x or b to have no key y'],
  ],
  [
    'two groups',
    allOf(anyOf(a, b), anyOf(c, d)),
    {},
    [
      'a is unset and b is unset, expected either a to be true or b to be true',
      'c is unset and d is unset, expected either c to be true or d to be true',
    ],
  ],
];

const undecided: readonly Case[] = [
  [
    'no alternative could be read',
    anyOf(a, b),
    {},
    ['a could not be read and b could not be read, expected either a to be true or b to be true'],
    { gaps: ['properties.a', 'properties.b'] },
  ],
  [
    'one alternative could not be read, the others fail',
    anyOf(a, b, c),
    { b: false },
    ['a could not be read, expected true'],
    { gaps: ['properties.a'] },
  ],
  [
    'an alternative could not be read in part',
    anyOf(a, allOf(b, c)),
    { b: true },
    ['a could not be read and c could not be read, expected either a to be true or c to be true'],
    { gaps: ['properties.a', 'properties.c'] },
  ],
];

const passing: readonly Case[] = [
  ['the first alternative that holds', anyOf(a, b, c), { b: true, c: true }, ['b is true, expected true']],
  ['the first value that will do', anyOf(b7, bUnset), {}, ['b is unset, expected unset']],
  [
    'one part of what must not all hold',
    not(allOf(a, b)),
    { a: false, b: false },
    ['a is false, expected not true'],
  ],
  [
    'a count, without the elements that may be there',
    count('properties.list[*]', a, ['less', 3]),
    { a: true, list: [1] },
    ['count(list[*]) is 1, expected less than 3'],
  ],
];

describe('evidence in words', () => {
  test.for([...failing, ...undecided, ...passing])(
    '%s',
    ([, require, properties, sentences, surroundings]) => {
      expect(evidenceWords(facts(require, properties, surroundings))).toEqual(sentences);
    },
  );
});

test('facts of one option are numbered alike, and those of a part of it say within which', () => {
  const nested = facts(allOf(d, anyOf(a, allOf(b, anyOf(c, isTrue('e')))), anyOf(a, b)), {});
  const within = { group: 1, option: 2 };
  expect(
    nested.map(({ field: path, alternative }) => [path.slice('properties.'.length), alternative]),
  ).toEqual([
    ['d', undefined],
    ['a', { group: 1, option: 1 }],
    ['b', within],
    ['c', { group: 2, option: 1, within }],
    ['e', { group: 2, option: 2, within }],
    ['a', { group: 3, option: 1 }],
    ['b', { group: 3, option: 2 }],
  ]);
});

describe('a counted element is named by its id and by the members for which it counts', () => {
  const [purge] = shippedRules(['AKV005']);
  const [rights] = shippedRules(['AKV401']);

  test('an access policy: who may purge what', () => {
    const accessPolicies = [
      { objectId: '1111', permissions: { keys: ['get'] } },
      { objectId: '2222', permissions: { keys: ['purge'], secrets: ['get', 'Purge'] } },
    ];
    expect(evidenceWords(decisiveEvidence(purge!, aVault({ accessPolicies })))).toEqual([
      'count(accessPolicies[*]) is 1, expected 0',
      'accessPolicies[1] is objectId 2222: keys, secrets, expected no such element',
    ]);
  });

  test('a principal: who may purge, and by which assignment', () => {
    const principals = [
      { id: '3333', type: 'User', name: 'Alex', canPurgeVault: true, by: ['Contributor at /'] },
      { id: '4444', type: 'Group', canPurgeVault: false, canPurgeObjects: true },
    ];
    const { body, ...vault } = aVault({});
    const evidence = decisiveEvidence(rights!, {
      ...vault,
      body: { ...body, access: { complete: true, principals } },
    });
    expect(evidenceWords(evidence)).toEqual([
      'count(access.principals[*]) is 2, expected 0',
      'access.principals[0] is id 3333 (Alex): canPurgeVault, by Contributor at /, expected no such element',
      'access.principals[1] is id 4444: canPurgeObjects, expected no such element',
    ]);
  });

  test('values that are not simply true are shown, and members of one name by their paths', () => {
    const where = allOf(
      field('properties.list[*].days', 'less', 7),
      field('properties.list[*].owner', 'exists', false),
      anyOf(
        field('properties.list[*].old.on', 'equals', true),
        field('properties.list[*].new.on', 'equals', true),
      ),
      field('properties.all', 'equals', true),
    );
    const element = { name: 'one', days: 3, old: { on: true }, new: { on: true } };
    const [, line] = facts(count('properties.list[*]', where, ['equals', 0]), { all: true, list: [element] });
    expect(line?.actual).toEqual({
      kind: 'read',
      value: element,
      words: 'name one: days 3, owner unset, old.on, new.on',
    });
  });

  test('an element that nothing names is shown whole', () => {
    expect(evidenceWords(facts(noBad, { list: [{ bad: true, id: 7 }] }))).toEqual([
      'count(list[*]) is 1, expected 0',
      'list[0] is {"bad":true,"id":7}, expected no such element',
    ]);
  });
});
