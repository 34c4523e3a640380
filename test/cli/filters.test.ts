import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulator, type Tenant } from '../../emulator/index.ts';
import { guidOf, managedHsmBody, vaultBody } from '../../emulator/tenants/bodies.ts';
import { readReport, run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'purgeproof-filters-'));
const subscriptionId = guidOf('alpha');

const resources = [
  at('kv-pay-1', 'rg-pay', { env: 'prod' }, true),
  at('kv-pay-2', 'rg-pay', { env: 'test' }, false),
  at('kv-web-1', 'RG-Web', { Env: 'Prod', team: 'web' }, false),
  managedHsmBody(
    { subscriptionId, resourceGroup: 'rg-pay', name: 'kv-pay-hsm', location: 'westeurope' },
    { properties: { enablePurgeProtection: true } },
  ),
];

function at(name: string, resourceGroup: string, tags: Record<string, string>, isProtected: boolean) {
  return vaultBody(
    { subscriptionId, resourceGroup, name, location: 'westeurope' },
    { tags, properties: isProtected ? { enablePurgeProtection: true } : {} },
  );
}

const tenant: Tenant = {
  tenantId: guidOf('tenant'),
  managementGroups: [],
  subscriptions: [{ id: subscriptionId, name: 'alpha' }],
  resources,
};

const rules = ['--rule', 'AKV002', '--rule', 'AKV101'];

async function scanLive(...argv: readonly string[]) {
  const { credential, httpClient } = emulator(tenant);
  const outcome = await run(['scan', ...rules, ...argv], { azure: { credential, httpClient } });
  return outcome;
}

