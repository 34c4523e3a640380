import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rule } from '../../../src/model/rule.ts';
import { compileRule, judge } from '../../../src/rules/evaluate.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { prefilterQuery } from '../../../src/rules/kql/query.ts';
import { bodies, rule } from './arbitraries.ts';
import { idsGivenBy, store } from './graph.ts';

// Each run is one rule on 20 resources.
const numRuns = Number(process.env['PURGEPROOF_FUZZ_RUNS'] ?? 500);

test('a pre-filter keeps every row that the evaluator fails or cannot decide', { timeout: 3_600_000 }, () => {
  const tally = { failing: 0, passing: 0, dropped: 0 };
  fc.assert(
    fc.property(rule, bodies, (rule, bodies) => {
      const compiled = compileRule(rule, {});
      const stored = store(bodies);
      const kept = idsGivenBy(`resources | where ${compilePrefilter([compiled]).predicate}`, stored);
      const lost: string[] = [];
      for (const { row, resource } of stored) {
        const verdict = compiled.appliesTo(resource.type) ? judge(compiled, resource) : 'notApplicable';
        const fails = verdict === 'nonCompliant' || verdict === 'unknown';
        tally[fails ? 'failing' : 'passing'] += 1;
        if (!kept.has(row['id'])) {
          if (fails) lost.push(`${verdict}: ${JSON.stringify(resource.body)}`);
          else if (compiled.appliesTo(resource.type)) tally.dropped += 1;
        }
      }
      expect(lost).toEqual([]);
    }),
    { numRuns },
  );
  // A filter that keeps everything would pass the above.
  if (process.env['PURGEPROOF_FUZZ_RUNS'] !== undefined) console.log(tally);
  expect(tally.failing).toBeGreaterThan(numRuns);
  expect(tally.dropped / tally.passing).toBeGreaterThan(0.2);
});

test('the filter of several rules keeps what each of them does, laid out or not', () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), bodies, (rules: readonly Rule[], bodies) => {
      const compiled = rules.map((rule) => compileRule(rule, {}));
      const stored = store(bodies);
      const { predicate, byRule } = compilePrefilter(compiled);
      const kept = idsGivenBy(`resources | where ${predicate}`, stored);
      expect(idsGivenBy(prefilterQuery(compiled), stored)).toEqual(kept);
      for (const [index, { predicate }] of byRule.entries()) {
        const ofTypes = stored.filter(({ resource }) => compiled[index]?.appliesTo(resource.type));
        for (const id of idsGivenBy(`resources | where ${predicate}`, ofTypes)) expect(kept).toContain(id);
      }
    }),
    { numRuns: 60 },
  );
});
