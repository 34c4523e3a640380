import type { Condition } from '../../../src/model/rule.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { compileRule, judge } from '../../../src/rules/evaluate.ts';
import { shorterNames } from '../../../src/rules/kql/literal.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { aRule, aVault } from '../../build.ts';
import { idsGivenBy, store } from './graph.ts';

/** What the evaluator and the filter make of a vault. */
export interface BothSides {
  readonly fails: boolean;
  readonly kept: boolean;
}

/** Judges vaults with these properties by a rule, and filters them for it. */
export function askBoth(require: Condition, properties: readonly JsonObject[]): readonly BothSides[] {
  const rule = compileRule(aRule(require), {});
  const stored = store(
    properties.map((each, index) => {
      const name = `kv-${index}`;
      return { ...aVault(each).body, name, id: aVault({}).id.replace('kv-payments', name) };
    }),
  );
  const kept = idsGivenBy(
    `resources | ${shorterNames} | where ${compilePrefilter([rule]).predicate}`,
    stored,
  );
  return stored.map(({ row, resource }) => ({
    fails: judge(rule, resource) === 'nonCompliant',
    kept: kept.has(row['id']),
  }));
}
