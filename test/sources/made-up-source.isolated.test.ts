import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emulator, guidOf, type Tenant, vaultBody } from '../../emulator/index.ts';
import type { FactSource, ResourceSource } from '../../src/model/source.ts';
import type { ResourceType } from '../../src/resource-types/resource-type.ts';
import { readInputs } from '../../src/action/inputs.ts';
import type * as Registry from '../../src/sources/parts.ts';
import { type Outcome, readReport, run } from '../cli/run.ts';

/** All that a new source takes: itself, its line in the registry, and the record of the type that it reads. */
const bin = vi.hoisted(() => {
  const type = 'Contoso.Bin/deletedTeapots';
  const record: ResourceType = {
    type,
    apiVersion: '2026-01-01',
    words: { one: 'deleted teapot', many: 'deleted teapots', label: 'Deleted teapot' },
    fields: {
      name: 'string',
      properties: 'object',
      'properties.lidClosed': 'boolean',
      brew: 'object',
      'brew.celsius': 'integer',
    },
    facts: { brew: 'access' },
    otherPaths: [],
    filledIn: [],
    properties: new Map(),
    readBy: ['deleted'],
  };
  const open = (): ResourceSource => ({
    name: 'deleted',
    types: [type],
    async *read(_signal, within) {
      yield { kind: 'scope', ...within };
      for (const { id: subscriptionId } of within.subscriptions) {
        const id = `/subscriptions/${subscriptionId}/providers/${type}/broken`;
        const common = {
          id,
          name: 'broken',
          type,
          subscriptionId,
          resourceGroup: '',
          location: 'westeurope',
        };
        const body = { ...common, properties: { lidClosed: false } };
        yield { kind: 'resources', resources: [{ ...common, tags: {}, body, gaps: [] }] };
      }
      const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
      yield { kind: 'coverage', coverage: { part: { name: 'deleted', state: 'read' }, ...cost } };
    },
  });
  const openFacts = (): FactSource => ({
    name: 'access',
    types: [type],
    members: ['brew'],
    read: () => ({
      factsOf: async (resources) =>
        new Map(
          resources.map(({ id }) => [id.toLowerCase(), { members: { brew: { celsius: 40 } }, gaps: [] }]),
        ),
      close: async () => {
        const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
        return { unreadable: [], coverage: { part: { name: 'access', state: 'read' }, ...cost } };
      },
    }),
  });
  return { type, record, open, openFacts };
});

vi.mock(import('../../src/resource-types/index.ts'), async (original) => {
  const { resourceTypes } = await original();
  return { resourceTypes: [...resourceTypes, bin.record] };
});

vi.mock(import('../../src/sources/parts.ts'), async (original) => {
  const partSources: (typeof Registry)['partSources'] = {
    deleted: async () => ({ sources: [bin.open()] }),
    access: async () => ({ facts: [bin.openFacts()] }),
  };
  return { ...(await original()), partSources };
});

const subscriptionId = guidOf('one');
const tenant: Tenant = {
  tenantId: guidOf('tenant'),
  managementGroups: [],
  subscriptions: [{ id: subscriptionId, name: 'one' }],
  resources: [vaultBody({ subscriptionId, resourceGroup: 'rg', location: 'westeurope', name: 'kv-any' })],
};

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-source-'));
  mkdirSync(join(cwd, 'policies'));
  writeFileSync(
    join(cwd, 'policies/ORG201.yaml'),
    `id: ORG201
name: lid-closed
title: The lid is closed
severity: high
resourceType: ${bin.type}
description: Tea goes cold.
require: { field: properties.lidClosed, equals: true }
examples:
  pass: [{ properties: { lidClosed: true } }]
  fail: [{ properties: { lidClosed: false } }]
`,
  );
  writeFileSync(
    join(cwd, 'policies/ORG401.yaml'),
    `id: ORG401
name: hot
title: The tea is hot
severity: medium
resourceType: ${bin.type}
description: Tea goes cold.
require: { field: brew.celsius, greaterOrEquals: 80 }
examples:
  pass: [{ brew: { celsius: 90 } }]
  fail: [{ brew: { celsius: 40 } }]
`,
  );
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function scan(...argv: readonly string[]): Promise<Outcome> {
  const { credential, httpClient } = emulator(tenant, { quota: 'unlimited' });
  return run(['scan', '--policies', 'policies', '--output', 'json', ...argv], {
    cwd,
    azure: { credential, httpClient },
  });
}

test('with --include it joins the live source, in the scope of that', async () => {
  const { code, stdout, stderr } = await scan('--include', 'deleted', '--rule', 'ORG201', '--rule', 'AKV001');
  expect([code, stderr]).toEqual([1, '']);
  const report = readReport(stdout);
  expect(report).toMatchObject({
    complete: true,
    summary: { resources: 2, nonCompliant: 1 },
    coverage: { subscriptions: [{ state: 'read' }], parts: [{ name: 'deleted', state: 'read' }] },
  });
  expect(report.findings.map(({ ruleId, resource }) => [ruleId, resource.name])).toEqual([
    ['ORG201', 'broken'],
  ]);
});

test('without --include its rules are named as not judged, and only they alone are refused', async () => {
  const { code, stdout, stderr } = await scan('--rule', 'ORG201', '--rule', 'AKV001');
  expect(code).toBe(0);
  expect(stderr).toContain('ORG201 is judged with --include deleted only');
  expect(readReport(stdout).rules.find(({ id }) => id === 'ORG201')).toMatchObject({
    notJudged: [{ type: bin.type, reason: expect.stringContaining('--include deleted') }],
  });
  const alone = await scan('--rule', 'ORG201');
  expect([alone.code, alone.stdout]).toEqual([2, '']);
  expect(alone.stderr).toContain('ORG201.yaml:5:15  ORG201 is judged with --include deleted only');
});

test('facts join its resources with the part that reads them; without it, a rule on them is not judged', async () => {
  const rules = ['--rule', 'ORG401', '--rule', 'ORG201', '--include', 'deleted'];
  const joined = readReport((await scan(...rules, '--include', 'access')).stdout);
  expect(joined.findings.map(({ ruleId, evidence }) => [ruleId, evidence[0]?.actual])).toEqual([
    ['ORG201', { kind: 'read', value: false }],
    ['ORG401', { kind: 'read', value: 40 }],
  ]);
  expect(joined.coverage.parts).toEqual([
    { name: 'deleted', state: 'read' },
    { name: 'access', state: 'read' },
  ]);
  const without = readReport((await scan(...rules)).stdout);
  expect(without.findings.map(({ ruleId }) => ruleId)).toEqual(['ORG201']);
  expect(without.rules.map(({ notJudged }) => notJudged?.map(({ reason }) => reason))).toEqual([
    undefined,
    ['Its brew is read with --include access, which this scan was not given.'],
  ]);
});

test('an inventory cannot include it', async () => {
  writeFileSync(join(cwd, 'list.json'), '[]');
  const { code, stderr } = await scan('--include', 'deleted', '--inventory', 'list.json');
  expect([code, stderr]).toEqual([2, expect.stringContaining('it cannot include deleted')]);
});

test('the action takes it as an input, and what has no source yet is refused', () => {
  const read = (include: string) => readInputs({ INPUT_INCLUDE: include }, cwd);
  expect(read('Deleted')).toMatchObject({ problems: [], inputs: { flags: { include: ['deleted'] } } });
  expect(read('objects').problems).toMatchObject([{ input: 'include' }]);
});
