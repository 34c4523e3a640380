import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { endpointConnection } from '../../../emulator/tenants/bodies.ts';
import { compileRule, judge } from '../../../src/rules/evaluate.ts';
import { shorterNames } from '../../../src/rules/kql/literal.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import type { Condition, Rule } from '../../../src/model/rule.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { aRule } from '../../build.ts';
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

const aboutAll: Condition = {
  kind: 'comparison',
  operand: {
    kind: 'count',
    field: 'properties.privateEndpointConnections[*]',
    where: {
      kind: 'comparison',
      operand: { kind: 'field', path: 'properties' },
      operator: 'notContainsKey',
      expected: 'purge',
    },
  },
  operator: 'greaterOrEquals',
  expected: 3,
};

test.each([
  ['a flag', 'enableRbacAuthorization', [null]],
  ['a list', 'accessPolicies', 'none'],
  ['a number', 'softDeleteRetentionInDays', {}],
])('what is malformed under another spelling alone is kept for a rule on all properties: %s', (...fault) => {
  const [, name, value] = fault;
  const vault = wellFormedVault('kv-1');
  const others = Object.entries(vault['properties'] ?? {}).filter(([key]) => key !== name);
  const privateEndpointConnections = Array.from({ length: 4 }, () => endpointConnection('kv-1', 'Approved'));
  const properties = {
    ...Object.fromEntries(others),
    privateEndpointConnections,
    [name.toUpperCase()]: value,
  };
  expect(verdictAndKept(aRule(aboutAll), { ...vault, properties })).toEqual(['unknown', true]);
});

test.each([
  [{ objectId: 'one', permissions: { Keys: ['purge'], keys: [] } }],
  [{ objectId: 'one', ObjectId: 'two' }],
  [{ objectId: 'one', permissions: {}, Permissions: { keys: ['purge'] } }],
])('two spellings in an element are kept, also where only another type has the list: %j', (policy) => {
  const asked: Condition = {
    kind: 'comparison',
    operand: { kind: 'field', path: 'properties.accessPolicies[*].objectId' },
    operator: 'equals',
    expected: 'one',
  };
  const hsm = wellFormedHsm('hsm-1', { accessPolicies: [policy] });
  const rule = aRule(asked, { resourceTypes: ['Microsoft.KeyVault/managedHSMs'] });
  expect(verdictAndKept(rule, hsm)).toEqual(['unknown', true]);
});

test.each(['1E-07', '1e+21', '-0.5', '1.5E300', '90'])(
  'a number in place of a text is kept: %s',
  (number) => {
    const named: Condition = {
      kind: 'comparison',
      operand: { kind: 'field', path: 'properties.vaultUri' },
      operator: 'exists',
      expected: true,
    };
    const { predicate } = compilePrefilter([compileRule(aRule(named), {})]);
    // As Kusto writes a number that JSON has in another way.
    const body = wellFormedVault('kv-1', { vaultUri: number });
    const kept = idsGivenBy(`resources | ${shorterNames} | where ${predicate}`, store([body]));
    expect(kept.size).toBe(1);
  },
);

function verdictAndKept(rule: Rule, body: JsonObject): readonly [string, boolean] {
  const compiled = compileRule(rule, {});
  const stored = store([body]);
  const { predicate } = compilePrefilter([compiled]);
  const kept = idsGivenBy(`resources | ${shorterNames} | where ${predicate}`, stored);
  return [stored.map(({ resource }) => judge(compiled, resource)).join(), kept.size === 1];
}
