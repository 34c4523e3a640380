import { describe, expect, test } from 'vitest';
import { type Emulator, type EmulatorOptions, type Tenant, vaultBody } from '../../emulator/index.ts';
import { roles } from '../../emulator/rights/role.ts';
import { isJsonObject, type Json } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { accessTenant, data, denial, groups, ids, pay, people, runOn } from '../access-estate.ts';
import { readReport } from '../cli/run.ts';

const nameOf = new Map(Object.entries(people).map(([name, id]) => [id, name]));

interface Scanned {
  readonly report: ScanReport;
  readonly code: number;
  /** The names of those who fail AKV401, by vault; of a vault that could not be judged, `?`. */
  readonly purgers: Readonly<Record<string, readonly string[]>>;
  readonly azure: Emulator;
}

async function scan(
  tenant: Tenant,
  {
    argv = ['--rule', 'AKV401'],
    options = {},
    prepare,
  }: {
    readonly argv?: readonly string[];
    readonly options?: EmulatorOptions;
    readonly prepare?: (azure: Emulator) => void;
  } = {},
): Promise<Scanned> {
  const { code, stdout, stderr, azure } = await runOn(
    tenant,
    ['scan', '--include', 'access', '--output', 'json', '--quiet', ...argv],
    { options, ...(prepare === undefined ? {} : { prepare }) },
  );
  if (stdout === '') throw new Error(stderr);
  const report = readReport(stdout);
  const about = report.findings.filter(({ ruleId }) => ruleId === 'AKV401');
  const purgers = about.map((finding) => {
    const named = finding.evidence.flatMap(({ actual }) =>
      actual.kind === 'read' ? [idIn(actual.value)] : [],
    );
    const names = named.flatMap((id) => nameOf.get(id) ?? []);
    return [finding.resource.name, finding.compliance === 'unknown' ? ['?'] : names.toSorted()] as const;
  });
  return { report, code, azure, purgers: Object.fromEntries(purgers) };
}

function idIn(value: Json): string {
  const id = isJsonObject(value) ? value['id'] : undefined;
  return typeof id === 'string' ? id : '';
}

const everybody = {
  'kv-pay': ['admin', 'custom', 'officer', 'operator'],
  'kv-old': ['admin', 'custom', 'operator', 'policy'],
  'kv-data': ['admin', 'contributor'],
};

function requests({ requests }: Emulator, pattern: RegExp): number {
  return requests.filter(({ path }) => pattern.test(path)).length;
}

