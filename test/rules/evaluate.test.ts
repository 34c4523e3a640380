import { describe, expect, test } from 'vitest';
import type { Condition } from '../../src/model/rule.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { compileRule, decisiveEvidence, judge } from '../../src/rules/evaluate.ts';
import { aRule, aVault } from '../build.ts';
import { allOf, anyOf, count, field, not } from './conditions.ts';

const isTrue = field('properties.a', 'equals', true);
const isFalse = field('properties.b', 'equals', true);
const isUnknown = field('properties.hidden', 'equals', true);
const body = { a: true, b: false };
const gaps = ['properties.hidden'];

function verdict(
  require: Condition,
  properties: JsonObject = body,
  hidden: readonly string[] = gaps,
): string {
  return judge(compileRule(aRule(require), {}), aVault(properties, { gaps: hidden }));
}

describe('three-valued logic', () => {
  const table: readonly (readonly [string, Condition, string])[] = [
    ['unknown alone', isUnknown, 'unknown'],
    ['not unknown', not(isUnknown), 'unknown'],
    ['true and unknown', allOf(isTrue, isUnknown), 'unknown'],
    ['false and unknown', allOf(isUnknown, isFalse), 'nonCompliant'],
    ['true or unknown', anyOf(isUnknown, isTrue), 'compliant'],
    ['false or unknown', anyOf(isFalse, isUnknown), 'unknown'],
    ['all of nothing', allOf(), 'compliant'],
    ['any of nothing', anyOf(), 'nonCompliant'],
  ];
  test.for(table)('%s', ([, condition, expected]) => {
    expect(verdict(condition)).toBe(expected);
  });

  test.for(['exists', 'notEquals', 'notIn', 'notLike'])('%s on a gap is unknown, not missing', (operator) => {
    const expected = operator === 'notIn' ? ['x'] : false;
    expect(verdict(field('properties.hidden.deep', operator, expected))).toBe('unknown');
  });

  test('a gap below a field makes the field unknown', () => {
    expect(verdict(field('properties', 'exists', true))).toBe('unknown');
  });

  test('a field whose name only begins like a gap is read', () => {
    expect(verdict(field('properties.hiddenToo', 'exists', false))).toBe('compliant');
  });

  test('an unknown when is unknown, whatever require says', () => {
    const rule = compileRule(aRule(isTrue, { when: isUnknown }), {});
    expect(judge(rule, aVault(body, { gaps }))).toBe('unknown');
    expect(decisiveEvidence(rule, aVault(body, { gaps }))).toEqual([
      {
        field: 'properties.hidden',
        expected: true,
        actual: { kind: 'unreadable', words: 'could not be read' },
      },
    ]);
  });

  test('a false when is not applicable', () => {
    expect(judge(compileRule(aRule(isTrue, { when: isFalse }), {}), aVault(body))).toBe('notApplicable');
  });
});

describe('arrays', () => {
  const policies = {
    list: [{ id: 'x', keys: ['get', 'purge'] }, { id: 'y', keys: [] }, { id: 'z' }],
  };
  const purges = not(field('properties.list[*].keys[*]', 'notEquals', 'purge'));
  const table: readonly (readonly [string, Condition, JsonObject, string])[] = [
    ['[*] means every element', field('properties.n[*]', 'less', 3), { n: [1, 2] }, 'compliant'],
    ['[*] fails on one element', field('properties.n[*]', 'less', 2), { n: [1, 2] }, 'nonCompliant'],
    ['[*] on an empty array holds', field('properties.n[*]', 'less', 2), { n: [] }, 'compliant'],
    ['[*] on a missing array holds', field('properties.n[*]', 'less', 2), {}, 'compliant'],
    [
      'a member that an element lacks is missing',
      field('properties.list[*].keys', 'exists', true),
      policies,
      'nonCompliant',
    ],
    [
      'nested [*] flattens',
      field('properties.list[*].keys[*]', 'in', ['get', 'purge']),
      policies,
      'compliant',
    ],
    ['count counts all', count('properties.list[*]', undefined, ['equals', 3]), policies, 'compliant'],
    [
      'count of a missing array is 0',
      count('properties.none[*]', undefined, ['equals', 0]),
      policies,
      'compliant',
    ],
    [
      'where looks at the current element',
      count('properties.list[*]', purges, ['equals', 1]),
      policies,
      'compliant',
    ],
    [
      'where may look at the resource too',
      count('properties.list[*]', allOf(purges, field('properties.on', 'equals', true)), ['equals', 1]),
      { ...policies, on: true },
      'compliant',
    ],
    [
      'counts nest',
      count(
        'properties.list[*]',
        count('properties.list[*].keys[*]', field('properties.list[*].keys[*]', 'equals', 'purge'), [
          'greater',
          0,
        ]),
        ['equals', 1],
      ),
      policies,
      'compliant',
    ],
  ];
  test.for(table)('%s', ([, condition, properties, expected]) => {
    expect(verdict(condition, properties, [])).toBe(expected);
  });

  const unknownElements = (expectation: [string, Json]): Condition =>
    count('properties.list[*]', isUnknown, expectation);
  test.for<[[string, Json], string]>([
    [['equals', 0], 'unknown'],
    [['lessOrEquals', 3], 'compliant'],
    [['greater', 3], 'nonCompliant'],
    [['greaterOrEquals', 3], 'unknown'],
  ])('a count of unknown elements is a range: %j is %s', ([expectation, expected]) => {
    expect(verdict(unknownElements(expectation), policies)).toBe(expected);
  });

  test('a hidden array cannot be counted', () => {
    expect(verdict(count('properties.hidden[*]', undefined, ['equals', 0]))).toBe('unknown');
  });
});

