import { describe, expect, test } from 'vitest';
import type { Actual, Condition } from '../../src/model/rule.ts';
import { operators } from '../../src/rules/operators/index.ts';
import { askBoth } from './kql/both.ts';

describe.for(Object.entries(operators))('%s', ([name, operator]) => {
  test('has samples that hold, that fail, and of a field without a value', () => {
    const actuals = operator.samples.flatMap(({ holds, fails }) => [...holds, ...fails]);
    expect(operator.samples.every(({ holds, fails }) => holds.length > 0 && fails.length > 0)).toBe(true);
    expect(actuals).toContain(undefined);
  });

  test.for(operator.samples)(
    'compares the samples of $expected as they say',
    ({ expected, holds, fails }) => {
      const compare = operator.compile(expected);
      expect(holds.filter((actual) => !compare(actual))).toEqual([]);
      expect(fails.filter((actual) => compare(actual))).toEqual([]);
    },
  );

  test.for(operator.samples)(
    'keeps the failing samples of $expected in KQL',
    ({ expected, holds, fails }) => {
      const required: Condition = {
        kind: 'comparison',
        operand: { kind: 'field', path: 'properties.value' },
        operator: name,
        expected,
      };
      expect(keptOf(required, fails)).toEqual(fails);
      expect(keptOf({ kind: 'not', condition: required }, holds)).toEqual(holds);
    },
  );

  test('has an example that uses it, a note that is a sentence, and two phrases', () => {
    expect(Object.keys(operator.example)).toEqual(['field', name]);
    expect(operator.note).toMatch(/^[A-Z].*\.$/u);
    const [sample] = operator.samples;
    const phrases = [true, false].map((holds) => operator.phrase(sample?.expected ?? '', holds, String));
    expect(new Set(phrases).size).toBe(2);
  });
});

function keptOf(condition: Condition, actuals: readonly Actual[]): readonly Actual[] {
  const both = askBoth(
    condition,
    actuals.map((value) => (value === undefined ? {} : { value })),
  );
  return actuals.filter((_, index) => both[index]?.kept);
}
