import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulator, guidOf, managedHsmBody, type Tenant, vaultBody } from '../../emulator/index.ts';
import { defaultPrincipal } from '../../emulator/tenant.ts';
import { customRoleBody, roleAssignmentBody, tenantId } from '../../emulator/tenants/bodies.ts';
import { encryptedBy } from '../../emulator/tenants/dependants.ts';
import { azureCommands, allWork, operationsOf } from '../../src/access/operations.ts';
import type { RoleRights } from '../../src/model/permission.ts';
import { partsToInclude } from '../../src/model/source-name.ts';
import { objectTypeNames } from '../../src/model/vault-plane.ts';
import { fakeClock } from '../azure/fake-clock.ts';
import { run, type Outcome } from '../cli/run.ts';
import { shippedRules } from '../shipped-rules.ts';
import { deletedDates } from '../usecases/objects-estate.ts';
import { deletedHsm, deletedVault, subscriptionId } from '../usecases/recycle-bin-estate.ts';

const place = { subscriptionId, resourceGroup: 'rg', location: 'westeurope' };
const group = '/providers/Microsoft.Management/managementGroups/root';

const janitor = customRoleBody('Janitor', { actions: ['*/action'] });
const held = roleAssignmentBody({
  scope: `/subscriptions/${subscriptionId}`,
  role: guidOf('custom role Janitor'),
  principalId: guidOf('somebody'),
});

/** Everything that a command may meet: vaults and HSMs, live and deleted, objects in a vault, and what keys encrypt. */
function estate(): Tenant {
  const deleted = objectTypeNames.map((type) => Object.assign({ type, name: `old-${type}` }, deletedDates));
  const permissions = { secrets: ['list'], keys: ['list'], certificates: ['list'] };
  const own = { tenantId, objectId: defaultPrincipal.objectId, permissions };
  const byPolicies = { enableRbacAuthorization: false, accessPolicies: [own] };
  return {
    tenantId,
    managementGroups: [{ id: 'root', displayName: 'Root' }],
    subscriptions: [{ id: subscriptionId, name: 'one', managementGroup: 'root' }],
    resources: [
      vaultBody({ ...place, name: 'kv-a' }),
      vaultBody({ ...place, name: 'kv-policies' }, { properties: byPolicies }),
      managedHsmBody({ ...place, name: 'hsm-a' }),
      ...encryptedBy('kv-other', place).map(({ body }) => body),
    ],
    directory: { roleDefinitions: [janitor], roleAssignments: [held] },
    deleted: [deletedVault('kv-gone'), deletedHsm('hsm-gone')],
    dataPlanes: { 'kv-a': { objects: [{ type: 'secret', name: 'live' }, ...deleted] } },
  };
}

/** A command, what `permissions` is asked for it, and the exit code of a run in which nothing is missing. */
interface Case {
  readonly command: string;
  readonly permissions: string;
  readonly code: number;
  /** Run before it, as Owner. */
  readonly before?: string;
}

const below = '--management-group root';
const fixes = '--rule AKV002 --rule AKV101 --rule AKV004';

