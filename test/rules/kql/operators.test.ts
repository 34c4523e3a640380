import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../src/model/rule.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { compileRule } from '../../../src/rules/evaluate.ts';
import { shorterNames } from '../../../src/rules/kql/literal.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { operators } from '../../../src/rules/operators/index.ts';
import { aRule } from '../../build.ts';
import { askBoth } from './both.ts';
import { hardTexts } from './pools.ts';
import { problemsIn } from './graph.ts';

const missing = Symbol('missing');
type Row = readonly [operator: string, expected: Json, exact: readonly Actual[], kept?: readonly Actual[]];
type Actual = Json | typeof missing;

// Of `exact` values the filter knows what the evaluator says; `kept` ones it keeps although some pass.
const rows: readonly Row[] = [
  ['equals', true, [true, 'TRUE', false, 'false', null, missing, '', 1, [true], {}]],
  ['equals', 'Deny', ['deny', 'Allow', '', null, missing, ['Deny'], { Deny: 1 }, ' Deny', 'Dény']],
  ['equals', 'Disk', ['DISK', 'disc', null], ['Dis\u212A']],
  ['equals', 90, [90, '90', 89, '089', null, true], ['90.0', '9e1']],
  ['equals', 'it\'s \\ "x"', ['IT\'S \\ "X"', 'its']],
  ['equals', '', [], ['', null, missing]],
  ['equals', 'straße', [], ['straße', 'STRASSE', null]],
  ['equals', '["a"]', [], ['["a"]', ['a']]],
  ['equals', 89.5, [], [89.5, '89.5', 1]],
  ['in', ['Disabled', 'SecuredByPerimeter'], ['disabled', 'Enabled', null, missing, [], 'x']],
  ['in', ['a', 90], ['A', 90, '90', 'b', null]],
  ['in', [], ['a', '', null, missing, {}]],
  ['exists', true, [true, false, '', 0, [], {}, null, missing]],
  ['less', 90, [89, '89', 90, -5, null, missing], [89.5, '1e1']],
  ['greaterOrEquals', 90, [90, '90', 89, '7'], ['90.0', 'ninety', true]],
  ['greaterOrEquals', 7.5, [8, 7]],
  [
    'greater',
    '2026-01-01',
    [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:01Z',
      '2025-12-31T23:59:59.999Z',
      '2026-13-45',
      '2026-01-01T25:00:00Z',
      '2026-02-01',
    ],
  ],
  [
    'greater',
    '2026-01-01',
    [],
    ['2026-01-01T01:00:00-02:00', '2026-01-02 10:00', '2026-01-02T10:00', 'soon', 7],
  ],
  ['greater', 'b', [], ['c', 'a', 7]],
  ['like', 'kv-*', ['KV-a', 'kv', 'akv-', null, missing, ['kv-a'], 7, true]],
  ['like', '*-prod', ['a-PROD', 'prod', null, ['a-prod']]],
  ['like', '*urg*', ['Purge', 'get', null], [['purge']]],
  ['like', 'kv-*-prod', ['KV-a-prod', 'kv-prod', 'kv- -prod', null]],
  ['like', 'Deny', ['deny', 'denied', null]],
  ['like', '*', [], ['a', '', 7]],
  ['like', '9*', [], [90, '9']],
  ['match', 'kv-##-?', ['kv-12-a', 'KV-12-a', 'kv-1-a', '', null, missing, ['kv-12-a']]],
  ['match', '##', [], ['12', 12, 'ab']],
  ['match', '????', [], ['true', true]],
  ['match', '...x', ['abcx', 'abc', null], [['x']]],
  ['matchInsensitively', 'kv-##', ['KV-12', 'kv-1', null], ['\u212Av-12']],
  ['contains', 'purge', ['Unpurged', 'get', null, missing, true, 7], [['purge'], ['get'], { purge: 1 }]],
  ['contains', 'ru', [], [true, 'rule']],
  ['contains', 90, [], [['90'], [90.0], '1900']],
  [
    'containsKey',
    'Owner',
    [{ Owner: 1 }, { owner: 1 }, {}, null, missing, 'owner', ['owner'], { 'x"owner': 1 }],
  ],
  ['containsKey', 'owner', [{ owner: 'me' }, { owners: 1 }], [{ OWNER: 1 }, { owner: null }]],
];

describe('what the filter keeps of a rule that requires a comparison', () => {
  test.for(rows)('%s %j', ([operator, expected, exact, kept = []]) => {
    const require = comparison(operator, expected);
    expect(keptOf(require, exact)).toEqual(failingOf(require, exact));
    expect(keptOf(require, kept)).toEqual(kept);
  });
});

describe('what the filter keeps of a rule that forbids a comparison', () => {
  const forbidden: readonly Row[] = [
    ['equals', 'Deny', ['deny', 'Allow', null, missing, ['Deny'], {}]],
    ['equals', 'Disk', ['disk', 'other', null]],
    ['equals', 90, [90, '90', 91, null, missing, 'x']],
    ['exists', true, [true, '', null, missing]],
    ['in', ['a', 'b'], ['A', 'c', null]],
    ['less', 90, [89, 90, null, missing]],
    ['like', 'kv-*', ['kv-a', 'a', null]],
    ['match', 'kv-##', ['kv-12', 'kv-1', null]],
    ['contains', 'purge', ['a purge', ['get', 'Purge'], ['get'], null, missing, true]],
    ['containsKey', 'owner', [{ OWNER: 1 }, {}, null, missing]],
  ];
  test.for(forbidden)('%s %j', ([operator, expected, exact]) => {
    const require: Condition = { kind: 'not', condition: comparison(operator, expected) };
    // An explicit null is named, as a member in another letter case would be, and is therefore kept.
    const kept = keptOf(require, exact).filter((actual) => actual !== null);
    expect(kept).toEqual(failingOf(require, exact));
  });
});

test('every operator, with every hard text, compiles to a query that binds', () => {
  const problems = Object.keys(operators).flatMap((operator) => {
    const rules = hardTexts.map((text) =>
      compileRule(aRule(comparison(operator, operandFor(operator, text))), {}),
    );
    return problemsIn(`resources | ${shorterNames} | where ${compilePrefilter(rules).predicate}`);
  });
  expect(problems).toEqual([]);
});

function operandFor(operator: string, text: string): Json {
  const kind = operators[operator]?.kind;
  if (kind === 'presence') return true;
  return kind === 'membership' ? [text, 'x'] : text;
}

function comparison(operator: string, expected: Json): Condition {
  return { kind: 'comparison', operand: { kind: 'field', path: 'properties.value' }, operator, expected };
}

function keptOf(require: Condition, actuals: readonly Actual[]): readonly Actual[] {
  const both = askBoth(require, actuals.map(holding));
  return actuals.filter((_, index) => both[index]?.kept);
}

function failingOf(require: Condition, actuals: readonly Actual[]): readonly Actual[] {
  const both = askBoth(require, actuals.map(holding));
  return actuals.filter((_, index) => both[index]?.fails);
}

function holding(actual: Actual): JsonObject {
  return actual === missing ? {} : { value: actual };
}
