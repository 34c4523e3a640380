import { expect, test } from 'vitest';
import type { Condition } from '../../../src/model/rule.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { compileRule, judge } from '../../../src/rules/evaluate.ts';
import { shorterNames } from '../../../src/rules/kql/literal.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { aRule, aVault } from '../../build.ts';
import { idsGivenBy, store } from './graph.ts';

type Row = readonly [
  path: string,
  operator: string,
  expected: Json,
  body: JsonObject,
  verdict: 'compliant' | 'nonCompliant' | 'unknown',
  filter: 'keeps' | 'drops',
];

const idIn = (group: string): string =>
  aVault({}).id.replace(/resourceGroups\/[^/]+/, `resourceGroups/${group}`);

const rows: readonly Row[] = [
  // Tags that are missing are no tags, which is something.
  ['tags', 'exists', false, { tags: null }, 'nonCompliant', 'keeps'],
  ['tags', 'exists', true, { tags: null }, 'compliant', 'keeps'],
  ['tags', 'containsKey', 'owner', { tags: null }, 'nonCompliant', 'keeps'],
  ["tags['owner']", 'exists', false, { tags: null }, 'compliant', 'drops'],
  ["tags['owner']", 'exists', false, { tags: { owner: null } }, 'nonCompliant', 'keeps'],
  ["tags['owner']", 'exists', false, { tags: { owner: '' } }, 'nonCompliant', 'keeps'],
  ["tags['owner']", 'equals', 'me', { tags: { owner: 'ME' } }, 'compliant', 'drops'],
  ["tags['owner']", 'equals', 'me', { tags: { Owner: 'me' } }, 'compliant', 'keeps'],
  ["tags['owner']", 'notEquals', 'me', { tags: { Owner: 'me' } }, 'nonCompliant', 'keeps'],
  ["tags['owner']", 'notEquals', 'me', { tags: { owners: 'me' } }, 'compliant', 'drops'],
  ["tags['a\"b']", 'exists', false, { tags: { 'A"B': 'me' } }, 'nonCompliant', 'keeps'],
  ["tags['cost center']", 'equals', 7, { tags: { 'cost center': '7' } }, 'compliant', 'drops'],
  ["tags['owner']", 'notEquals', '{"a":1}', { tags: { owner: { a: 1 } } }, 'nonCompliant', 'keeps'],
  ["tags['owner']", 'notEquals', 'me', { tags: 'me' }, 'unknown', 'keeps'],
  ["tags['owner']", 'notEquals', 'me', { tags: ['me'] }, 'unknown', 'keeps'],
  ["tags['owner']", 'notEquals', 'me', { tags: '' }, 'unknown', 'keeps'],
  ["tags['owner']", 'exists', false, { tags: '{"owners":"me"}' }, 'unknown', 'keeps'],
  ['tags', 'notContainsKey', 'owner', { tags: { OWNER: 'me' } }, 'nonCompliant', 'keeps'],
  ['tags', 'notContainsKey', 'owner', { tags: { owners: 'us' } }, 'compliant', 'drops'],
  ['tags', 'containsKey', 'owner', { tags: { 'x"owner': 'me' } }, 'nonCompliant', 'keeps'],
  // An empty column is text, or was never there.
  ['location', 'exists', false, { location: '' }, 'nonCompliant', 'keeps'],
  ['location', 'notEquals', 'westeurope', { location: '' }, 'compliant', 'drops'],
  ['location', 'in', ['westeurope'], { location: 'WestEurope' }, 'compliant', 'drops'],
  ['name.first', 'exists', false, {}, 'compliant', 'drops'],
  ['name', 'match', 'kv-????????', {}, 'compliant', 'drops'],
  // Resource Graph writes types in lower case, and says nothing of them in a case-sensitive comparison.
  ['type', 'equals', 'microsoft.keyvault/VAULTS', {}, 'compliant', 'drops'],
  ['type', 'match', 'Microsoft.KeyVault/vaults', {}, 'compliant', 'keeps'],
  ['type', 'notMatch', 'Microsoft.KeyVault/vaults', {}, 'nonCompliant', 'keeps'],
  // Group and subscription are lower-cased likewise, while the evaluator takes them from the id.
  ['resourceGroup', 'notMatch', 'RG-#', { id: idIn('RG-1') }, 'nonCompliant', 'keeps'],
  ['resourceGroup', 'match', 'rg-#', { id: idIn('RG-1') }, 'nonCompliant', 'keeps'],
  ['resourceGroup', 'notEquals', 'rg-1', { id: idIn('RG-1') }, 'nonCompliant', 'keeps'],
  ['resourceGroup', 'notEquals', 'rg-2', { id: idIn('RG-1') }, 'compliant', 'drops'],
  // Columns that a scan does not read.
  ['kind', 'equals', 'odd', { kind: 'odd' }, 'nonCompliant', 'keeps'],
  ['systemData.createdAt', 'exists', false, {}, 'compliant', 'keeps'],
  // Without properties nothing is known of a vault, whatever the rule is about.
  ['properties.value', 'exists', false, { properties: null }, 'unknown', 'keeps'],
  ['properties.value', 'exists', false, { properties: [] }, 'unknown', 'keeps'],
  ['properties.value', 'exists', false, { properties: '{}' }, 'unknown', 'keeps'],
  ['properties.value', 'exists', false, { properties: {} }, 'compliant', 'drops'],
  ['name', 'equals', 'kv-payments', { properties: null }, 'compliant', 'keeps'],
];

test.for(rows)('%s %s %j of %j', ([path, operator, expected, body, verdict, filter]) => {
  const require: Condition = { kind: 'comparison', operand: { kind: 'field', path }, operator, expected };
  const rule = compileRule(aRule(require), {});
  const stored = store([{ ...aVault({}).body, ...body }]);
  const kept = idsGivenBy(
    `resources | ${shorterNames} | where ${compilePrefilter([rule]).predicate}`,
    stored,
  );
  expect(stored.map(({ resource }) => judge(rule, resource))).toEqual([verdict]);
  expect(kept.size === 1 ? 'keeps' : 'drops').toBe(filter);
});