describe('who may purge, in a scan', () => {
  test('joins as facts: by roles at every scope above, custom ones, and access policies', async () => {
    const { report, code, purgers, azure } = await scan(accessTenant());
    expect([code, report.complete, purgers]).toEqual([1, true, everybody]);
    expect(report.coverage.parts).toEqual([{ name: 'access', state: 'read' }]);
    // One query for role assignments beside those of the vaults; above, one list; denials of each subscription.
    expect(requests(azure, /roleAssignments$/)).toBe(1);
    expect(requests(azure, /roleDefinitions/)).toBe(0);
    expect(requests(azure, /denyAssignments$/)).toBe(2);
    expect(requests(azure, /roleEligibilityScheduleInstances$/)).toBe(0);
  });

  test('whoever is allowed is no finding', async () => {
    const allowed = [people.admin, people.custom, people.officer.toUpperCase(), people.operator];
    const { purgers, report } = await scan(accessTenant(), {
      argv: ['--rule', 'AKV401', '--param', `allowedPrincipals=${JSON.stringify(allowed)}`],
    });
    expect(purgers).toEqual({ 'kv-old': ['policy'], 'kv-data': ['contributor'] });
    expect(report.summary.compliant).toBe(1);
  });

  test('without --include it is not judged', async () => {
    const { stdout, code } = await runOn(accessTenant(), [
      'scan',
      '--output',
      'json',
      '--rule',
      'AKV401',
      '--rule',
      'AKV001',
    ]);
    expect([
      code,
      readReport(stdout).rules.map(({ id, notJudged }) => [id, notJudged !== undefined]),
    ]).toEqual([
      0,
      [
        ['AKV001', false],
        ['AKV401', true],
      ],
    ]);
  });

  test('denials take away, but for those whom they exclude; where they may not be read, nothing', async () => {
    const tenant = () => {
      const { directory, ...rest } = accessTenant();
      return { ...rest, directory: { ...directory, denyAssignments: [denial] } };
    };
    expect((await scan(tenant())).purgers).toMatchObject({ 'kv-pay': ['officer', 'operator'] });
    const unread = await scan({
      ...tenant(),
      missingRights: [{ action: 'Microsoft.Authorization/denyAssignments/read', scope: pay }],
    });
    expect([unread.report.complete, unread.purgers]).toEqual([true, everybody]);
  });

  describe('deny assignments that may not be read are no gap, and are named', () => {
    const right = 'Microsoft.Authorization/denyAssignments/read';
    const argv = ['scan', '--include', 'access', '--rule', 'AKV401'];

    test.for(['table', 'markdown', 'json', 'sarif', 'sarif-full', 'html', 'csv', 'junit', 'ocsf'])(
      '%s',
      async (format) => {
        const without = { missingRights: [{ action: right, scope: pay }] };
        const [whole, unread] = await Promise.all(
          [{}, without].map((changes) => runOn(accessTenant(changes), [...argv, '--output', format])),
        );
        expect([whole?.code, unread?.code]).toEqual([1, 1]);
        expect(whole?.stdout).not.toMatch(/[dD]eny ?[aA]ssignments/u);
        expect(unread?.stdout).toContain(right);
      },
    );

    test('their sentence says what it means', async () => {
      const { stdout } = await runOn(
        accessTenant({ missingRights: [pay, data].map((scope) => ({ action: right, scope })) }),
        argv,
      );
      expect(stdout.replaceAll(/\s+/gu, ' ')).toContain(
        'Deny assignments were not looked at in 2 subscriptions, so that nothing is taken away there: ',
      );
    });
  });
});

describe('what is inherited', () => {
  const atSubscriptions = [pay, data].map((scope) => ({ scope, role: roles.reader }));

  test.for<readonly [string, Partial<Tenant>, EmulatorOptions]>([
    ['with a role on the subscriptions only', { roleAssignments: atSubscriptions }, {}],
    [
      'where Resource Graph shows it all the same',
      { roleAssignments: atSubscriptions },
      { inheritedAssignments: 'shown' },
    ],
    [
      'with a role at the root, which is not `/`',
      { roleAssignments: [{ scope: `${groups}/root`, role: roles.reader }] },
      {},
    ],
    [
      'with a role on a management group',
      { roleAssignments: [{ scope: `${groups}/production`, role: roles.reader }, ...atSubscriptions] },
      {},
    ],
  ])('is read from ARM %s', async ([, changes, options]) => {
    const { report, purgers } = await scan(accessTenant(changes), { options });
    expect([report.complete, purgers]).toEqual([true, everybody]);
  });

  test('in a subscription whose management groups do not show', async () => {
    const { purgers } = await scan(accessTenant({ managementGroups: [] }));
    expect(purgers['kv-data']).toEqual(['admin', 'contributor']);
  });
});

