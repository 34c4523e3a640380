import { expect, test } from 'vitest';
import type { Condition } from '../../../src/model/condition.ts';
import { compileRule } from '../../../src/rules/evaluate.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { aRule } from '../../build.ts';

const nameIs = (name: string): Condition => ({
  kind: 'comparison',
  operand: { kind: 'field', path: 'name' },
  operator: 'equals',
  expected: name,
});
const longName = 'x'.repeat(3000);

test('a rule that needs too long a filter keeps its rows', () => {
  const require: Condition = { kind: 'anyOf', conditions: [nameIs(longName), nameIs(`${longName}y`)] };
  const { byRule } = compilePrefilter([compileRule(aRule(require), {})]);
  expect(byRule).toMatchObject([{ predicate: 'true', selective: false }]);
});

test('rules that need too long a query together keep their rows', () => {
  const rules = Array.from({ length: 20 }, (_, index) =>
    compileRule(aRule(nameIs(`${longName}${index}`)), {}),
  );
  const { predicate, byRule } = compilePrefilter(rules);
  expect(byRule.filter(({ selective }) => selective)).toHaveLength(5);
  expect(predicate).toBe("type =~ 'microsoft.keyvault/vaults'");
});
