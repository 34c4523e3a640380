import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../emulator/faults/fault.ts';
import type { TenantDeleted } from '../../emulator/tenant.ts';
import { emulator, type Tenant, vaultBody } from '../../emulator/index.ts';
import { includableParts } from '../../src/resource-types/known-type.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { partSources } from '../../src/sources/parts.ts';
import { deletedHsm, deletedVault, subscriptionId, tenantWithBin } from '../usecases/recycle-bin-estate.ts';
import { readReport, run, type Setting } from '../cli/run.ts';

const one = `/subscriptions/${subscriptionId}`;
const second = '22222222-2222-4222-8222-222222222222';
const live = vaultBody(
  { subscriptionId, resourceGroup: 'rg', name: 'kv-live', location: 'westeurope' },
  { properties: { enablePurgeProtection: true } },
);

/** Two subscriptions, a vault that is live, and these in the recycle bin of the first. */
function tenant(...deleted: readonly TenantDeleted[]): Tenant {
  const bin = tenantWithBin(...deleted);
  const subscriptions = [...bin.subscriptions, { id: second, name: 'two' }];
  return { ...bin, subscriptions, resources: [live] };
}

function withoutRight(action: string, scope = one): Pick<Tenant, 'missingRights'> {
  return { missingRights: [{ action: `Microsoft.KeyVault/${action}`, scope }] };
}

const hurriedClock = { now: () => 0, sleep: async () => undefined, random: () => 0 };

async function scan(
  estate: Tenant,
  argv: readonly string[] = [],
  { fault, ...setting }: Setting & { readonly fault?: Fault } = {},
) {
  const { credential, httpClient, requests, inject } = emulator(estate, { quota: 'unlimited' });
  if (fault !== undefined) inject(fault);
  const outcome = await run(['scan', '--rule', 'AKV002', ...argv, '--output', 'json'], {
    azure: { credential, httpClient, clock: hurriedClock },
    now: '2026-11-24T12:00:00Z',
    ...setting,
  });
  const bins = requests.filter(({ path }) => /\/deleted(Vaults|ManagedHSMs)$/.test(path));
  return { ...outcome, bins: bins.length };
}

const deletedRules = '--include deleted --rule AKV201 --rule AKV202'.split(' ');

test('every part that a type names has a source, and the other way round', () => {
  expect(Object.keys(partSources).toSorted()).toEqual([...includableParts].toSorted());
});