describe('parameters', () => {
  const require = field('properties.days', 'greaterOrEquals', "[parameters('minimum')]");
  const rule = aRule(require, { parameters: { minimum: { type: 'integer', default: 90 } } });

  test('a default is used, and a value overrules it', () => {
    expect(judge(compileRule(rule, {}), aVault({ days: 30 }))).toBe('nonCompliant');
    expect(judge(compileRule(rule, { minimum: 30 }), aVault({ days: 30 }))).toBe('compliant');
  });

  test('evidence shows the value in force', () => {
    const facts = decisiveEvidence(compileRule(rule, { minimum: 30 }), aVault({ days: 7 }));
    expect(facts).toEqual([
      { field: 'properties.days', expected: 'at least 30', actual: { kind: 'read', value: 7 } },
    ]);
  });

  test('[[ escapes a literal bracket', () => {
    expect(
      verdict(field('properties.a', 'equals', "[[parameters('x')]"), { a: "[parameters('x')]" }, []),
    ).toBe('compliant');
  });
});

describe('evidence', () => {
  const facts = (require: Condition, properties: JsonObject, unset = {}) =>
    decisiveEvidence(compileRule(aRule(require, { unset }), {}), aVault(properties, { gaps }));

  test('unset is told apart from false, with what it means to the service', () => {
    const unset = { 'properties.a': 'service default' };
    expect(facts(isTrue, { a: false }, unset)).toEqual([
      { field: 'properties.a', expected: true, actual: { kind: 'read', value: false } },
    ]);
    expect(facts(isTrue, { a: null }, unset)).toEqual([
      { field: 'properties.a', expected: true, actual: { kind: 'unset', words: 'unset (service default)' } },
    ]);
    expect(facts(isTrue, {})).toEqual([
      { field: 'properties.a', expected: true, actual: { kind: 'unset', words: 'unset' } },
    ]);
  });

  test('a failed allOf names only what failed', () => {
    expect(facts(allOf(isTrue, isFalse), body).map((fact) => fact.field)).toEqual(['properties.b']);
  });

  test('alternatives for one field become one line', () => {
    const either = anyOf(isFalse, field('properties.b', 'exists', false));
    expect(facts(either, body)).toEqual([
      { field: 'properties.b', expected: 'true or unset', actual: { kind: 'read', value: false } },
    ]);
  });

  test('a count names the elements that it counted', () => {
    const require = count('properties.list[*]', field('properties.list[*].bad', 'equals', true), [
      'equals',
      0,
    ]);
    expect(facts(require, { list: [{ bad: false }, { bad: true, id: 7 }] })).toEqual([
      { field: 'count(properties.list[*])', expected: 0, actual: { kind: 'read', value: 1 } },
      {
        field: 'properties.list[1]',
        expected: 'no such element',
        actual: { kind: 'read', value: { bad: true, id: 7 } },
      },
    ]);
  });

  test('below not, the expectation is turned round', () => {
    expect(facts(not(isTrue), body)).toEqual([
      { field: 'properties.a', expected: 'not true', actual: { kind: 'read', value: true } },
    ]);
  });
});

test.for(['tags.Env', "tags['env']"])('%s finds the tag in any letter case', (path) => {
  const tagged = aVault({}, { body: { tags: { ENV: 'prod' } } });
  expect(judge(compileRule(aRule(field(path, 'equals', 'prod')), {}), tagged)).toBe('compliant');
});

describe('names that every object has are not fields', () => {
  test.for(['properties.constructor', 'properties.__proto__', 'properties.toString'])(
    '%s is unset',
    (path) => {
      expect(verdict(field(path, 'exists', false), {}, [])).toBe('compliant');
    },
  );
});