const cases: readonly Case[] = [
  {
    command: `scan ${below} --rule AKV002 --rule AKV101`,
    permissions: `scan ${below} --rule AKV002 --rule AKV101`,
    code: 1,
  },
  { command: 'scan --rule AKV002', permissions: 'scan --rule AKV002', code: 1 },
  {
    command: 'scan --rule AKV201 --include deleted',
    permissions: 'scan --rule AKV201 --include deleted',
    code: 1,
  },
  {
    command: 'scan --rule AKV302 --include objects',
    permissions: 'scan --rule AKV302 --include objects',
    code: 1,
  },
  {
    command: `plan ${below} --rule AKV002 --rule AKV101`,
    permissions: `plan ${below} --rule AKV002 --rule AKV101`,
    code: 1,
  },
  {
    before: `plan ${fixes} --allow disruptive --out plan.json`,
    command: 'apply plan.json --yes --allow irreversible --allow disruptive',
    permissions: `apply ${fixes} --allow disruptive`,
    code: 0,
  },
  { command: `deleted list ${below}`, permissions: `deleted list ${below}`, code: 1 },
  {
    command: `deleted recover kv-gone hsm-gone --yes ${below}`,
    permissions: `deleted recover ${below}`,
    code: 0,
  },
  { command: 'deleted recover kv-gone --yes', permissions: 'deleted recover --kind vault', code: 0 },
  {
    command: `deleted purge kv-gone --confirm kv-gone ${below}`,
    permissions: `deleted purge --kind vault ${below}`,
    code: 0,
  },
  {
    command: 'deleted purge kv-gone --confirm kv-gone --allow-dependants',
    permissions: 'deleted purge --kind vault --allow-dependants',
    code: 0,
  },
  {
    command: 'deleted purge hsm-gone --confirm hsm-gone --allow-dependants',
    permissions: 'deleted purge --kind hsm --allow-dependants',
    code: 0,
  },
  { command: 'deleted objects list kv-a', permissions: 'deleted objects list', code: 1 },
  ...objectTypeNames.flatMap((type): readonly Case[] => [
    {
      command: `deleted objects recover kv-a old-${type} --type ${type} --yes`,
      permissions: `deleted objects recover --type ${type}`,
      code: 0,
    },
    {
      command: `deleted objects purge kv-a old-${type} --type ${type} --confirm old-${type}`,
      permissions: `deleted objects purge --type ${type}`,
      code: 0,
    },
  ]),
  {
    command: `grants recover --vault kv-a --principal ${guidOf('somebody')}`,
    permissions: 'grants',
    code: 0,
  },
  { command: 'kit kv-a --out kit', permissions: 'kit --kind vault', code: 0 },
  { command: 'kit kv-a hsm-a --out kit', permissions: 'kit', code: 0 },
  { command: 'who-can purge', permissions: 'who-can', code: 1 },
  {
    command: 'scan --rule AKV401 --include access',
    permissions: 'scan --rule AKV401 --include access',
    code: 1,
  },
];

/** The role that purgeproof prints. */
async function roleFor(permissions: string): Promise<RoleRights> {
  const { code, stdout } = await run(['permissions', ...permissions.split(' ')]);
  expect(code).toBe(0);
  const { Actions: actions, DataActions: dataActions } = JSON.parse(stdout);
  return { actions, dataActions };
}

async function runAs(rights: RoleRights, { command, before }: Case): Promise<Outcome> {
  const tenant = estate();
  const azure = emulator(tenant, { quota: 'unlimited' });
  const clock = fakeClock();
  const setting = {
    cwd: mkdtempSync(join(tmpdir(), 'purgeproof-least-')),
    azure: { credential: azure.credential, httpClient: clock.watch(azure.httpClient), clock },
    now: '2026-11-24T12:00:00Z',
  };
  if (before !== undefined) await run(before.split(' '), setting);
  tenant.roleAssignments = [{ scope: group, role: rights }];
  return run(command.split(' '), setting);
}

/** The rights of which the table itself says what is lost without them. */
const notFatal = new Set(
  azureCommands
    .flatMap((command) =>
      operationsOf[command]({
        ...allWork,
        include: partsToInclude,
        rules: shippedRules().map(({ rule }) => rule),
      }),
    )
    .flatMap(({ actions, otherwise }) => (otherwise === undefined ? [] : actions)),
);

describe('the least role', () => {
  test('is tried for every command', () => {
    const tried = azureCommands.filter((name) =>
      cases.some(({ permissions }) => permissions.startsWith(name)),
    );
    expect(tried).toEqual(azureCommands);
  });

  test.for(cases.map((one) => [one.command, one] as const))(
    'for %s suffices, and nothing in it can be left out',
    async ([, one]) => {
      const role = await roleFor(one.permissions);
      const whole = await runAs(role, one);
      expect(whole).toMatchObject({ code: one.code });
      for (const plane of ['actions', 'dataActions'] as const)
        for (const missing of role[plane]) {
          const less = { ...role, [plane]: role[plane].filter((action) => action !== missing) };
          const { code, stdout, stderr } = await runAs(less, one);
          const said = stdout + stderr;
          expect(said).not.toMatch(/ at .*\.ts:\d+/u);
          if (notFatal.has(missing)) continue;
          // It fails in words: those of a run in which nothing is missing are others.
          const isFailed = code !== 0 && (code !== whole.code || said.includes('INCOMPLETE'));
          expect([missing, isFailed]).toEqual([missing, true]);
          expect(said).not.toBe(whole.stdout + whole.stderr);
        }
    },
  );
});
