import { describe, expect, test } from 'vitest';
import { describeCondition } from '../../src/rules/condition/describe-condition.ts';
import { loadRules } from '../../src/rules/load/rules.ts';
import { ruleJson, rulePage } from '../../src/rules/rule-page.ts';
import { shippedRules } from '../../src/files/shipped-rules.ts';
import { fileOf } from './load/fixtures.ts';

const frame = {
  id: 'ORG001',
  name: 'an-example',
  title: 'An example',
  severity: 'low',
  resourceType: 'Contoso.Example/things',
  description: 'The frame around a condition.',
  parameters: {
    most: { type: 'integer', default: 3, minimum: 1 },
    names: { type: 'array', default: ['a'] },
    present: { type: 'boolean', default: true },
  },
};

function ruleWith(require: object, more: object = {}) {
  const [rule] = loadRules([fileOf(JSON.stringify({ ...frame, ...more, require }))]).rules;
  return rule!;
}

function words(require: object): string {
  return describeCondition(ruleWith(require).require).join('\n');
}

/** An operator, its operand, what is said of the field `a`, and what is said below `not`. */
const said: readonly (readonly [string, unknown, string, string])[] = [
  ['equals', true, 'is `true`', 'is not `true`'],
  ['equals', '', 'is the empty text', 'is not the empty text'],
  ['equals', "[parameters('most')]", 'is the parameter `most`', 'is not the parameter `most`'],
  ['equals', '[[x]', 'is `[x]`', 'is not `[x]`'],
  ['equals', 'a`b', 'is `` a`b ``', 'is not `` a`b ``'],
  ['notEquals', 'x', 'is not `x`', 'is `x`'],
  ['like', 'kv-*', 'is like `kv-*`', 'is not like `kv-*`'],
  ['notLike', 'kv-*', 'is not like `kv-*`', 'is like `kv-*`'],
  ['match', 'kv-??', 'matches `kv-??`', 'does not match `kv-??`'],
  ['notMatch', 'kv-??', 'does not match `kv-??`', 'matches `kv-??`'],
  [
    'matchInsensitively',
    'kv-??',
    'matches `kv-??` in any letter case',
    'does not match `kv-??` in any letter case',
  ],
  [
    'notMatchInsensitively',
    'kv-??',
    'does not match `kv-??` in any letter case',
    'matches `kv-??` in any letter case',
  ],
  ['contains', 'x', 'contains `x`', 'does not contain `x`'],
  ['notContains', 'x', 'does not contain `x`', 'contains `x`'],
  ['in', ['x', 'y'], 'is one of `x`, `y`', 'is not one of `x`, `y`'],
  ['in', ['x'], 'is `x`', 'is not `x`'],
  [
    'in',
    "[parameters('names')]",
    'is listed in the parameter `names`',
    'is not listed in the parameter `names`',
  ],
  ['notIn', ['x', 'y'], 'is not one of `x`, `y`', 'is one of `x`, `y`'],
  ['containsKey', 'owner', 'has the key `owner`', 'does not have the key `owner`'],
  ['notContainsKey', 'owner', 'does not have the key `owner`', 'has the key `owner`'],
  ['less', 3, 'is less than `3`', 'is not less than `3`'],
  ['lessOrEquals', 3, 'is at most `3`', 'is not at most `3`'],
  ['greater', 3, 'is more than `3`', 'is not more than `3`'],
  [
    'greaterOrEquals',
    "[parameters('most')]",
    'is at least the parameter `most`',
    'is not at least the parameter `most`',
  ],
  ['exists', true, 'is set', 'is unset'],
  ['exists', 'false', 'is unset', 'is set'],
  [
    'exists',
    "[parameters('present')]",
    'is set or unset as the parameter `present` says',
    'is not set or unset as the parameter `present` says',
  ],
];

describe('a comparison as a sentence', () => {
  test.for(said)('%s %j', ([operator, operand, holds, fails]) => {
    const comparison = { field: 'a', [operator]: operand };
    expect(words(comparison)).toBe(`- \`a\` ${holds}`);
    expect(words({ not: comparison })).toBe(`- \`a\` ${fails}`);
    expect(words({ not: { not: comparison } })).toBe(`- \`a\` ${holds}`);
  });

  test.for([
    [{ field: 'a[*]', equals: 'x' }, '- every `a[*]` is `x`'],
    [{ not: { field: 'a[*]', notEquals: 'x' } }, '- at least one `a[*]` is `x`'],
    [{ value: "[parameters('most')]", less: 5 }, '- the parameter `most` is less than `5`'],
    [{ value: 'x', equals: 'y' }, '- `x` is `y`'],
  ] as const)('%j', ([condition, expected]) => {
    expect(words(condition)).toBe(expected);
  });
});

