import { describe, expect, test } from 'vitest';
import { shippedRuleFiles } from '../../../src/files/shipped-rules.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import type { Comparison, Examples, Rule } from '../../../src/model/rule.ts';
import type { RuleTest } from '../../../src/model/rule-tests.ts';
import { exampleKinds } from '../../../src/rules/examples/judge-examples.ts';
import { testRule } from '../../../src/rules/examples/test-rule.ts';
import { loadRules } from '../../../src/rules/load/rules.ts';
import { aRule } from '../../build.ts';

const tested = (rule: Rule): RuleTest =>
  testRule(rule, (path) => ({ file: path.join('.'), line: 1, column: 1 }));
const missing = (rule: Rule): readonly string[] => tested(rule).gaps.map(({ message }) => message);
const withExamples = (rule: Rule, examples: Partial<Examples>): Rule => ({
  ...rule,
  examples: { pass: [], fail: [], notApplicable: [], unknown: [], ...examples },
});

const purgeProtection: Comparison = {
  kind: 'comparison',
  operand: { kind: 'field', path: 'properties.enablePurgeProtection' },
  operator: 'equals',
  expected: true,
};
const protectedVaults = aRule(purgeProtection);
const of = (value: Json): JsonObject => ({ properties: { enablePurgeProtection: value } });
const whole: Partial<Examples> = {
  pass: [of(true)],
  fail: [of(false), { properties: {} }, of(null)],
  unknown: [of('maybe')],
};

const shipped = loadRules(shippedRuleFiles(), { verifyBuiltIn: true }).rules;

describe('the rules that ship with purgeproof', () => {
  test.for(shipped.map((rule) => [rule.id, rule] as const))(
    '%s is shown whole by its examples',
    ([, rule]) => {
      const { examples, gaps } = tested(rule);
      expect(gaps.map(({ message }) => message)).toEqual([]);
      expect(examples.filter(({ problem }) => problem !== undefined)).toEqual([]);
    },
  );

  test.for(shipped.map((rule) => [rule.id, rule] as const))(
    'without its examples, %s can be shown by those that are proposed',
    ([, rule]) => {
      expect(missing(withProposals(withExamples(rule, {})))).toEqual([]);
    },
  );
});

/** The rule with every example that is proposed for it. */
function withProposals(rule: Rule): Rule {
  const proposals = tested(rule).gaps.flatMap(({ proposal }) => proposal ?? []);
  const added = exampleKinds.map((kind) => [
    kind,
    [...rule.examples[kind], ...proposals.filter((one) => one.kind === kind).map(({ body }) => body)],
  ]);
  return withExamples(rule, Object.fromEntries(added));
}

describe('an example that is taken away leaves a gap', () => {
  test('nothing is missing with all of them', () => {
    expect(missing(withExamples(protectedVaults, whole))).toEqual([]);
  });

  test.for<[keyof Examples, number, readonly string[]]>([
    ['pass', 0, ['no example passes', 'no example in which properties.enablePurgeProtection is true']],
    ['fail', 1, ['no example in which properties.enablePurgeProtection is unset']],
    ['fail', 2, ['no example in which properties.enablePurgeProtection is null']],
    ['unknown', 0, ['no example in which properties.enablePurgeProtection is of a wrong type']],
  ])('%s %i', ([kind, index, messages]) => {
    const fewer = (whole[kind] ?? []).filter((_, at) => at !== index);
    expect(missing(withExamples(protectedVaults, { ...whole, [kind]: fewer }))).toEqual(messages);
  });

  test('a condition on whom it applies to needs one to which it does not', () => {
    const when: Comparison = {
      ...purgeProtection,
      operand: { kind: 'field', path: "tags['env']" },
      expected: 'production',
    };
    const rule = aRule(purgeProtection, { when });
    expect(missing(withExamples(rule, { pass: [{ tags: { Env: 'Production' }, ...of(true) }] }))).toEqual(
      expect.arrayContaining([
        'no example is one to which the rule does not apply',
        "no example in which tags['env'] is unset",
        "no example in which tags['env'] is not production",
      ]),
    );
    expect(missing(withProposals(rule))).toEqual([]);
  });
});

describe('each element of a list is looked at', () => {
  const rule = aRule({
    kind: 'comparison',
    operand: {
      kind: 'count',
      field: 'properties.networkAcls.ipRules[*]',
      where: {
        kind: 'comparison',
        operand: { kind: 'field', path: 'properties.networkAcls.ipRules[*].value' },
        operator: 'equals',
        expected: '0.0.0.0/0',
      },
    },
    operator: 'equals',
    expected: 0,
  });

  test('its states are those of the list and those in an element', () => {
    expect(missing(rule)).toEqual([
      'no example passes',
      'no example fails',
      ...['unset', 'null', 'an empty list', 'of a wrong type'].map(
        (state) => `no example in which properties.networkAcls.ipRules[*] is ${state}`,
      ),
      ...['unset', 'null', 'of a wrong type'].map(
        (state) => `no example in which properties.networkAcls.ipRules[*].value is ${state}`,
      ),
      'no example in which the number of properties.networkAcls.ipRules[*] is 0',
      'no example in which the number of properties.networkAcls.ipRules[*] is not 0',
      'no example in which properties.networkAcls.ipRules[*].value is 0.0.0.0/0',
      'no example in which properties.networkAcls.ipRules[*].value is not 0.0.0.0/0',
    ]);
  });

  test('what is proposed shows all of them', () => {
    const { gaps } = tested(rule);
    expect(gaps.map(({ location, proposal }) => [location.file, proposal?.kind])).toEqual(
      expect.arrayContaining([
        ['require', 'pass'],
        ['require', 'fail'],
        ['require', 'unknown'],
        ['require.count.where', 'fail'],
      ]),
    );
    expect(missing(withProposals(rule))).toEqual([]);
  });
});

test('an example whose patch does not fix it is wrong, and is never proposed', () => {
  const patch = { properties: { enableSoftDelete: true } };
  const rule = { ...protectedVaults, remediation: { risk: 'safe', patch } as const };
  expect(tested(withExamples(rule, { fail: [of(false)] })).examples).toMatchObject([
    { kind: 'fail', number: 1, found: 'fail', problem: expect.stringContaining('the patch does not fix') },
  ]);
  const kinds = tested(rule).gaps.map(({ proposal }) => proposal?.kind);
  expect(kinds).toContain('pass');
  expect(kinds).not.toContain('fail');
});

test('what an empty list of a parameter decides need not be shown the other way', () => {
  const rule = aRule({
    kind: 'comparison',
    operand: { kind: 'field', path: 'location' },
    operator: 'notIn',
    expected: [],
  });
  const outcomes = tested(rule).gaps.filter(({ kind }) => kind === 'outcome');
  expect(outcomes.map(({ is }) => is)).toEqual(['true']);
});
