import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Rule } from '../../../src/model/rule.ts';
import { compileRule, judge, type Verdict } from '../../../src/rules/evaluate.ts';
import { shorterNames } from '../../../src/rules/kql/literal.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { prefilterQuery } from '../../../src/rules/kql/push-down.ts';
import { runs } from '../../runs.ts';
import { bodiesOf } from './bodies.ts';
import { idsGivenBy, store } from './graph.ts';
import { pools } from './pools.ts';
import { rulesOf } from './random-rules.ts';

// Each run is one rule on 20 resources: over 3,000 pairs of a rule and a resource of its types among the deep tests.
const numRuns = runs(250);

const pool = fc.constantFrom(...pools);
const ruleAndBodies = pool.chain((pool) => fc.tuple(rulesOf(pool), bodiesOf(pool)));
const rulesAndBodies = pool.chain((pool) =>
  fc.tuple(fc.array(rulesOf(pool), { maxLength: 3 }), bodiesOf(pool)),
);

test('a pre-filter keeps every row that the evaluator fails or cannot decide', () => {
  let [failing, passing, dropped] = [0, 0, 0];
  const check = ([rule, bodies]: readonly [Rule, readonly JsonObject[]]): void => {
    const compiled = compileRule(rule, {});
    const stored = store(bodies).filter(({ resource }) => compiled.appliesTo(resource.type));
    const kept = idsGivenBy(
      `resources | ${shorterNames} | where ${compilePrefilter([compiled]).predicate}`,
      stored,
    );
    const failed = stored.filter(({ resource }) => failures.has(judge(compiled, resource)));
    const passed = stored.filter((one) => !failed.includes(one));
    failing += failed.length;
    passing += passed.length;
    dropped += passed.filter(({ row }) => !kept.has(row['id'])).length;
    const lost = failed.filter(({ row }) => !kept.has(row['id']));
    expect(lost.map(({ resource }) => resource.body)).toEqual([]);
  };
  fc.assert(fc.property(ruleAndBodies, check), { numRuns });
  expect(failing).toBeGreaterThan(numRuns);
  // A filter that keeps everything would lose nothing.
  expect(dropped / passing).toBeGreaterThan(0.25);
});

test('the filter of several rules keeps what each of them does, laid out or not', () => {
  const check = ([rules, bodies]: readonly [readonly Rule[], readonly JsonObject[]]): void => {
    const compiled = rules.map((rule) => compileRule(rule, {}));
    const stored = store(bodies);
    const { predicate } = compilePrefilter(compiled);
    const kept = idsGivenBy(`resources | ${shorterNames} | where ${predicate}`, stored);
    expect(idsGivenBy(prefilterQuery(compiled), stored)).toEqual(kept);
    for (const rule of compiled) {
      const { predicate } = compilePrefilter([rule]);
      for (const id of idsGivenBy(`resources | ${shorterNames} | where ${predicate}`, stored))
        expect(kept).toContain(id);
    }
  };
  fc.assert(fc.property(rulesAndBodies, check), { numRuns: runs(40) });
});

const failures = new Set<Verdict>(['nonCompliant', 'unknown']);