describe('scan --include deleted', () => {
  test('judges deleted vaults and HSMs, each subscription and kind and page by one request', async () => {
    const { code, stdout, bins } = await scan(
      tenant(
        {
          ...deletedVault('kv-far', { enablePurgeProtection: true }),
          scheduledPurgeDate: '2027-01-03T10:53:07Z',
        },
        deletedVault('kv-soon'),
        deletedHsm('hsm-soon', { enablePurgeProtection: true }),
      ),
      deletedRules,
    );
    const report = readReport(stdout);
    expect(report.findings.map(({ ruleId, resource: { name } }) => [ruleId, name])).toEqual([
      ['AKV202', 'hsm-soon'],
      ['AKV201', 'kv-soon'],
      ['AKV202', 'kv-soon'],
    ]);
    expect(report.findings[2]).toMatchObject({
      resource: { type: 'Microsoft.KeyVault/deletedVaults', subscriptionId, resourceGroup: 'rg' },
      evidence: [{ field: 'daysToPurge', expected: 'at least 14', actual: { value: 2 } }],
    });
    expect(report.coverage.parts).toEqual([{ name: 'deleted', state: 'read' }]);
    expect(report.summary).toMatchObject({ resources: 4, compliant: 4, nonCompliant: 3 });
    expect([code, bins]).toEqual([1, 4]);
  });

  test('of empty recycle bins is complete', async () => {
    const { code, stdout } = await scan(tenant(), deletedRules);
    expect(code).toBe(0);
    expect(readReport(stdout).coverage.parts).toEqual([{ name: 'deleted', state: 'empty' }]);
  });

  test.for([
    ['a kind', withoutRight('deletedVaults/read'), 'partial', 1],
    ['the other kind', withoutRight('deletedManagedHSMs/read'), 'partial', 1],
    [
      'everything',
      {
        missingRights: [one, `/subscriptions/${second}`].flatMap((scope) =>
          ['deletedVaults/read', 'deletedManagedHSMs/read'].map((right) => ({
            action: `Microsoft.KeyVault/${right}`,
            scope,
          })),
        ),
      },
      'denied',
      4,
    ],
  ] as const)(
    'may not read %s: a gap, and every verdict on what is live',
    async ([, rights, state, gaps]) => {
      const { code, stdout } = await scan({ ...tenant(deletedVault('kv-a')), ...rights }, deletedRules);
      const { unreadable, coverage, summary, complete } = readReport(stdout);
      expect(coverage.parts).toEqual([{ name: 'deleted', state }]);
      expect(coverage.subscriptions.map((each) => each.state)).toEqual(['read', 'empty']);
      expect(unreadable).toHaveLength(gaps);
      expect(unreadable[0]?.hint).toMatch(
        /needs Microsoft\.KeyVault\/deleted\w+\/read on \/subscriptions\/[\w-]+: the role Reader grants it/,
      );
      expect([complete, code, summary.unknown]).toEqual([false, 3, 0]);
      expect(summary.compliant).toBeGreaterThan(0);
    },
  );

  test('a date that is none is unknown, never compliant', async () => {
    const { code, stdout } = await scan(
      tenant({ ...deletedVault('kv-a', { enablePurgeProtection: true }), scheduledPurgeDate: 'soon' }),
      deletedRules,
    );
    const { findings } = readReport(stdout);
    expect(findings).toMatchObject([{ ruleId: 'AKV202', compliance: 'unknown' }]);
    expect([code, readReport(stdout).coverage.parts]).toEqual([3, [{ name: 'deleted', state: 'partial' }]]);
  });

  test.for<readonly [list: RegExp, page: JsonObject]>(
    [/1111\/providers\/Microsoft\.KeyVault\/deletedVaults$/, /^\/subscriptions$/].flatMap((list) =>
      [
        { value: [], nextLink: 7 },
        { value: [], NextLink: 'https://management.azure.com/x' },
        { value: [], '@odata.nextLink': 'https://management.azure.com/x' },
        { value: [], hasMore: true },
        { value: [], error: { code: 'InternalServerError', message: 'only some' } },
      ].map((page) => [list, page] as const),
    ),
  )('a list of ARM that may go on is not whole: %s of %j', async ([path, body]) => {
    const fault = { match: { path }, kind: 'status', status: 200, body, times: 99 } as const;
    const { code, stdout } = await scan(tenant(deletedVault('kv-a')), deletedRules, { fault });
    expect([code, readReport(stdout).complete]).toEqual([3, false]);
    expect(readReport(stdout).unreadable[0]?.reason).toMatch(/not understood|an error beside the rows/);
  });

  const entry = (
    properties: JsonObject,
    { place = one, vault = one }: { readonly place?: string; readonly vault?: string } = {},
  ): JsonObject => ({
    id: `${place}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-a`,
    name: 'kv-a',
    properties: {
      vaultId: `${vault}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a`,
      location: 'westeurope',
      deletionDate: '2026-11-20T10:53:07Z',
      scheduledPurgeDate: '2027-01-27T10:53:07Z',
      ...properties,
    },
  });
  const answered = async (row: JsonObject) => {
    const match = { path: /1111\/providers\/Microsoft\.KeyVault\/deletedVaults$/ };
    const fault: Fault = { match, kind: 'status', status: 200, body: { value: [row] }, times: 99 };
    const { code, stdout } = await scan(tenant(), deletedRules, { fault });
    const { findings, unreadable } = readReport(stdout);
    return { code, findings, unreadable };
  };

  test('of an entry in another letter case is a scan of the same entry', async () => {
    expect(await answered(entry({ PurgeProtectionEnabled: true }))).toMatchObject({ code: 0, findings: [] });
    expect(await answered(entry({ PurgeProtectionEnabled: false }))).toMatchObject({
      code: 1,
      findings: [{ ruleId: 'AKV201', compliance: 'nonCompliant' }],
    });
  });

  test.for<readonly [string, JsonObject]>([
    ['tells two things', entry({ PurgeProtectionEnabled: true, purgeProtectionEnabled: false })],
    ['is of another subscription', entry({}, { vault: `/subscriptions/${second}` })],
    ['tells two names', { ...entry({}), name: 'kv-b' }],
    [
      'had another name',
      entry({ vaultId: `${one}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-b` }),
    ],
    ['is in another recycle bin', entry({}, { place: `/subscriptions/${second}` })],
  ])('of an entry that %s is not whole', async ([, row]) => {
    expect(await answered(row)).toMatchObject({
      code: 3,
      findings: [],
      unreadable: [{ scope: one, kind: 'subscription', reason: expect.stringContaining('incomplete') }],
    });
  });

  test('an entry that slides to the next page while pages are read is one', async () => {
    const sliding = deletedVault('kv-a');
    const { stdout } = await scan(tenant(sliding, sliding), deletedRules);
    expect(readReport(stdout).findings.map(({ ruleId }) => ruleId)).toEqual(['AKV201', 'AKV202']);
  });

  test('is planned by hand: nothing of it is changed', async () => {
    const { credential, httpClient, requests } = emulator(tenant(deletedVault('kv-a')), {
      quota: 'unlimited',
    });
    const { code, stdout } = await run(['plan', ...deletedRules, '--output', 'json'], {
      azure: { credential, httpClient },
      now: '2026-11-24T12:00:00Z',
    });
    expect(JSON.parse(stdout)).toMatchObject({
      steps: [],
      manual: ['AKV201', 'AKV202'].map((id) => ({
        rule: { id },
        runbook: [expect.stringContaining('purgeproof deleted recover NAME')],
      })),
    });
    expect(code).toBe(1);
    expect(requests.filter(({ method }) => method === 'PATCH' || method === 'PUT')).toEqual([]);
  });

  test('is taken from the configuration, and an inventory leaves it behind', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-include-'));
    writeFileSync(join(cwd, 'purgeproof.yaml'), 'include: [deleted]\nrules: [AKV002, AKV201]\n');
    writeFileSync(join(cwd, 'list.json'), JSON.stringify([live]));
    const estate = tenant(deletedVault('kv-a'));
    const { credential, httpClient } = emulator(estate, { quota: 'unlimited' });
    const type = async (...argv: readonly string[]) =>
      run(['scan', '--config', 'purgeproof.yaml', '--output', 'json', ...argv], {
        cwd,
        azure: { credential, httpClient },
      });
    expect(readReport((await type()).stdout).findings).toMatchObject([{ ruleId: 'AKV201' }]);
    expect((await type('--inventory', 'list.json')).code).toBe(0);
  });
});

