import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Emulator, emulator, guidOf, type Tenant, vaultBody } from '../../emulator/index.ts';
import { changedProgram, type ChangedProgram } from '../changed-program.ts';
import { type Outcome, readReport } from '../cli/run.ts';

const type = 'Contoso.Kitchen/teapots';

/** All that a new type takes: its record in a file of its own, and a line in the registry. */
const record = `import type { ResourceType } from './resource-type.ts';

export const teapot: ResourceType = {
  type: '${type}',
  apiVersion: '2026-01-01',
  words: { one: 'teapot', many: 'teapots', label: 'Teapot' },
  fields: {
    id: 'string',
    name: 'string',
    type: 'string',
    location: 'string',
    properties: 'object',
    'properties.lidClosed': 'boolean',
    'properties.handles': 'array',
    'properties.handles[*]': 'string',
  },
  otherPaths: ['properties.brewedAt'],
  filledIn: [],
  properties: new Map([['lidClosed', { change: 'trueOnly', risk: 'irreversible' }]]),
  readBy: ['live'],
  resourceGraph: {
    table: 'resources',
    columns: { id: 'text', name: 'text', type: 'lowered', subscriptionId: 'lowered', properties: 'dynamic' },
  },
  terraform: {
    resource: 'contoso_teapot',
    arguments: [{ name: 'lid_closed', property: 'lidClosed', written: true }],
  },
};
`;
const line = (registry: string): string =>
  `import { teapot } from './teapot.ts';\n${registry.replace(/(resourceTypes:[^=]*= \[)/, '$1teapot, ')}`;

const subscriptionId = guidOf('one');
const place = { subscriptionId, resourceGroup: 'rg', location: 'westeurope' };
let cwd: string;
let azure: Emulator;
let program: ChangedProgram;

beforeAll(async () => {
  program = await changedProgram({
    'src/resource-types/teapot.ts': () => record,
    'src/resource-types/index.ts': line,
  });
});
afterAll(() => program.remove());

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-type-'));
  azure = emulator(tenant(), { quota: 'unlimited' });
  mkdirSync(join(cwd, 'policies'));
  writeFileSync(join(cwd, 'policies/ORG001.yaml'), rule('{ properties: { lidClosed: true } }'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function tenant(): Tenant {
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'one' }],
    resources: [
      vaultBody({ ...place, name: 'kv-any' }),
      aTeapot('open', { lidClosed: false }),
      aTeapot('closed', { lidClosed: true }),
    ],
  };
}

function aTeapot(name: string, properties: Readonly<Record<string, boolean | string>>) {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/${type}/${name}`;
  return { id, name, type, location: 'westeurope', tags: {}, properties };
}

function rule(patch: string): string {
  return `id: ORG001
name: lid-closed
title: The lid is closed
severity: high
resourceType: Contoso.Kitchen/TEAPOTS
description: Tea goes cold.
require: { field: properties.lidclosed, equals: true }
remediation:
  risk: safe
  patch: ${patch}
examples:
  pass: [{ properties: { lidClosed: true } }]
  fail: [{ properties: { lidClosed: false } }]
`;
}

function purgeproof(...argv: readonly string[]): Promise<Outcome> {
  const { credential, httpClient } = azure;
  return program.run([...argv, '--policies', 'policies', '--rule', 'ORG001'], {
    cwd,
    azure: { credential, httpClient },
  });
}

test('a live scan asks Resource Graph for it, by the rule pushed down, and judges it', async () => {
  const { code, stdout, stderr } = await purgeproof('scan', '--output', 'json');
  expect(stderr).not.toContain('never applies');
  expect(code).toBe(1);
  const report = readReport(stdout);
  expect(report.complete).toBe(true);
  expect(report.findings.map(({ resource }) => [resource.name, resource.type])).toEqual([
    ['open', 'Contoso.Kitchen/teapots'],
  ]);
  const queries = azure.requests.map(({ body }) => JSON.stringify(body) ?? '');
  expect(queries.some((query) => /contoso\.kitchen\/teapots.*lidClosed/.test(query))).toBe(true);
});

test('reports name it by the words of its record', async () => {
  const { stdout } = await purgeproof('scan', '--output', 'table');
  expect(stdout).toContain('Teapot');
});

test('a value in a form that Azure never writes is not judged', async () => {
  azure = emulator(
    { ...tenant(), resources: [aTeapot('odd', { lidClosed: 'perhaps' })] },
    { quota: 'unlimited' },
  );
  const { code, stdout } = await purgeproof('scan', '--output', 'json');
  expect(
    readReport(stdout)
      .unreadable.map(({ reason }) => reason)
      .join(),
  ).toContain('properties.lidClosed');
  expect(code).toBe(3);
});

test('a plan leaves it to a person, and says why: no operation of ARM is known that changes it', async () => {
  const { code, stderr } = await purgeproof('plan', '--out', 'plan.json');
  expect(stderr).not.toContain('INCOMPLETE');
  const { steps, manual } = JSON.parse(readFileSync(join(cwd, 'plan.json'), 'utf8'));
  expect(steps).toEqual([]);
  expect(manual).toMatchObject([
    {
      vault: { name: 'open', type: 'Contoso.Kitchen/teapots' },
      rule: { id: 'ORG001' },
      reason: 'purgeproof does not change resources of type Contoso.Kitchen/teapots.',
    },
  ]);
  expect(code).toBe(1);
});

test('a rule file is checked against its fields and its one-way properties', async () => {
  writeFileSync(join(cwd, 'policies/ORG001.yaml'), rule('{ properties: { lidClosed: false } }'));
  expect((await purgeproof('scan')).stderr).toContain('properties.lidClosed can only be set to true');
  writeFileSync(join(cwd, 'policies/ORG001.yaml'), rule('{ properties: { lidClose: true } }'));
  expect((await purgeproof('scan')).stderr).toContain('Did you mean properties.lidClosed?');
});

test('Terraform that declares it is found', async () => {
  writeFileSync(
    join(cwd, 'main.tf'),
    'resource "contoso_teapot" "t" {\n  name = "open"\n  resource_group_name = "rg"\n  lid_closed = false\n}\n',
  );
  const { stdout } = await purgeproof('scan', '--output', 'sarif', '--source-root', '.');
  const [result] = JSON.parse(stdout).runs[0].results;
  expect(result.locations[0].physicalLocation).toMatchObject({
    artifactLocation: { uri: 'main.tf' },
    region: { startLine: 4 },
  });
});
