import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rule } from '../../../src/model/rule.ts';
import { exampleKinds, judgeExamples } from '../../../src/rules/examples/judge-examples.ts';
import { testRule } from '../../../src/rules/examples/test-rule.ts';
import { runs } from '../../runs.ts';
import { pools } from '../kql/pools.ts';
import { rulesOf } from '../kql/random-rules.ts';

const at = { file: 'rule.yaml', line: 1, column: 1 };
const gapsOf = (rule: Rule) => testRule(rule, () => at).gaps;

test.for(pools)(
  'whatever a rule of $name says, each example that is proposed is right and closes its gap',
  (pool) => {
    let proposed = 0;
    fc.assert(
      fc.property(rulesOf(pool), (rule) => {
        const gaps = gapsOf(rule);
        const proposals = gaps.flatMap(({ proposal }) => proposal ?? []);
        const examples = Object.fromEntries(
          exampleKinds.map((kind) => [
            kind,
            proposals.filter((one) => one.kind === kind).map(({ body }) => body),
          ]),
        );
        const shown: Rule = { ...rule, examples: { ...rule.examples, ...examples } };
        expect(judgeExamples(shown).filter(({ problem }) => problem !== undefined)).toEqual([]);
        const open = gaps.filter(({ proposal }) => proposal === undefined).map(({ message }) => message);
        const left = gapsOf(shown).map(({ message }) => message);
        expect(open).toEqual(expect.arrayContaining(left));
        proposed += proposals.length;
      }),
      { numRuns: runs(60) },
    );
    expect(proposed).toBeGreaterThan(0);
  },
);