test('a rule that is judged on what is live is not said to be left out', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-both-'));
  writeFileSync(
    join(cwd, 'ORG101.yaml'),
    [
      'id: ORG101',
      'name: tagged',
      'title: It has a name',
      'severity: low',
      'resourceType: [Microsoft.KeyVault/vaults, Microsoft.KeyVault/deletedVaults]',
      'description: Nothing is without a name.',
      'require: { field: name, exists: true }',
    ].join('\n'),
  );
  const { credential, httpClient } = emulator(tenant(), { quota: 'unlimited' });
  const rules = ['--policies', 'ORG101.yaml', '--rule', 'ORG101', '--rule', 'AKV201', '--rule', 'AKV002'];
  const { stdout } = await run(['scan', ...rules], { cwd, azure: { credential, httpClient } });
  const words = stdout.replace(/\s+/g, ' ');
  expect(words).toContain('AKV201 is judged with --include deleted, which this scan was not given.');
  expect(words).toContain('ORG101 is judged on more types with --include deleted, which this scan');
});

test.for(['table', 'markdown'])(
  'a report without findings says whether recycle bins were read: %s',
  async (format) => {
    const rights = withoutRight('deletedVaults/read');
    for (const [estate, words] of [
      [tenant(), 'Included as well: deleted (empty).'],
      [{ ...tenant(), ...rights }, 'Included as well: deleted (partly read).'],
    ] as const) {
      const { credential, httpClient } = emulator(estate, { quota: 'unlimited' });
      const { stdout } = await run(['scan', ...deletedRules, '--output', format], {
        azure: { credential, httpClient },
      });
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(words);
    }
  },
);

describe('a plain scan', () => {
  test.for(['table', 'markdown', 'html', 'sarif'])(
    'names once what it was not asked for: %s',
    async (format) => {
      const { credential, httpClient, requests } = emulator(tenant(deletedVault('kv-a')), {
        quota: 'unlimited',
      });
      const { stdout } = await run(['scan', '--output', format], { azure: { credential, httpClient } });
      const words = stdout.replaceAll('\\', '').replaceAll(/\s+/g, ' ');
      expect(words.match(/AKV201, AKV202 are judged with --include deleted/g)).toHaveLength(1);
      expect(words).not.toContain('not judged.');
      expect(requests.some(({ path }) => path.includes('deletedVaults'))).toBe(false);
    },
  );
});
