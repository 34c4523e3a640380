import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRule, judge } from '../../../src/rules/evaluate.ts';
import { shorterNames } from '../../../src/rules/kql/literal.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { runs } from '../../runs.ts';
import { shippedRules } from '../../shipped-rules.ts';
import { idsGivenBy, store, type StoredResource } from './graph.ts';
import { listRules, malformedBodies, wellFormedHsm, wellFormedVault } from './malformed.ts';

const shipped = shippedRules();
const aboutLists = shippedRules(['AKV005', 'AKV006', 'AKV007']);
const rule = listRules.map((one) => compileRule(one, {}));

test('a filter keeps every row that the evaluator fails or cannot decide for what is malformed inside', () => {
  const numRuns = runs(300);
  let unknown = 0;
  const check = (rule: (typeof shipped)[number], stored: readonly StoredResource[]): void => {
    const about = stored.filter(({ resource }) => rule.appliesTo(resource.type));
    const verdicts = about.map(({ row, resource }) => [row['id'], judge(rule, resource)] as const);
    const query = `resources | ${shorterNames} | where ${compilePrefilter([rule]).predicate}`;
    const kept = idsGivenBy(query, about);
    unknown += verdicts.filter(([, verdict]) => verdict === 'unknown').length;
    const lost = verdicts.filter(
      ([id, verdict]) => (verdict === 'unknown' || verdict === 'nonCompliant') && !kept.has(id),
    );
    expect(
      lost.map(([id, verdict]) => [verdict, about.find(({ row }) => row['id'] === id)?.resource.body]),
    ).toEqual([]);
  };
  fc.assert(
    fc.property(rule, malformedBodies, (rule, bodies) => {
      const stored = store(bodies);
      for (const one of [rule, ...aboutLists]) check(one, stored);
    }),
    { numRuns },
  );
  expect(unknown).toBeGreaterThan(numRuns);
});

test('a filter leaves what is well-formed and passes, whatever its lists hold', () => {
  const bodies = [wellFormedVault('kv-1'), wellFormedHsm('hsm-1')];
  const { predicate } = compilePrefilter(shipped);
  expect(idsGivenBy(`resources | ${shorterNames} | where ${predicate}`, store(bodies))).toEqual(new Set());
});

test('a list of permissions that is null is unset, and well-formed', () => {
  const policy = { objectId: 'one', permissions: { keys: ['get'], certificates: null } };
  const body = wellFormedVault('kv-1', { enableRbacAuthorization: false, accessPolicies: [policy] });
  const { predicate } = compilePrefilter(shippedRules(['AKV005']));
  const kept = idsGivenBy(`resources | ${shorterNames} | where ${predicate}`, store([body]));
  expect(kept).toEqual(new Set());
});
