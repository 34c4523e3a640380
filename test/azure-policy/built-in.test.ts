import { describe, expect, test } from 'vitest';
import { compileRule, judge } from '../../src/rules/evaluate.ts';
import { builtIns, rowsOf, wantedOf } from './built-in-definitions.ts';
import { resourceOf, ruleOf } from './policies.ts';

describe('a definition that says what a built-in one says is right on the whole truth table', () => {
  test.for(Object.entries(builtIns))('%s', ([, builtIn]) => {
    const rule = ruleOf(builtIn.own);
    const seen = new Set<string>();
    for (const parameters of builtIn.parameters ?? [{}]) {
      const compiled = compileRule(rule, parameters);
      for (const properties of rowsOf(builtIn)) {
        const verdict = judge(compiled, resourceOf({ type: builtIn.type, properties }));
        expect([properties, parameters, verdict]).toEqual([
          properties,
          parameters,
          wantedOf(builtIn, properties, parameters),
        ]);
        seen.add(verdict);
      }
    }
    const wanted = ['compliant', 'nonCompliant', ...(builtIn.leavesRecovery ? ['notApplicable'] : [])];
    expect([...seen].toSorted()).toEqual(wanted);
  });
});
