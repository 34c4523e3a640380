import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { exportRule } from '../../src/azure-policy/export-definition.ts';
import { isJsonObject, type Json, type JsonObject, objectAt, parseJson } from '../../src/model/json.ts';
import type { Condition } from '../../src/model/rule.ts';
import { operators } from '../../src/rules/operators/index.ts';
import { aRule } from '../build.ts';
import { run } from '../cli/run.ts';
import { verdictOf } from './policies.ts';
import { policyFaults } from './policy-schema.ts';

const group = '/providers/Microsoft.Management/managementGroups/platform';
const argv = ['rules', 'export', '--to', 'azure-policy', '--initiative', '--scope', group];

/** All that the program exports with an effect: the definitions, the initiative last. */
async function exportedWith(effect: string): Promise<readonly Json[]> {
  const { stdout } = await run([...argv, '--effect', effect]);
  const documents = parseJson(stdout);
  return Array.isArray(documents) ? documents : [];
}

describe.for(['audit', 'deny'])('what is exported with the effect %s is valid', (effect) => {
  test('definitions and the initiative', async () => {
    const documents = await exportedWith(effect);
    expect(documents.length).toBeGreaterThanOrEqual(10);
    for (const document of documents.slice(0, -1)) expect(policyFaults('definition', document)).toEqual([]);
    expect(policyFaults('initiative', documents.at(-1))).toEqual([]);
  });
});

const field = 'properties.tenantId';
const forms: readonly (readonly [string, Condition])[] = Object.entries(operators).flatMap(
  ([operator, { samples }]) =>
    samples.map(({ expected }): readonly [string, Condition] => [
      `${operator} ${JSON.stringify(expected)}`,
      { kind: 'comparison', operand: { kind: 'field', path: field }, operator, expected },
    ]),
);
const values: readonly (readonly [string, Condition])[] = [true, 7, 7.5, 'text', ["it's"]].map((value) => [
  `the value ${JSON.stringify(value)}`,
  { kind: 'comparison', operand: { kind: 'value', value }, operator: 'exists', expected: true },
]);

test.for([...forms, ...values])('a rule with %s becomes a valid definition', ([, condition]) => {
  const exported = exportRule(aRule(condition), { effect: 'audit', version: '1.2.3' });
  expect('definition' in exported && policyFaults('definition', exported.definition)).toEqual([]);
});

test('a number that is compared is the same once it is read back', () => {
  for (const [value, least, verdict] of [
    [7, 9, 'nonCompliant'],
    [10, 9, 'compliant'],
    [9.5, 9, 'compliant'],
  ] as const) {
    const rule = aRule({
      kind: 'comparison',
      operand: { kind: 'value', value },
      operator: 'greaterOrEquals',
      expected: least,
    });
    const exported = exportRule(rule, { effect: 'audit', version: '1.2.3' });
    expect('definition' in exported && verdictOf(exported.definition, { properties: {} })).toBe(verdict);
  }
});

test('exemptions are valid', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-exported-'));
  const scope = '/subscriptions/11111111-1111-1111-1111-111111111111';
  const vault = `${scope}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a`;
  const terms = "reason: 'Being retired', owner: team-a, expiresOn: 2027-01-31";
  writeFileSync(
    join(cwd, 'exemptions.yaml'),
    `exemptions:\n  - { rule: AKV002, scope: { resource: ${vault} }, category: waiver, ${terms} }\n  - { rule: AKV003, scope: { resource: ${vault} }, category: mitigated, ${terms} }\n`,
  );
  const assignment = `${scope}/providers/Microsoft.Authorization/policyAssignments/all`;
  const references = ['AKV002', 'AKV003'].flatMap((id) => ['--reference', `${id}=${id}`]);
  const { stdout, code } = await run(
    ['exemptions', 'export', '--no-config', '--assignment', assignment, ...references],
    { cwd },
  );
  expect(code).toBe(0);
  const exemptions = parseJson(stdout);
  expect(exemptions).toHaveLength(2);
  for (const exemption of Array.isArray(exemptions) ? exemptions : [])
    expect(policyFaults('exemption', exemption)).toEqual([]);
});

test.for<readonly [string, Json]>([
  ['a boolean where text is wanted', { field: 'type', equals: true }],
  ['two operators', { field: 'type', equals: 'a', notEquals: 'b' }],
  ['two subjects', { field: 'type', value: 'a', equals: 'b' }],
  ['an empty list of conditions', { allOf: [] }],
  ['something beside a combiner', { not: { field: 'a', equals: 'b' }, field: 'a' }],
  ['a count of both', { count: { field: 'a[*]', value: [] }, equals: 1 }],
  ['no operator', { field: 'type' }],
])('our words of the schema refuse %s', ([, condition]) => {
  expect(policyFaults('rule', { if: condition, then: { effect: 'audit' } })).not.toEqual([]);
});

/** The schemas themselves, which are not part of this repository: a clone of Azure/azure-resource-manager-schemas, by the environment. */
const clone = process.env['PURGEPROOF_ARM_SCHEMAS'] ?? '';

describe.skipIf(clone === '')('the official schema itself', () => {
  test('takes every definition that is exported', async () => {
    const ajv = new Ajv({ strict: false });
    ajv.addSchema(official('common/definitions.json'));
    // Nothing that is exported deploys anything.
    const deployments =
      'https://schema.management.azure.com/schemas/2018-05-01/Microsoft.Resources.Deployments.json';
    ajv.addSchema({ $id: deployments, definitions: { DeploymentProperties: {} } });
    const validate = ajv.compile(official('2020-10-01/policyDefinition.json'));
    const documents = [...(await exportedWith('audit')), ...(await exportedWith('deny'))];
    const rules = documents.flatMap((document) => {
      const rule = isJsonObject(document) ? objectAt(document, 'properties')['policyRule'] : undefined;
      return rule === undefined ? [] : [rule];
    });
    expect(rules.length).toBeGreaterThanOrEqual(18);
    for (const rule of rules) expect([validate(rule), validate.errors]).toEqual([true, null]);
  });
});

/** A schema of draft 4, whose `id` later drafts call `$id`. */
function official(file: string): JsonObject {
  const schema = parseJson(readFileSync(join(clone, 'schemas', file), 'utf8'));
  if (!isJsonObject(schema)) throw new Error(`${file} is no schema`);
  const { $schema: _, id, ...rest } = schema;
  return { ...rest, $id: id ?? file };
}