describe('what may not be read is unknown, and never nobody', () => {
  const right = 'Microsoft.Authorization/roleAssignments/read';
  const withoutAssignments = {
    actions: ['Microsoft.KeyVault/*', 'Microsoft.Resources/*', 'Microsoft.Authorization/permissions/read'],
  };

  const unreadDenials = (scope: string): unknown => ({
    kind: 'denyAssignments',
    scope,
    reason: expect.stringContaining('Microsoft.Authorization/denyAssignments/read'),
  });

  test('role assignments: AKV401 alone is unknown, and the scan exits 3', async () => {
    const roleAssignments = [pay, data].map((scope) => ({ scope, role: withoutAssignments }));
    const { report, code, purgers } = await scan(accessTenant({ roleAssignments }), {
      argv: ['--rule', 'AKV401', '--rule', 'AKV002'],
    });
    expect([code, report.complete]).toEqual([3, false]);
    // The access policy was read: who purges by it is a finding whatever else there is.
    expect(purgers).toEqual({ 'kv-pay': ['?'], 'kv-old': ['policy'], 'kv-data': ['?'] });
    expect(
      report.findings.filter(({ ruleId }) => ruleId === 'AKV002').map(({ resource }) => resource.name),
    ).toEqual(['kv-data', 'kv-old']);
    expect(report.coverage.subscriptions.map(({ state }) => state)).toEqual(['read', 'read']);
    expect(report.coverage.parts).toEqual([
      { name: 'access', state: 'denied', notLookedAt: [pay, data].toSorted().map(unreadDenials) },
    ]);
    expect(report.unreadable.every(({ reason }) => reason.includes(right))).toBe(true);
    expect(report.unreadable.map(({ scope }) => scope).toSorted()).toEqual([data, pay].toSorted());
  });

  test('those of one subscription', async () => {
    const roleAssignments = [
      { scope: pay, role: roles.reader },
      { scope: data, role: withoutAssignments },
    ];
    const { report, purgers } = await scan(accessTenant({ roleAssignments }));
    expect(purgers).toEqual({ ...everybody, 'kv-data': ['?'] });
    expect(report.coverage.parts).toEqual([
      { name: 'access', state: 'partial', notLookedAt: [unreadDenials(data)] },
    ]);
  });

  test('a role definition', async () => {
    const { report, purgers, code } = await scan(accessTenant(), {
      prepare: (azure) => {
        const { directory } = azure.tenant;
        if (directory !== undefined) directory.roleDefinitions = [];
      },
    });
    expect([code, report.complete]).toEqual([3, false]);
    // The others that hold rights there are still told.
    expect(purgers).toEqual({
      'kv-pay': ['admin', 'officer', 'operator'],
      'kv-old': ['admin', 'operator', 'policy'],
      'kv-data': ['admin', 'contributor'],
    });
    expect(report.unreadable).toMatchObject([
      { kind: 'resource', reason: expect.stringContaining('role definition') },
    ]);
  });

  test('access policies in a form that Azure never writes', async () => {
    const tenant = accessTenant();
    const unreadable = vaultBody(
      { subscriptionId: ids.pay, resourceGroup: 'rg-a', name: 'kv-odd', location: 'westeurope' },
      { properties: { enableRbacAuthorization: undefined, accessPolicies: 'none' } },
    );
    const { purgers, report } = await scan({
      ...tenant,
      directory: { roleAssignments: [] },
      resources: [unreadable, ...(Array.isArray(tenant.resources) ? tenant.resources : [])],
    });
    expect([purgers, report.summary.compliant]).toEqual([{ 'kv-odd': ['?'], 'kv-old': ['policy'] }, 2]);
  });
});

describe('where Resource Graph fails, ARM lists everything', () => {
  const query = /^authorizationresources/;

  test.for<readonly [string, Parameters<Emulator['inject']>[0]]>([
    ['it refuses the query', { kind: 'status', status: 400, code: 'BadRequest', match: { query }, times: 9 }],
    ['it loses rows', { kind: 'truncatedPage', match: { query }, times: 9 }],
    ['a row has moved between pages', { kind: 'movedRow', match: { query }, times: 9 }],
    [
      'a row is no role assignment',
      {
        kind: 'malformedRow',
        match: { query },
        times: 9,
        row: { id: 'x', type: 'microsoft.authorization/roleassignments' },
      },
    ],
  ])('%s', async ([, fault]) => {
    const { report, purgers } = await scan(accessTenant(), { prepare: (azure) => azure.inject(fault) });
    expect([report.complete, purgers]).toEqual([true, everybody]);
  });

  test('and where ARM fails as well, it is a gap', async () => {
    const { code, purgers } = await scan(accessTenant(), {
      prepare: (azure) => {
        azure.inject({ kind: 'status', status: 400, code: 'BadRequest', match: { query }, times: 9 });
        azure.inject({
          kind: 'status',
          status: 403,
          code: 'AuthorizationFailed',
          match: { path: new RegExp(`${ids.pay}.*roleAssignments`) },
          times: 99,
        });
      },
    });
    // The list at the root was read: the Owner there is a finding, whoever else there may be.
    expect([code, purgers]).toEqual([
      3,
      { ...everybody, 'kv-pay': ['admin'], 'kv-old': ['admin', 'policy'] },
    ]);
  });
});
