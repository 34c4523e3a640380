import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Tenant } from '../../emulator/index.ts';
import { roles } from '../../emulator/rights/role.ts';
import { validateBy } from '../../src/documents/schema/validate.ts';
import type { WhoCanReport } from '../../src/model/who-can-report.ts';
import { whoCanSchema } from '../../src/reporters/who-can-schema.ts';
import { accessTenant, data, denial, eligible, ids, pay, people, runOn, vaultId } from '../access-estate.ts';
import type { Outcome } from './run.ts';

const nameOf = new Map(Object.entries(people).map(([name, id]) => [id, name]));

function reportIn({ stdout, stderr }: Outcome): WhoCanReport {
  if (stdout === '') throw new Error(stderr);
  const report: WhoCanReport = JSON.parse(stdout);
  expect(validateBy(whoCanSchema)(JSON.parse(stdout))).toEqual([]);
  return report;
}

async function ask(tenant: Tenant, ...argv: readonly string[]) {
  const outcome = await runOn(tenant, ['who-can', ...argv, '--output', 'json']);
  return { ...outcome, report: outcome.stdout === '' ? undefined : reportIn(outcome) };
}

/** Who can, by vault. */
function whoIn({ vaults }: WhoCanReport): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    vaults.map(({ name, principals }) => [name, principals.map(({ id }) => nameOf.get(id) ?? id).toSorted()]),
  );
}

function withEligible(): Tenant {
  const { directory, ...rest } = accessTenant();
  return { ...rest, directory: { ...directory, denyAssignments: [denial], roleEligibilities: [eligible] } };
}

describe('who-can', () => {
  test.for([
    ['table', 'txt'],
    ['markdown', 'md'],
  ])('purge, as %s', async ([format = '', extension = '']) => {
    const { code, stdout, stderr } = await runOn(withEligible(), ['who-can', 'purge', '--output', format]);
    expect([code, stderr]).toEqual([1, '']);
    await expect(stdout).toMatchFileSnapshot(`golden/who-can/purge.${extension}`);
  });

  test('delete and purge, as JSON, with managed HSMs', async () => {
    const { code, report } = await ask(accessTenant(), 'delete');
    expect(code).toBe(1);
    expect(report && whoIn(report)).toEqual({
      'hsm-data': ['admin', 'contributor'],
      'kv-data': ['admin', 'contributor'],
      'kv-old': ['admin'],
      'kv-pay': ['admin'],
    });
    const purge = await ask(accessTenant(), 'purge', 'KV-OLD', vaultId(pay, 'kv-pay').toUpperCase());
    expect(purge.report?.vaults).toMatchObject([
      { name: 'kv-old', permissionModel: 'accessPolicy', purgeProtection: false, complete: true },
      { name: 'kv-pay', permissionModel: 'rbac', purgeProtection: true, complete: true },
    ]);
    const policy = purge.report?.vaults[0]?.principals.find(({ id }) => id === people.policy);
    expect(policy).toEqual({
      id: people.policy,
      type: 'Unknown',
      canDelete: false,
      canPurgeVault: false,
      canPurgeObjects: true,
      via: [{ kind: 'accessPolicy', grants: ['secrets/purge'] }],
    });
    const hsm = await ask(accessTenant(), 'purge', 'hsm-data');
    expect(hsm.report?.vaults[0]?.principals.map(({ canPurgeObjects }) => canPurgeObjects)).toEqual([
      null,
      null,
    ]);
    expect(hsm.report?.notLookedAt.map(({ kind }) => kind)).toEqual(['eligibleAssignments', 'localRbac']);
  });

  test('lists who is eligible, and who that may not be read of', async () => {
    const { report } = await ask(withEligible(), 'purge', 'kv-data');
    expect(report?.notLookedAt).toEqual([]);
    expect(report?.vaults[0]?.principals.find(({ id }) => id === people.eligible)).toMatchObject({
      name: 'Eve',
      canDelete: false,
      canPurgeVault: false,
      eligible: ['delete', 'purgeVault'],
      via: [{ role: 'Owner', eligible: true }],
    });
  });

  test('turned round, lists the vaults that one principal can destroy', async () => {
    const { code, report } = await ask(accessTenant(), 'purge', '--principal', people.policy.toUpperCase());
    expect([code, report?.principal, report?.groups]).toEqual([1, people.policy, [people.operator]]);
    expect(report && whoIn(report)).toEqual({ 'kv-old': ['policy'] });
    const nothing = await ask(accessTenant(), 'delete', '--principal', people.reader);
    expect([nothing.code, nothing.report?.vaults]).toEqual([0, []]);
  });

  test('never says nobody where a group that can may hold the principal', async () => {
    const { code, report } = await ask(accessTenant(), 'purge', 'kv-pay', '--principal', people.reader);
    expect([code, report?.vaults, report?.groups]).toEqual([3, [], [people.operator]]);
    const { stdout } = await runOn(accessTenant(), ['who-can', 'purge', '--principal', people.reader]);
    expect(stdout).toContain(`If it is a member of one of these groups, it can as well`);
    expect(stdout).toContain(`${people.reader} can on nothing by itself.`);
  });

  test('never says nobody of the keys of a managed HSM, whose local RBAC is not visible', async () => {
    const nobody = { ...accessTenant(), directory: { roleAssignments: [] } };
    const purge = await runOn(nobody, ['who-can', 'purge', 'hsm-data']);
    expect(purge.code).toBe(3);
    expect(purge.stdout).toContain('Nobody can purge it by Azure RBAC; who can purge its keys is not known.');
    expect(purge.stdout).toContain('Nobody that is visible can purge on 1 managed HSM');
    const asDocument = await runOn(nobody, ['who-can', 'purge', 'hsm-data', '--output', 'markdown']);
    expect(asDocument.stdout).not.toMatch(/Nobody can purge it or what is in it/u);
    const remove = await runOn(nobody, ['who-can', 'delete', 'hsm-data']);
    expect([remove.code, remove.stdout.includes('Nobody can delete it.')]).toEqual([0, true]);
    expect((await runOn(nobody, ['who-can', 'purge', 'kv-pay'])).code).toBe(0);
  });

  test('writes each format to its own file', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-who-can-'));
    const path = join(cwd, 'access.json');
    const { stdout } = await runOn(accessTenant(), [
      'who-can',
      'purge',
      '--output',
      'table',
      '--output',
      `json=${path}`,
    ]);
    expect(stdout).toContain('BOTH');
    expect(
      reportIn({ code: 0, stderr: '', ending: '', stdout: readFileSync(path, 'utf8') }).vaults,
    ).toHaveLength(4);
  });
});

