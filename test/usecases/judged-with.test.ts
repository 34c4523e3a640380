import { describe, expect, test } from 'vitest';

import type { Json } from '../../src/model/json.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { judgedWith, judgedWithIn10, reportRule } from '../../src/usecases/report/report-rule.ts';
import { aRule } from '../build.ts';

const holds = {
  kind: 'comparison',
  operand: { kind: 'field', path: 'name' },
  operator: 'exists',
  expected: true,
} as const;

function aRuleWith(given: Readonly<Record<string, Json>>, description = 'Why it matters.'): CompiledRule {
  const parameters = {
    days: { type: 'integer', description: '', default: 90 },
    allowed: { type: 'array', description: '', default: [] },
  } as const;
  return compileRule(aRule(holds, { description, parameters }), given);
}

const many = Array.from({ length: 40 }, (_, index) => `principal-${index}`);

describe('the parameters that a report was judged with', () => {
  test.for<[Record<string, Json>, string]>([
    [{}, ''],
    [{ days: 90, allowed: [] }, ''],
    [{ days: 30 }, 'Judged with days = 30.'],
    [{ allowed: ['a. b', 'c'], days: 7 }, 'Judged with days = 7, allowed = ["a. b","c"].'],
  ])('%j: %s', ([given, sentence]) => {
    expect(judgedWith(aRuleWith(given))).toBe(sentence);
    expect(reportRule(aRuleWith(given)).description).toBe(`Why it matters. ${sentence}`.trim());
  });

  test.for<[string, string]>([
    ['the same rule', 'Why it matters.'],
    ['a rule that was reworded', 'Why it mattered once.'],
    ['a rule without a description', ''],
    ['a rule that speaks alike', 'It is good. Judged with care.'],
  ])('are found again in the report of %s', ([, then]) => {
    for (const given of [{}, { days: 30 }, { days: 30, allowed: ['x = 1. y'] }, { allowed: many }]) {
      const { description } = reportRule(aRuleWith(given, then));
      expect(judgedWithIn10(description, aRuleWith({}, 'Why it matters.'))).toBe(
        judgedWith(aRuleWith(given)),
      );
      expect(judgedWithIn10(description, aRuleWith({}, then))).toBe(judgedWith(aRuleWith(given)));
    }
  });

  test('are told apart however long they are, in few words', () => {
    const [one, other] = [many, [...many, 'one more']].map((allowed) => judgedWith(aRuleWith({ allowed })));
    expect(one).not.toBe(other);
    expect(one?.length).toBeLessThan(130);
  });
});
