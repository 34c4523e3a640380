import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResourceScope } from '../../../src/model/resource-scope.ts';
import type { ScopedValues } from '../../../src/model/scoped-values.ts';
import type { Subscription } from '../../../src/model/source.ts';
import { wildcard } from '../../../src/model/wildcard.ts';
import type { Truth } from '../../../src/rules/condition/truth.ts';
import { compileRule } from '../../../src/rules/evaluate.ts';
import { everyVariant, rulesInForce } from '../../../src/rules/scopes/in-force.ts';
import { compileScope, mayOverlap } from '../../../src/rules/scopes/match.ts';
import { contradictions } from '../../../src/rules/scopes/values.ts';
import { aRule, subscriptionId } from '../../build.ts';
import { runs } from '../../runs.ts';

const rule = aRule(
  {
    kind: 'comparison',
    operand: { kind: 'field', path: 'properties.days' },
    operator: 'greaterOrEquals',
    expected: "[parameters('days')]",
  },
  { parameters: { days: { type: 'integer', default: 90 }, other: { type: 'integer', default: 1 } } },
);

const origin = (line: number) => ({ file: 'purgeproof.yaml', line, column: 5 });

function entry(scope: ResourceScope, days: number, layer = 0): ScopedValues {
  return { scope, values: { days: { value: days, origin: origin(days) } }, origin: origin(days), layer };
}