const count = { field: 'a[*]' };
const where = { field: 'a[*]', where: { field: 'a[*].b', equals: 1 } };

test.for([
  [{ count, equals: 0 }, '- `a` has no elements'],
  [{ count, greater: 0 }, '- `a` has at least one element'],
  [{ not: { count, less: 1 } }, '- `a` has at least one element'],
  [{ count, less: 3 }, '- the number of elements of `a` is less than `3`'],
  [{ count: where, less: 1 }, '- no element of `a` meets this condition:\n  - `a[*].b` is `1`'],
  [
    { not: { count: where, equals: 0 } },
    '- at least one element of `a` meets this condition:\n  - `a[*].b` is `1`',
  ],
  [
    { count: where, greaterOrEquals: 1 },
    '- at least one element of `a` meets this condition:\n  - `a[*].b` is `1`',
  ],
  [
    { count: where, lessOrEquals: "[parameters('most')]" },
    '- the number of elements of `a` that meet this condition is at most the parameter `most`:\n  - `a[*].b` is `1`',
  ],
  [
    { count: { field: 'a[*]', where: { not: { field: 'a[*].c[*]', notEquals: 'x' } } }, equals: 0 },
    '- no element of `a` meets this condition:\n  - at least one `a[*].c[*]` is `x`',
  ],
  [
    { count: { field: 'a[*]', where: { field: 'a[*]', equals: 'x' } }, equals: 2 },
    '- the number of elements of `a` that meet this condition is `2`:\n  - `a[*]` is `x`',
  ],
] as const)('a count as a sentence: %j', ([condition, expected]) => {
  expect(words(condition)).toBe(expected);
});

const [a, b] = [
  { field: 'a', equals: 1 },
  { field: 'b', notEquals: 2 },
];

test.for([
  [{ allOf: [a, b] }, '- all of:\n  - `a` is `1`\n  - `b` is not `2`'],
  [{ anyOf: [a, b] }, '- at least one of:\n  - `a` is `1`\n  - `b` is not `2`'],
  [{ not: { allOf: [a, b] } }, '- not all of:\n  - `a` is `1`\n  - `b` is not `2`'],
  [{ not: { anyOf: [a, b] } }, '- none of:\n  - `a` is `1`\n  - `b` is not `2`'],
  [{ not: { anyOf: [a, { not: b }] } }, '- none of:\n  - `a` is `1`\n  - `b` is `2`'],
  [{ not: { allOf: [a] } }, '- `a` is not `1`'],
  [
    { anyOf: [a, { allOf: [a, b] }] },
    '- at least one of:\n  - `a` is `1`\n  - all of:\n    - `a` is `1`\n    - `b` is not `2`',
  ],
] as const)('conditions together: %j', ([condition, expected]) => {
  expect(words(condition)).toBe(expected);
});

test('the page of a rule tells what unset means and what a parameter may be', () => {
  const page = rulePage(ruleWith(a, { unset: { a: '90 days', b: 'off' } }));
  expect(page).toContain('- `a` is `1`\n\nWhen unset:\n\n- `a`: 90 days\n- `b`: off\n');
  expect(page).toContain('| `most` | integer | `3` | at least 1 |');
  expect(page).toContain('| `names` | array | `["a"]` | any |');
});

/** The conditions of a rule as its JSON has them, loaded again. */
function reloaded(rule: Parameters<typeof ruleJson>[0]): object {
  const { when, require, resourceTypes, parameters } = JSON.parse(ruleJson(rule));
  const again = ruleWith(require, {
    resourceType: resourceTypes,
    parameters,
    ...(when === undefined ? {} : { when }),
  });
  return { when: again.when, require: again.require };
}

test.for(shippedRules.map((rule) => [rule.id, rule] as const))(
  'the JSON of %s has its conditions as a rule file has them',
  ([, rule]) => {
    expect(reloaded(rule)).toEqual({ when: rule.when, require: rule.require });
  },
);

test.for([
  { not: { anyOf: [a, { not: b }] } },
  { value: "[parameters('most')]", equals: '[[x]' },
  {
    count: { field: 'a[*]', where: { field: 'a[*].b', in: [1, 2] } },
    lessOrEquals: "[parameters('most')]",
  },
])('the JSON of a rule with %j has it as it was written', (condition) => {
  const rule = ruleWith(condition);
  expect(JSON.parse(ruleJson(rule)).require).toEqual(condition);
});
