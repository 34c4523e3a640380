import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { vocabularyOf } from '../../../emulator/kql/vocabulary.ts';
import { resourceGraphTables } from '../../../emulator/resource-graph/tables.ts';
import { graphVocabulary } from '../../../scripts/reference/resource-graph-vocabulary.ts';
import type { Condition, Rule } from '../../../src/model/rule.ts';
import type { Json } from '../../../src/model/json.ts';
import { dependantCollections } from '../../../src/resource-types/dependants.ts';
import {
  authorizationQuery,
  initiativesQuery,
  policyExemptionsQuery,
} from '../../../src/azure/authorization.ts';
import { scannedTypes } from '../../../src/resource-types/known-type.ts';
import { compileRule } from '../../../src/rules/evaluate.ts';
import { shorterNames } from '../../../src/rules/kql/literal.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { prefilterQuery, rowsWanted } from '../../../src/rules/kql/push-down.ts';
import { operators } from '../../../src/rules/operators/index.ts';
import type { OperatorKind } from '../../../src/rules/operators/operator.ts';
import { containingQuery, parentsQuery } from '../../../src/sources/dependants.ts';
import { namesakesQuery } from '../../../src/sources/graph-search.ts';
import {
  idsQuery,
  snapshotQuery,
  managementGroupsQuery,
  plainer,
  rowsQuery,
  subscriptionsQuery,
  type LiveQuery,
} from '../../../src/sources/live/query.ts';
import { aRule } from '../../build.ts';
import { runs } from '../../runs.ts';
import { shippedRules } from '../../shipped-rules.ts';
import { pools } from './pools.ts';
import { rulesOf } from './random-rules.ts';

const listed = new Set(graphVocabulary.map(({ word }) => word));
const used = new Set<string>();

function unlistedIn(queries: readonly string[]): readonly string[] {
  const words = queries.flatMap((query) => Array.from(vocabularyOf(query, resourceGraphTables)));
  for (const word of words) used.add(word);
  return [...new Set(words.filter((word) => !listed.has(word)))];
}

function queriesOf(rules: readonly Rule[]): readonly string[] {
  const compiled = rules.map((rule) => compileRule(rule, {}));
  const wanted = { types: scannedTypes, ...rowsWanted(compiled, scannedTypes, { all: false }) };
  return [snapshotQuery(wanted), prefilterQuery(compiled)];
}

test('what the reader asks, in every form, is on the list', () => {
  const filtered: LiveQuery = {
    types: scannedTypes,
    ...rowsWanted(shippedRules(), scannedTypes, { all: false }),
  };
  const counted = plainer(filtered) ?? filtered;
  const plain = plainer(counted) ?? counted;
  const queries = [filtered, counted, plain].flatMap((query) => [
    snapshotQuery(query),
    rowsQuery(query),
    rowsQuery(query, { index: 1, of: 2 }),
    idsQuery(query),
  ]);
  const others = [subscriptionsQuery, managementGroupsQuery, authorizationQuery];
  expect(unlistedIn([...queries, ...others])).toEqual([]);
});

test('what is asked about the exemptions of Azure Policy is on the list', () => {
  expect(unlistedIn([policyExemptionsQuery, initiativesQuery(["/it's", '/other'])])).toEqual([]);
});

test('what is asked before a purge is on the list', () => {
  const queries = [
    containingQuery(["kv-a'.vault.", 'vaults/kv-a']),
    ...dependantCollections.map(parentsQuery),
    namesakesQuery(['kv-a', 'kv-b']),
  ];
  expect(unlistedIn(queries)).toEqual([]);
});

const fields = [
  'properties.value',
  'properties.networkAcls.defaultAction',
  "properties.where['a b']",
  'sku.name',
  'tags',
  "tags['cost center']",
  'name',
  'type',
  'kind',
  'properties.list[*]',
  'properties.policies[*].rights[*]',
];

/** Expected values of each way that an operator can be written in; of the others, its own samples. */
const expectedBy: Partial<Record<OperatorKind, readonly Json[]>> = {
  wildcard: ['a*', '*a', '*a*', 'a*b', 'a'],
  pattern: ['a#?'],
  order: [-3, 7.5, 90, '2026-01-01'],
};

// The opposite of an operator is the same pair of conditions the other way round.
const positive = Object.entries(operators).filter(([name]) => !name.startsWith('not'));

test.for(positive)('what the compiler makes of %s is on the list', ([name, { kind, samples }]) => {
  const expected = expectedBy[kind] ?? samples.slice(0, 2).map((sample) => sample.expected);
  const conditions = fields.flatMap((path) =>
    expected.flatMap((value) => written(path, comparison(path, name, value))),
  );
  // As a `when`, a condition is asked for where it may hold, and where it may fail.
  const rules = conditions.map((condition) => aRule(condition, { when: condition }));
  const filters = rules.map((rule) => compilePrefilter([compileRule(rule, {})]).predicate);
  expect(
    unlistedIn([
      `resources | ${shorterNames} | where ${filters.map((filter) => `(${filter})`).join(' or ')}`,
    ]),
  ).toEqual([]);
});

test('what the compiler makes of random rules is on the list', () => {
  const rules = fc
    .constantFrom(...pools)
    .chain((pool) => fc.array(rulesOf(pool), { minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(rules, (some) => {
      expect(unlistedIn(queriesOf(some))).toEqual([]);
    }),
    { numRuns: runs(200) },
  );
});

test('every word of the list is used, and has evidence', () => {
  expect([...listed].filter((word) => !used.has(word))).toEqual([]);
  expect(listed.size).toBe(graphVocabulary.length);
  for (const { evidence } of graphVocabulary) {
    expect(evidence.length).toBeGreaterThan(0);
    for (const { source, at, date } of evidence) {
      expect(source === 'Microsoft Learn' || /^[\w-]+\/[\w-]+$/.test(source)).toBe(true);
      expect(at).not.toBe('');
      expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  }
});

/** The condition alone; about the elements of a list, also as what counts them. */
function written(path: string, condition: Condition): readonly Condition[] {
  if (!path.endsWith('[*]')) return [condition];
  const operand = { kind: 'count', field: path, where: condition } as const;
  return [
    condition,
    { kind: 'comparison', operand, operator: 'equals', expected: 0 },
    { kind: 'comparison', operand, operator: 'greaterOrEquals', expected: 2 },
  ];
}

function comparison(path: string, operator: string, expected: Json): Condition {
  return { kind: 'comparison', operand: { kind: 'field', path }, operator, expected };
}