const groups = [
  { id: 'mg-near', name: 'Near' },
  { id: 'mg-far', name: 'Far' },
];
const subscription: Subscription = { id: subscriptionId, name: 'Payments', managementGroups: groups };
const resource = {
  id: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a`,
  name: 'kv-a',
  subscriptionId,
  resourceGroup: 'rg',
  tags: { env: 'dev', team: 'pay' },
};

function daysOf(
  entries: readonly ScopedValues[],
  about: { readonly tags?: undefined } = {},
  known: Subscription | 'none' = subscription,
): readonly unknown[] {
  const { tags, ...rest } = resource;
  const inForce = rulesInForce(compileRule(rule, {}, entries));
  const at = 'tags' in about ? rest : { ...rest, tags };
  return inForce.find(at, known === 'none' ? undefined : known).map(({ parameters }) => parameters['days']);
}

describe('the most specific scope decides', () => {
  const scopes: readonly ResourceScope[] = [
    { resource: resource.id.toUpperCase() },
    { name: 'kv-*' },
    { resourceGroup: 'RG' },
    { subscription: 'payments' },
    { managementGroup: 'mg-near', tag: { env: 'dev' } },
    { managementGroup: 'mg-far', tag: { env: 'dev' } },
    { managementGroup: 'mg-near' },
    { managementGroup: 'mg-far' },
    { tag: { env: 'dev', team: 'pay' } },
    { tag: { env: 'dev' } },
  ];

  test.for(scopes)('%j over all after it', (scope) => {
    const after = scopes.slice(scopes.indexOf(scope) + 1).map((each, at) => entry(each, 10 + at));
    expect(daysOf([...after, entry(scope, 7)])).toEqual([7]);
    expect(daysOf([entry(scope, 7), ...after])).toEqual([7]);
  });

  test('of equal scopes, that of the file which extends the other', () => {
    const scope = { tag: { env: 'dev' } };
    expect(daysOf([entry(scope, 30, 0), entry(scope, 7, 1)])).toEqual([7]);
    expect(daysOf([entry(scope, 7, 1), entry(scope, 30, 0)])).toEqual([7]);
  });

  test('each parameter by itself', () => {
    const both = { ...entry({ tag: { env: 'dev' } }, 30) };
    const more = { ...both, values: { ...both.values, other: { value: 2, origin: origin(1) } } };
    const [found] = rulesInForce(compileRule(rule, {}, [entry({ name: 'kv-a' }, 7), more])).find(
      resource,
      subscription,
    );
    expect(found.parameters).toEqual({ days: 7, other: 2 });
  });

  test('and none where none matches', () => {
    expect(daysOf([entry({ tag: { env: 'prod' } }, 7), entry({ name: 'x*' }, 8)])).toEqual([90]);
  });
});

describe('where something is not known', () => {
  test.for<[string, readonly ScopedValues[], readonly number[]]>([
    ['tags decide', [entry({ tag: { env: 'dev' } }, 7)], [7, 90]],
    ['tags decide only below', [entry({ tag: { env: 'dev' } }, 7), entry({ name: 'kv-a' }, 8)], [8]],
    [
      'tags decide above what is certain',
      [entry({ tag: { env: 'dev' }, resourceGroup: 'rg' }, 7), entry({ resourceGroup: 'rg' }, 8)],
      [7, 8],
    ],
    ['the rest of the scope is false', [entry({ tag: { env: 'dev' }, name: 'x' }, 7)], [90]],
    ['the value is the same', [entry({ tag: { env: 'dev' } }, 90)], [90]],
  ])('%s', ([, entries, days]) => {
    expect(daysOf(entries, { tags: undefined })).toEqual(days);
  });

  test('management groups and names of subscriptions are unknown, ids are not', () => {
    const id = '22222222-2222-4222-8222-222222222222';
    const unnamed = { id: subscriptionId, name: subscriptionId, managementGroups: [] };
    for (const known of ['none', unnamed] as const) {
      expect(daysOf([entry({ managementGroup: 'mg-far' }, 7)], {}, known)).toEqual([7, 90]);
      expect(daysOf([entry({ subscription: 'Payments' }, 7)], {}, known)).toEqual([7, 90]);
      expect(daysOf([entry({ subscription: id }, 7)], {}, known)).toEqual([90]);
      expect(daysOf([entry({ subscription: subscriptionId.toUpperCase() }, 7)], {}, known)).toEqual([7]);
    }
  });
});

describe('what code does not show of a resource is unknown, and what it shows is not', () => {
  const other = '22222222-2222-4222-8222-222222222222';
  const { name, subscriptionId: at, resourceGroup } = resource;
  const id = (subscription: string, group: string, called: string) =>
    `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${called}`;
  test.for<[Truth, ResourceScope, Partial<typeof resource>]>([
    ['unknown', { subscription: at }, {}],
    ['unknown', { subscription: 'Payments' }, {}],
    [true, { subscription: at.toUpperCase() }, { subscriptionId: at }],
    [false, { subscription: other }, { subscriptionId: at }],
    ['unknown', { resourceGroup: 'rg' }, { subscriptionId: at }],
    [true, { resourceGroup: 'RG/' }, { resourceGroup }],
    [false, { resourceGroup: 'rg-2' }, { resourceGroup }],
    ['unknown', { resourceGroup: `/subscriptions/${at}/resourceGroups/rg` }, { resourceGroup }],
    [false, { resourceGroup: `/subscriptions/${at}/resourceGroups/rg-2` }, { resourceGroup }],
    [false, { resourceGroup: `/subscriptions/${other}/resourceGroups/rg` }, { subscriptionId: at }],
    [
      true,
      { resourceGroup: `/SUBSCRIPTIONS/${at}/RESOURCEGROUPS/RG/` },
      { resourceGroup, subscriptionId: at },
    ],
    ['unknown', { resource: id(at, 'rg', 'KV-A') }, {}],
    [false, { resource: id(at, 'rg', 'kv-b') }, {}],
    ['unknown', { resource: id(at, 'rg', 'kv-b') }, { name: 'kv-*' }],
    [false, { resource: id(other, 'rg', 'kv-a') }, { subscriptionId: at }],
    [true, { resource: `${id(at, 'rg', 'kv-a').toUpperCase()}/` }, { id: resource.id }],
    ['unknown', { name: 'kv-prod-*' }, { name: '*' }],
    ['unknown', { name: 'kv-prod-*' }, { name: 'kv-*-1' }],
    [true, { name: 'KV-*' }, { name: 'kv-*-1' }],
    [false, { name: 'hsm-*' }, { name: 'kv-*-1' }],
    ['unknown', { name: 'kv-*', subscription: at }, {}],
    [false, { name: 'hsm-*', subscription: at }, {}],
  ])('%s: %j of %j', ([truth, scope, shown]) => {
    expect(compileScope(scope)({ name, ...shown })).toBe(truth);
  });

  test('whatever stands for * in a name', () => {
    const text = (...of: readonly string[]) =>
      fc.array(fc.constantFrom(...of), { maxLength: 5 }).map((it) => it.join(''));
    fc.assert(
      fc.property(
        text('*', 'a', 'b'),
        text('*', 'a', 'B'),
        fc.array(text('a', 'b'), { minLength: 5 }),
        (pattern, shown, fills) => {
          const truth = compileScope({ name: pattern })({ name: shown });
          const called = shown.split('*').reduce((before, part, at) => before + (fills[at] ?? '') + part);
          expect(['unknown', wildcard(pattern)(called)]).toContain(truth);
        },
      ),
      { numRuns: runs(1000) },
    );
  });
});

test('of two values of one tag, the wanted one is not known to be meant', () => {
  const covers = compileScope({ tag: { env: 'prod' } });
  const { tags: _, ...rest } = resource;
  expect(covers({ ...rest, tags: { env: 'prod', ENV: 'dev' } })).toBe('unknown');
  expect(covers({ ...rest, tags: { env: 'prod', ENV: 'prod' } })).toBe(true);
  expect(covers({ ...rest, tags: { env: 'test', ENV: 'dev' } })).toBe(false);
  expect(covers({ ...rest, tags: { env: 'Prod' } })).toBe(false);
  expect(covers(rest)).toBe('unknown');
});

describe('two scopes that contradict each other', () => {
  const dev = { tag: { env: 'dev' } };
  test.for<[boolean, ResourceScope, ResourceScope]>([
    [true, dev, { tag: { ENV: 'dev' } }],
    [true, dev, { tag: { team: 'pay' } }],
    [false, dev, { tag: { env: 'prod' } }],
    [false, dev, { tag: { env: 'dev', team: 'pay' } }],
    [false, dev, { name: 'kv-*' }],
    [true, { name: 'kv-*' }, { name: '*-a' }],
    [false, { name: 'kv-*' }, { name: 'hsm-*' }],
    [true, { resourceGroup: 'rg' }, { resourceGroup: `/subscriptions/${subscriptionId}/resourceGroups/RG/` }],
    [false, { resourceGroup: 'rg' }, { resourceGroup: 'rg-2' }],
    [true, { subscription: 'Prod' }, { subscription: 'prod' }],
    [false, { managementGroup: 'a' }, { managementGroup: 'b' }],
    [true, { subscription: 'p', ...dev }, { subscription: 'P', tag: { team: 'pay' } }],
  ])('%s: %j and %j', ([isRefused, one, other]) => {
    const problems = contradictions('ORG001', [entry(one, 7), entry(other, 30)]);
    expect(problems.map(({ line, message }) => `${line}: ${message.split(',')[0]}`)).toEqual(
      isRefused ? ['30: days of ORG001 is 30 here and 7 at purgeproof.yaml:7'] : [],
    );
    expect(contradictions('ORG001', [entry(one, 7), entry(other, 7)])).toEqual([]);
    expect(contradictions('ORG001', [entry(one, 7, 0), entry(other, 30, 1)])).toEqual([]);
  });

  test('are found for any two patterns that one name matches', () => {
    const pattern = fc.array(fc.constantFrom('*', 'a', 'b', 'A'), { maxLength: 5 }).map((it) => it.join(''));
    const names = fc.array(fc.constantFrom('a', 'b', 'A'), { maxLength: 6 }).map((it) => it.join(''));
    fc.assert(
      fc.property(pattern, pattern, names, (one, other, name) => {
        const isBoth = wildcard(one)(name) && wildcard(other)(name);
        expect(!isBoth || mayOverlap({ name: one }, { name: other })).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
    expect(mayOverlap({ name: 'a*b' }, { name: 'a*c' })).toBe(false);
    expect(mayOverlap({ name: 'ab' }, { name: 'a*b*' })).toBe(true);
  });
});

test('every rule that is in force somewhere is among the variants', () => {
  const values = fc.record({ days: fc.integer({ min: 0, max: 3 }), other: fc.integer({ min: 0, max: 3 }) });
  const scope = fc.constantFrom<ResourceScope>({ name: 'kv-a' }, { name: 'x' }, { tag: { env: 'dev' } });
  fc.assert(
    fc.property(fc.array(fc.tuple(scope, values), { maxLength: 5 }), fc.boolean(), (entries, hasTags) => {
      const compiled = compileRule(
        rule,
        {},
        entries.map(([each, { days, other }], layer) => ({
          scope: each,
          values: {
            days: { value: days, origin: origin(1) },
            other: { value: other, origin: origin(1) },
          },
          origin: origin(layer),
          layer,
        })),
      );
      const { tags, ...rest } = resource;
      const found = rulesInForce(compiled).find(hasTags ? { ...rest, tags } : rest, subscription);
      const { rules, whole } = everyVariant(compiled);
      const known = rules.map(({ parameters }) => JSON.stringify(parameters));
      expect(whole).toBe(true);
      for (const { parameters } of found) expect(known).toContain(JSON.stringify(parameters));
    }),
    { numRuns: runs(200) },
  );
});
