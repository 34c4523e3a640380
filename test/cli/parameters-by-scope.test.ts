import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulator, type Tenant } from '../../emulator/index.ts';
import { guidOf, vaultBody } from '../../emulator/tenants/bodies.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { readReport, run } from './run.ts';

const [alpha, beta] = [guidOf('alpha'), guidOf('beta')];

const resources = [
  at(alpha, 'kv-prod-90', { days: 90, tags: { env: 'prod' } }),
  at(alpha, 'kv-prod-30', { days: 30, tags: { env: 'prod' } }),
  at(alpha, 'kv-dev-7', { days: 7, tags: { env: 'dev' } }),
  at(alpha, 'kv-plain-7', { days: 7 }),
  at(beta, 'kv-beta-7', { days: 7 }),
  at(beta, 'kv-beta-30', { days: 30, tags: { env: 'prod' } }),
];

function at(
  subscriptionId: string,
  name: string,
  { days, tags = {} }: { readonly days: number; readonly tags?: Record<string, string> },
): JsonObject {
  return vaultBody(
    { subscriptionId, resourceGroup: 'rg', name, location: 'westeurope' },
    { tags, properties: { softDeleteRetentionInDays: days, enableRbacAuthorization: false } },
  );
}

function tenant(access: Partial<Tenant['subscriptions'][number]> = {}): Tenant {
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [
      { id: 'root', displayName: 'Root' },
      { id: 'mg-lab', displayName: 'Lab', parent: 'root' },
    ],
    subscriptions: [
      { id: alpha, name: 'Alpha', managementGroup: 'root' },
      { id: beta, name: 'Beta', managementGroup: 'mg-lab', ...access },
    ],
    resources: structuredClone(resources),
  };
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-scopes-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