describe('a filtered scan', () => {
  test.for<[string, readonly string[], number, readonly string[]]>([
    ['a resource group in any letter case', ['--resource-group', 'rg-WEB'], 1, ['kv-web-1']],
    [
      'the id of a resource group',
      ['--resource-group', `/subscriptions/${subscriptionId}/resourceGroups/rg-web/`],
      1,
      ['kv-web-1'],
    ],
    ['a vault', ['--vault', 'kv-pay-1'], 1, []],
    ['a pattern, which managed HSMs match as well', ['--vault', 'kv-pay-*'], 3, ['kv-pay-2']],
    ['vaults separated by a comma', ['--vault', 'kv-pay-1,kv-web-1'], 2, ['kv-web-1']],
    ['a tag with its value', ['--tag', 'env=prod'], 2, ['kv-web-1']],
    ['a tag with any value', ['--tag', 'TEAM'], 1, ['kv-web-1']],
    [
      'two values of a tag, of which one is enough',
      ['--tag', 'env=test', '--tag', 'env=prod'],
      3,
      ['kv-pay-2', 'kv-web-1'],
    ],
    ['two tags, of which both are needed', ['--tag', 'env=prod', '--tag', 'team=web'], 1, ['kv-web-1']],
    [
      'everything together',
      ['--resource-group', 'rg-pay', '--vault', '*-2', '--tag', 'env'],
      1,
      ['kv-pay-2'],
    ],
  ])('by %s', async ([, argv, seen, failed]) => {
    for (const how of [[], ['--full']]) {
      const { code, stdout } = await scanLive(...argv, ...how, '--output', 'json');
      const report = readReport(stdout);
      expect(report.summary.resources).toBe(seen);
      expect(report.findings.map(({ resource }) => resource.name)).toEqual(failed);
      expect({ code, complete: report.complete }).toEqual({
        code: failed.length === 0 ? 0 : 1,
        complete: true,
      });
    }
    const file = join(folder, 'vaults.json');
    writeFileSync(file, JSON.stringify(resources));
    const offline = await run(['scan', ...rules, ...argv, '--inventory', file, '--output', 'json']);
    const report = readReport(offline.stdout);
    expect(report.summary.resources).toBe(seen);
    expect(report.findings.map(({ resource }) => resource.name)).toEqual(failed);
  });

  test('asks Resource Graph for what it may keep, and counts what no rule can fail on', async () => {
    const { stdout } = await scanLive('--vault', 'kv-pay-*', '--output', 'json');
    const { summary, coverage } = readReport(stdout);
    expect(summary).toMatchObject({ resources: 3, compliant: 2, nonCompliant: 1 });
    expect(coverage.subscriptions).toMatchObject([{ state: 'read', expectedRows: 3, rows: 3 }]);
    expect(coverage.resourceGraph?.form).toBe('filtered');
  });

  test.for(['table', 'markdown', 'html', 'sarif', 'sarif-full', 'junit', 'ocsf'])(
    'says so in %s',
    async (format) => {
      const { stdout } = await scanLive('--tag', 'env=test', '--output', format);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Filtered to tag env=test: nothing else was judged.');
    },
  );

  test('says so in every row of csv', async () => {
    const { stdout } = await scanLive('--tag', 'env=test', '--output', 'csv');
    const [, ...rows] = stdout.trimEnd().split('\r\n');
    expect(rows).not.toEqual([]);
    expect(rows.filter((row) => !row.includes(', only tag env=test'))).toEqual([]);
  });

  test('has a category of its own in SARIF, unless it is given one', async () => {
    const categoryOf = async (...argv: readonly string[]) => {
      const { stdout } = await scanLive(...argv, '--output', 'sarif');
      return JSON.parse(stdout).runs[0].automationDetails?.id;
    };
    expect(await categoryOf()).toBeUndefined();
    expect(await categoryOf('--vault', 'kv-pay-1')).toBe('purgeproof/vault-kv-pay-1/');
    expect(await categoryOf('--vault', 'kv-pay-*')).toMatch(/^purgeproof\/vault-[0-9a-f]{12}\/$/);
    expect(await categoryOf('--vault', 'kv-pay-*', '--category', 'mine')).toBe('mine/');
  });

  test('that nothing matches is no green', async () => {
    const { code, stdout } = await scanLive('--resource-group', 'rg-typo');
    expect(code).toBe(3);
    expect(stdout).toContain('filter resource group rg-typo\n    Nothing in scope matches it');
    expect((await scanLive('--resource-group', 'rg-typo', '--allow-incomplete')).code).toBe(0);
  });

  test('of which one name matches nothing names that one', async () => {
    const { code, stdout } = await scanLive('--vault', 'kv-pay-1', '--vault', 'kv-tpyo', '--output', 'json');
    expect(code).toBe(3);
    expect(readReport(stdout).unreadable).toMatchObject([{ kind: 'filter', scope: 'name kv-tpyo' }]);
  });

  test('says nothing of exemptions from what it leaves out', async () => {
    const file = join(folder, 'accepted.yaml');
    writeFileSync(
      file,
      'exemptions: [{rule: AKV002, scope: {name: kv-web-1}, category: waiver, reason: none, expiresOn: 2027-01-01}]',
    );
    const { code, stderr } = await scanLive('--vault', 'kv-pay-1', '--exemptions', file);
    expect(code).toBe(0);
    expect(stderr).not.toContain('exemption');
  });

  test('is set by a configuration file, which flags overrule list by list', async () => {
    const file = join(folder, 'purgeproof.yaml');
    writeFileSync(file, 'resourceGroups: [rg-pay]\ntags: [env=test]\n');
    const { stdout } = await scanLive('--config', file, '--tag', 'env=prod', '--output', 'json');
    expect(readReport(stdout).scope.filter).toEqual({ resourceGroups: ['rg-pay'], tags: ['env=prod'] });
    expect(readReport(stdout).summary.resources).toBe(1);
  });

  test.for<[string, string]>([
    ['=prod', 'It must be NAME=VALUE or NAME'],
    ["o'brien=x", 'It must be NAME=VALUE or NAME'],
    ['', 'It must be NAME=VALUE or NAME'],
  ])('refuses the tag %j', async ([tag, message]) => {
    const { code, stderr } = await scanLive('--tag', tag);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

test('a plan is made over a filter, and says so', async () => {
  const { credential, httpClient } = emulator(tenant);
  const azure = { credential, httpClient };
  const { code, stdout } = await run(['plan', ...rules, '--resource-group', 'rg-pay', '--output', 'json'], {
    azure,
  });
  expect(code).toBe(1);
  const plan = JSON.parse(stdout);
  expect(plan.scope.filter).toEqual({ resourceGroups: ['rg-pay'] });
  expect(plan.steps.map(({ vault }: { vault: { name: string } }) => vault.name)).toEqual(['kv-pay-2']);
});
