import { expect, test } from 'vitest';
import type { Condition } from '../../../src/model/rule.ts';
import { compileRule } from '../../../src/rules/evaluate.ts';
import { isAlways } from '../../../src/rules/kql/expression.ts';
import { compilePrefilter, groupByTypes } from '../../../src/rules/kql/prefilter.ts';
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
  const { predicate } = compilePrefilter([compileRule(aRule(require), {})]);
  expect(predicate).toBe("type =~ 'microsoft.keyvault/vaults'");
});

test('rules that need too long a query together keep their rows', () => {
  const rules = Array.from({ length: 20 }, (_, index) =>
    compileRule(aRule(nameIs(`${longName}${index}`)), {}),
  );
  const filters = groupByTypes(rules).flatMap((group) => group.rules.map(({ keeps }) => keeps));
  expect(filters.filter((keeps) => !isAlways(keeps))).toHaveLength(5);
  expect(compilePrefilter(rules).predicate).toBe("type =~ 'microsoft.keyvault/vaults'");
});