const entries = (...lines: readonly string[]): string =>
  `rules: [AKV003]\nparametersByScope:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
const days = (scope: string, minimum: number): string =>
  `{ scope: ${scope}, parameters: { AKV003: { minimumRetentionDays: ${minimum} } } }`;

async function scan(config: string, argv: readonly string[] = []) {
  const { credential, httpClient } = emulator(tenant());
  const cwd = folderWith({ 'purgeproof.yaml': config });
  const outcome = await run(['scan', '--output', 'json', ...argv], {
    cwd,
    azure: { credential, httpClient },
  });
  return { ...outcome, report: readReport(outcome.stdout) };
}

describe('parameters by scope', () => {
  const lab = days('{ managementGroup: Lab }', 7);
  const dev = days('{ tag: { env: dev } }', 7);
  const alphaOnly = days('{ subscription: alpha }', 30);
  const vault = days('{ name: kv-beta-3* }', 60);
  test.for<[string, string, readonly string[]]>([
    ['of a tag', entries(dev), ['kv-beta-30', 'kv-beta-7', 'kv-plain-7', 'kv-prod-30']],
    ['of a management group, by its name', entries(lab), ['kv-dev-7', 'kv-plain-7', 'kv-prod-30']],
    [
      'of a subscription, by its name',
      entries(alphaOnly),
      ['kv-beta-30', 'kv-beta-7', 'kv-dev-7', 'kv-plain-7'],
    ],
    [
      'of several, the most specific one first',
      entries(lab, dev, alphaOnly, vault),
      ['kv-beta-30', 'kv-dev-7', 'kv-plain-7'],
    ],
  ])('%s, pushed down and in full alike', async ([, config, failed]) => {
    for (const how of [[], ['--full']]) {
      const { report, code, stderr } = await scan(config, how);
      expect(report.findings.map(({ resource }) => resource.name).toSorted()).toEqual(failed);
      expect(report.summary).toMatchObject({ resources: 6, compliant: 6 - failed.length, unknown: 0 });
      expect({ code, complete: report.complete }).toEqual({ code: 1, complete: true });
      expect(stderr).toBe('Configuration: purgeproof.yaml\n');
    }
  });

  test('are in the finding, its evidence, its message and the rule of the report', async () => {
    const { report } = await scan(entries(lab, vault, days('{ tag: { env: prod } }', 45)));
    const finding = report.findings.find(({ resource }) => resource.name === 'kv-beta-30');
    expect(finding).toMatchObject({
      parameters: { minimumRetentionDays: 60 },
      evidence: [{ expected: 'at least 60 or unset', actual: { value: 30 } }],
      message: expect.stringContaining('expected at least 60'),
    });
    const [rule] = report.rules;
    expect(rule).toMatchObject({
      parameters: { minimumRetentionDays: 90 },
      parametersByScope: [
        { scope: { name: 'kv-beta-3*' }, parameters: { minimumRetentionDays: 60 } },
        { scope: { managementGroup: 'Lab' }, parameters: { minimumRetentionDays: 7 } },
        { scope: { tag: { env: 'prod' } }, parameters: { minimumRetentionDays: 45 } },
      ],
    });
    expect(rule?.description).toMatch(
      /Elsewhere: minimumRetentionDays = 60 for name kv-beta-3\*, minimumRetentionDays = 7 for management group Lab, minimumRetentionDays = 45 for tag env=prod\.$/,
    );
    const plain = report.findings.find(({ resource }) => resource.name === 'kv-plain-7');
    expect(plain?.parameters).toBeUndefined();
  });

  test('yield to a flag', async () => {
    for (const flag of [
      'minimumRetentionDays=7',
      'AKV003.minimumRetentionDays=7',
      'soft-delete-retention.minimumRetentionDays=7',
    ]) {
      const { report, stderr } = await scan(entries(days('{ tag: { env: dev } }', 60)), ['--param', flag]);
      expect(report.findings).toEqual([]);
      expect(report.rules[0]).toMatchObject({ parameters: { minimumRetentionDays: 7 } });
      expect(report.rules[0]).not.toHaveProperty('parametersByScope');
      expect(stderr).toBe('Configuration: purgeproof.yaml\n');
    }
  });

  test.for(['sarif', 'sarif-full', 'markdown', 'table', 'csv', 'junit', 'ocsf'])(
    'are those of the vault in %s',
    async (format) => {
      const { credential, httpClient } = emulator(tenant());
      const cwd = folderWith({ 'purgeproof.yaml': entries(days('{ name: kv-beta-3* }', 60)) });
      const { stdout } = await run(['scan', '--verbose', '--output', format, '--vault', 'kv-beta-30'], {
        cwd,
        azure: { credential, httpClient },
      });
      expect(stdout).toMatch(/at least 60/);
      expect(stdout).not.toMatch(/at least 90/);
    },
  );
});

describe('a scope that matches nothing', () => {
  const place = 'purgeproof.yaml:3:5  these parameters apply to nothing: ';
  test.for<[string, string, string]>([
    ['{ subscription: Alfa }', '', 'no subscription here has the id or name "Alfa". Did you mean Alpha?'],
    [
      '{ managementGroup: mg-lap }',
      '',
      'no subscription here is below a management group with the id or name "mg-lap". Did you mean mg-lab?',
    ],
    ['{ tag: { env: tset } }', '--full', 'nothing that the scope describes is there'],
    [
      '{ name: "kv-(a|b)" }',
      '--full',
      'the name "kv-(a|b)" is taken as it is written, with * for any run of characters',
    ],
  ])('%s %s is told of', async ([scope, flag, words]) => {
    const { stderr } = await scan(entries(days(scope, 30)), flag === '' ? [] : [flag]);
    expect(stderr).toContain(`${place}${words}`);
  });

  test.for([
    '{ tag: { env: tset } }',
    '{ tag: { "it\'s": dev, env: tset } }',
    '{ name: kv-b }',
    '{ resourceGroup: other }',
    `{ resource: /subscriptions/${alpha}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-gone }`,
    `{ resourceGroup: /subscriptions/${beta}/resourceGroups/rg-gone }`,
    '{ subscription: Alpha, tag: { env: tset } }',
    '{ managementGroup: mg-lab, name: kv-prod-9 }',
  ])('is also told of where Resource Graph counted the others: %s', async (scope) => {
    const { stderr } = await scan(entries(days(scope, 30), days('{ name: kv-beta-30 }', 7)));
    expect(stderr).toBe(
      `Configuration: purgeproof.yaml\n${place}nothing that the scope describes is there\n`,
    );
  });

  // None of these fails, so that Resource Graph returns none.
  test.for([
    '{ tag: { ENV: prod } }',
    '{ tag: { "it\'s": dev } }',
    '{ name: "KV-prod-*" }',
    '{ resourceGroup: RG }',
    `{ resource: /subscriptions/${alpha}/resourcegroups/RG/providers/Microsoft.KeyVault/vaults/kv-prod-90/ }`,
    `{ resourceGroup: /subscriptions/${alpha}/resourceGroups/rg }`,
    '{ subscription: Alpha, tag: { env: dev } }',
    '{ managementGroup: mg-lab }',
  ])('is not, where something in it was counted and not returned: %s', async (scope) => {
    const all = 'parameters: { AKV003: { minimumRetentionDays: 7 } }\n';
    const { stderr, report } = await scan(all + entries(days(scope, 7)));
    expect(report.findings).toEqual([]);
    expect(stderr).toBe('Configuration: purgeproof.yaml\n');
  });
});

describe('in an inventory', () => {
  const withoutTags = resources.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([key]) => key !== 'tags')),
  );
  const rows = (list: readonly Json[]): string => JSON.stringify(list);
  const scanFile = async (config: string, inventory: string) => {
    const cwd = folderWith({ 'purgeproof.yaml': config, 'vaults.json': inventory });
    const outcome = await run(['scan', '--inventory', 'vaults.json', '--output', 'json'], { cwd });
    return { ...outcome, report: readReport(outcome.stdout) };
  };
  const subscriptionRow = (id: string, name: string, group: string): JsonObject => ({
    id: `/subscriptions/${id}`,
    type: 'microsoft.resources/subscriptions',
    subscriptionId: id,
    name,
    properties: {
      displayName: name,
      state: 'Enabled',
      managementGroupAncestorsChain: [{ name: group, displayName: group }],
    },
  });

  test('without tags, what they decide is unknown, and the rest is not', async () => {
    const { report, code } = await scanFile(entries(days('{ tag: { env: dev } }', 30)), rows(withoutTags));
    const verdicts = report.findings.map(({ resource, compliance }) => `${resource.name} ${compliance}`);
    expect(verdicts.toSorted()).toEqual([
      'kv-beta-30 unknown',
      'kv-beta-7 nonCompliant',
      'kv-dev-7 nonCompliant',
      'kv-plain-7 nonCompliant',
      'kv-prod-30 unknown',
    ]);
    expect(code).toBe(3);
    const unknown = report.findings.find(({ resource }) => resource.name === 'kv-prod-30');
    expect(unknown?.message).toBe(
      'kv-prod-30 could not be judged by AKV003 soft-delete-retention: tags could not be read, expected to decide ' +
        'minimumRetentionDays (30 or 90); properties.softDeleteRetentionInDays is 30, expected at least 90 or unset',
    );
    expect(report.unreadable).toMatchObject([
      {
        kind: 'resource',
        reason: 'Its tags could not be read, and they decide minimumRetentionDays (30 or 90) of AKV003.',
      },
      { kind: 'resource' },
    ]);
    const both = report.findings.find(({ resource }) => resource.name === 'kv-plain-7');
    expect(both?.evidence.map(({ expected }) => expected)).toEqual([
      'at least 30 or unset',
      'at least 90 or unset',
    ]);
  });

  test('management groups are unknown without their rows, and known with them, wherever they stand', async () => {
    const config = entries(days('{ managementGroup: mg-lab }', 7));
    const without = await scanFile(config, rows(resources));
    expect(without.code).toBe(3);
    expect(without.report.summary).toMatchObject({ compliant: 1, unknown: 5 });
    expect(without.report.unreadable.map(({ scope, kind }) => `${kind} ${scope}`)).toEqual([
      `subscription ${alpha}`,
      `subscription ${beta}`,
    ]);
    const subscriptions = [subscriptionRow(alpha, 'Alpha', 'root'), subscriptionRow(beta, 'Beta', 'mg-lab')];
    for (const list of [
      [...subscriptions, ...resources],
      [...resources, ...subscriptions],
    ]) {
      const { report, code } = await scanFile(config, rows(list));
      expect(report.findings.map(({ resource }) => resource.name)).toEqual([
        'kv-dev-7',
        'kv-plain-7',
        'kv-prod-30',
      ]);
      expect({ code, complete: report.complete }).toEqual({ code: 1, complete: true });
      expect(report.findings.every(({ parameters }) => parameters === undefined)).toBe(true);
    }
  });
});

describe('in code', () => {
  const declared = (own: JsonObject): JsonObject => ({
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: '2023-07-01',
    location: 'westeurope',
    properties: { softDeleteRetentionInDays: 30 },
    ...own,
  });
  const template = JSON.stringify({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { stage: { type: 'string' } },
    resources: [
      declared({ name: "[concat('kv-', parameters('stage'))]" }),
      declared({ name: 'kv-plain', tags: { env: 'dev' } }),
    ],
  });
  const group = `/subscriptions/${alpha}/resourceGroups/rg-prod`;
  const both = ['unknown', 'unknown'];

  test.for<[string, readonly string[], string]>([
    [`{ subscription: ${alpha} }`, both, 'subscription'],
    ['{ subscription: Alpha }', both, 'subscription'],
    ['{ managementGroup: prod }', both, 'management group'],
    ['{ resourceGroup: rg-prod }', both, 'resource group'],
    [`{ resourceGroup: ${group} }`, both, 'resource group'],
    [`{ resource: ${group}/providers/Microsoft.KeyVault/vaults/kv-plain }`, both, 'id'],
    ['{ name: kv-prod-* }', ['compliant', 'unknown'], 'name'],
    ['{ name: kv-p* }', ['nonCompliant', 'unknown'], 'name'],
    ['{ tag: { env: dev } }', ['nonCompliant', 'unknown'], 'tag'],
  ])('%s may hold for what does not show it', async ([scope, verdicts, fact]) => {
    const config = `parameters: { minimumRetentionDays: 7 }\n${entries(days(scope, 90))}`;
    const cwd = folderWith({ 'purgeproof.yaml': config, 'main.json': template });
    const { code, stdout, stderr } = await run(
      ['scan', '--template', 'main.json', '--include-compliant', '--output', 'json'],
      { cwd },
    );
    const { findings, unreadable, complete } = readReport(stdout);
    expect(findings.map(({ compliance }) => compliance)).toEqual(verdicts);
    expect({ code, complete }).toEqual({ code: 3, complete: false });
    const last = findings.at(-1);
    expect(last?.message).toContain(
      `: ${fact} is not known before deployment, expected to decide minimumRetentionDays (90 or 7); `,
    );
    expect(last?.declaredAt).toMatchObject({ file: 'main.json', line: 1 });
    expect(unreadable.map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual(
      verdicts
        .filter((verdict) => verdict === 'unknown')
        .map(
          () =>
            `code: What decides minimumRetentionDays (90 or 7) of AKV003 is not known before deployment: ${fact}.`,
        ),
    );
    expect(stderr).not.toContain('apply to nothing');
  });
});

describe('mistakes', () => {
  test('come in one round, each at its place', async () => {
    const cwd = folderWith({
      'purgeproof.yaml': [
        'rules: [AKV003]',
        'parametersByScope:',
        '  - scope: { tags: { env: dev } }',
        '    parameters: { minimumRetentionDays: 7 }',
        '  - scope: { tag: { env: dev, ENV: test } }',
        '    parameters: { AKV003: { minimumRetentionDays: 5 } }',
        '  - scope: {}',
        '    parameters: { minimumRetentionDay: 7 }',
        '  - parameters: { AKV003: 7 }',
        '  - scope: { name: kv-a }',
        '    parameters: { AKV003: { minimumRetentionDays: 7 } }',
        '  - scope: { name: kv-* }',
        '    parameters: { minimumRetentionDays: 30 }',
        '',
      ].join('\n'),
      'vaults.json': '[]',
    });
    const { code, stderr } = await run(['scan', '--inventory', 'vaults.json'], { cwd });
    expect(code).toBe(2);
    await expect(stderr).toMatchFileSnapshot('golden/parameters-by-scope-mistakes.txt');
  });

  test.for([
    ['severities: { AKV003: low,', 'soft-delete-retention: high }', 'The severity of AKV003'],
    [
      'parameters: { soft-delete-retention: { minimumRetentionDays: 30 },',
      'AKV003: { minimumRetentionDays: 60 } }',
      'minimumRetentionDays of AKV003',
    ],
    [
      'parametersByScope: [{ scope: { name: kv }, parameters: { AKV003: { minimumRetentionDays: 30 },',
      'akv003: { minimumRetentionDays: 60 } } }]',
      'minimumRetentionDays of AKV003',
    ],
  ])('of a rule that is set by two of its names: %s %s', async ([first, second, what]) => {
    const cwd = folderWith({ 'purgeproof.yaml': `${first}\n  ${second}\n` });
    const { code, stderr } = await run(['config', 'show'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(
        `^purgeproof\\.yaml:2:\\d+ {2}${what} is set at purgeproof\\.yaml:1:\\d+ as well, by another name of the rule\\. Keep one of them\\.$`,
        'm',
      ),
    );
  });

  test('of names that turn out to be one subscription', async () => {
    const { credential, httpClient } = emulator(tenant());
    const config = entries(days('{ subscription: Alpha }', 7), days(`{ subscription: ${alpha} }`, 30));
    const cwd = folderWith({ 'purgeproof.yaml': config });
    const { code, stderr } = await run(['scan'], { cwd, azure: { credential, httpClient } });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /purgeproof\.yaml:4:\d+ {2}minimumRetentionDays of AKV003 is 30 here and 7 at purgeproof\.yaml:3, a resource may match both scopes/,
    );
  });
});

describe('plan and apply', () => {
  const ownRule = `id: ORG001