describe('who-can says when somebody may be missing', () => {
  test('where role assignments may not be read', async () => {
    const { code, report, stderr } = await ask(
      accessTenant({
        missingRights: [{ action: 'Microsoft.Authorization/roleAssignments/read', scope: data }],
        roleAssignments: [pay, data].map((scope) => ({ scope, role: roles.reader })),
      }),
      'purge',
    );
    expect([code, report?.complete, stderr]).toEqual([3, false, '']);
    expect(report?.vaults.map(({ name, complete }) => [name, complete])).toEqual([
      ['hsm-data', false],
      ['kv-data', false],
      ['kv-old', true],
      ['kv-pay', true],
    ]);
    const { stdout } = await runOn(
      accessTenant({
        roleAssignments: [
          { scope: pay, role: roles.reader },
          { scope: data, role: { actions: ['Microsoft.KeyVault/*'] } },
        ],
      }),
      ['who-can', 'purge', '--subscription', ids.data],
    );
    expect(stdout).toContain('Somebody may be missing');
    expect(stdout).toContain('INCOMPLETE');
    expect(stdout).not.toContain('Nobody can purge');
  });

  test('where vaults may not be read', async () => {
    const { code, report } = await ask(
      accessTenant({ roleAssignments: [{ scope: pay, role: roles.reader }] }),
      'purge',
      '--subscription',
      ids.data,
      '--subscription',
      ids.pay,
    );
    expect([code, report?.complete, report?.unreadable.map(({ scope }) => scope)]).toEqual([
      3,
      false,
      [data],
    ]);
  });

  test('where it is interrupted', async () => {
    const controller = new AbortController();
    const { code, report } = await ask(accessTenant(), 'purge');
    expect([code, report?.complete]).toEqual([1, true]);
    const cut = await runOn(accessTenant(), ['who-can', 'purge', '--output', 'json'], {
      signal: controller.signal,
      prepare: (azure) =>
        azure.inject({
          kind: 'hook',
          match: { query: /^authorizationresources/ },
          run: () => controller.abort(),
        }),
    });
    expect(cut.code).toBe(3);
    expect(reportIn(cut)).toMatchObject({ complete: false });
  });
});

describe('who-can refuses', () => {
  test.for<readonly [string, readonly string[], string]>([
    [
      'a vault that is not there',
      ['purge', 'kv-none'],
      'No visible vault or managed HSM is called "kv-none"',
    ],
    ['a name for an object id', ['purge', '--principal', 'alice@contoso.com'], 'is not an object id'],
    ['a format that is not there', ['purge', '--output', 'sarif'], 'There is no output format sarif'],
    ['a subscription that is not there', ['delete', '--subscription', 'nowhere'], 'nowhere'],
  ])('%s', async ([, argv, words]) => {
    const { code, stdout, stderr } = await runOn(accessTenant(), ['who-can', ...argv]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});