name: rbac-where-wanted
title: Access is controlled by Azure RBAC where it must be
severity: medium
resourceType: Microsoft.KeyVault/vaults
description: Why it matters.
parameters:
  wanted: { type: boolean, default: false, description: True where Azure RBAC must be on. }
require:
  anyOf:
    - value: "[parameters('wanted')]"
      equals: false
    - field: properties.enableRbacAuthorization
      equals: true
remediation:
  risk: disruptive
  patch: { properties: { enableRbacAuthorization: true } }
examples:
  pass: [{ properties: { enableRbacAuthorization: true } }]
  fail: []
`;
  const config = `policies: [rule.yaml]
rules: [ORG001]
parametersByScope:
  - { scope: { tag: { env: prod } }, parameters: { ORG001: { wanted: true } } }
`;

  test('use the parameters of each vault', async () => {
    const azure = emulator(tenant());
    const { credential, httpClient } = azure;
    const cwd = folderWith({ 'purgeproof.yaml': config, 'rule.yaml': ownRule });
    const type = (...argv: readonly string[]) =>
      run(argv, { cwd, azure: { credential, httpClient }, now: '2026-11-24T12:00:00Z' });
    const planned = await type('plan', '--allow', 'disruptive', '--out', 'plan.json', '--output', 'json');
    const plan: unknown = JSON.parse(planned.stdout);
    expect(plan).toMatchObject({
      steps: ['kv-prod-30', 'kv-prod-90', 'kv-beta-30'].map((name) => ({
        vault: { name },
        rules: [{ id: 'ORG001', parameters: { wanted: true } }],
      })),
    });
    const applied = await type('apply', 'plan.json', '--yes', '--allow', 'disruptive');
    expect(applied.stdout).toContain('3 verified');
    expect(applied.code).toBe(0);
    const after = await type('scan', '--output', 'json');
    expect(readReport(after.stdout).findings).toEqual([]);
  });

  test('plan refuses a report that was judged with other scopes, and takes one that was not', async () => {
    const azure = emulator(tenant());
    const { credential, httpClient } = azure;
    const cwd = folderWith({ 'purgeproof.yaml': config, 'rule.yaml': ownRule });
    const type = (...argv: readonly string[]) => run(argv, { cwd, azure: { credential, httpClient } });
    await type('scan', '--output', 'json=report.json');
    const same = await type('plan', '--from', 'report.json', '--allow', 'disruptive');
    expect(same.code).toBe(1);
    writeFileSync(join(cwd, 'purgeproof.yaml'), config.replace('env: prod', 'env: dev'));
    const other = await type('plan', '--from', 'report.json');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain(
      'The report: judged with the defaults. Elsewhere: wanted = true for tag env=prod. The plan: judged with the defaults. Elsewhere: wanted = true for tag env=dev.',
    );
  });

  test('plan leaves alone what depends on a management group that cannot be read', async () => {
    const hidden = { access: 'resourceGroups', readableResourceGroups: ['rg'] } as const;
    const { credential, httpClient } = emulator(tenant(hidden));
    const byGroup = config.replace('{ tag: { env: prod } }', '{ managementGroup: mg-lab }');
    const cwd = folderWith({ 'purgeproof.yaml': byGroup, 'rule.yaml': ownRule });
    const { code, stdout, stderr } = await run(
      ['plan', '--allow', 'disruptive', '--subscription', beta, '--output', 'json'],
      { cwd, azure: { credential, httpClient } },
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ steps: [] });
    expect(stderr).toContain(
      'The management groups above it are not known, and they decide wanted (true or false) of ORG001.',
    );
  });
});
