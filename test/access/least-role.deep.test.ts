import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulator, guidOf, managedHsmBody, type Tenant, vaultBody } from '../../emulator/index.ts';
import { defaultPrincipal } from '../../emulator/tenant.ts';
import { customRoleBody, roleAssignmentBody, tenantId } from '../../emulator/tenants/bodies.ts';
import { encryptedBy } from '../../emulator/tenants/dependants.ts';
import { azureCommands } from '../../src/access/operations.ts';
import { managementGroupsRead, type RoleRights } from '../../src/model/permission.ts';
import { objectTypeNames } from '../../src/model/vault-plane.ts';
import { fakeClock } from '../azure/fake-clock.ts';
import { run } from '../cli/run.ts';
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
    managementGroups: [{ id: 'root', displayName: 'Everything' }],
    subscriptions: [{ id: subscriptionId, name: 'one', managementGroup: 'root' }],
    resources: [
      vaultBody({ ...place, name: 'kv-a' }),
      vaultBody({ ...place, name: 'kv-policies' }, { properties: byPolicies }),
      managedHsmBody({ ...place, name: 'hsm-a' }),
      ...encryptedBy('kv-other', place).map(({ body }) => body),
    ],
    directory: { roleDefinitions: [janitor], roleAssignments: [held], roleEligibilities: [] },
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
  /** True for a run below a configuration that limits writes by a management group. */
  readonly limited?: boolean | undefined;
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
    command: `scan ${below} --rule AKV002 --azure-exemptions`,
    permissions: `scan ${below} --rule AKV002 --azure-exemptions`,
    code: 1,
  },
  {
    command: `scan ${below} --rule AKV002 --archive audit`,
    permissions: `scan ${below} --rule AKV002 --archive audit`,
    code: 1,
  },
  { command: `init ${below}`, permissions: `init ${below}`, code: 0 },
  { command: 'init', permissions: 'init', code: 0 },
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
  {
    limited: true,
    before: `plan --rule AKV002 --out plan.json`,
    command: 'apply plan.json --yes --allow irreversible',
    permissions: 'apply --rule AKV002',
    code: 0,
  },
  {
    limited: true,
    command: 'deleted recover kv-gone --yes',
    permissions: 'deleted recover --kind vault',
    code: 0,
  },
  {
    limited: true,
    command: 'deleted purge kv-gone --confirm kv-gone --allow-dependants',
    permissions: 'deleted purge --kind vault --allow-dependants',
    code: 0,
  },
  ...(['recover', 'purge'] as const).map((verb): Case => ({
    limited: true,
    command: `deleted objects ${verb} kv-a old-secret --type secret ${verb === 'purge' ? '--confirm old-secret' : '--yes'}`,
    permissions: `deleted objects ${verb} --type secret`,
    code: 0,
  })),
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
  {
    before: 'kit kv-a hsm-a --out kit',
    command: 'kit diff kit',
    permissions: 'kit diff',
    code: 0,
  },
  { command: 'who-can purge', permissions: 'who-can', code: 1 },
  {
    command: 'scan --rule AKV401 --include access',
    permissions: 'scan --rule AKV401 --include access',
    code: 1,
  },
];

/** A new folder, with a configuration that limits writes or with none. */
function folderOf({ limited }: Pick<Case, 'limited'>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-least-'));
  if (limited === true)
    writeFileSync(join(cwd, 'purgeproof.yaml'), 'writes: { never: [{ managementGroup: another }] }\n');
  return cwd;
}

/** The role that purgeproof prints. */
async function roleFor(permissions: string, { limited }: Pick<Case, 'limited'> = {}): Promise<RoleRights> {
  const cwd = folderOf({ limited });
  const { code, stdout } = await run(['permissions', ...permissions.split(' ')], { cwd });
  expect(code).toBe(0);
  const { Actions: actions, DataActions: dataActions } = JSON.parse(stdout);
  return { actions, dataActions };
}

interface Ran {
  readonly code: number;
  readonly said: string;
  /** The requests that Azure refused for want of a right. */
  readonly refused: readonly string[];
}

async function runAs(
  rights: RoleRights,
  { command, before, limited }: Pick<Case, 'command' | 'before' | 'limited'>,
): Promise<Ran> {
  const tenant = estate();
  const azure = emulator(tenant, { quota: 'unlimited' });
  const clock = fakeClock();
  const setting = {
    cwd: folderOf({ limited }),
    azure: { credential: azure.credential, httpClient: clock.watch(azure.httpClient), clock },
    now: '2026-11-24T12:00:00Z',
  };
  if (before !== undefined) await run(before.split(' '), setting);
  tenant.roleAssignments = [{ scope: group, role: rights }];
  const { code, stdout, stderr } = await run(command.split(' '), setting);
  const said = (stdout + stderr).replaceAll(/\s+/gu, ' ');
  expect(said).not.toMatch(/ at .*\.ts:\d+/u);
  const refused = azure.requests.filter(({ status }) => status === 403).map(({ path }) => path);
  return { code, said, refused };
}

function without(role: RoleRights, missing: string): RoleRights {
  const others = (actions: readonly string[]) => actions.filter((action) => action !== missing);
  return { actions: others(role.actions), dataActions: others(role.dataActions) };
}

/** The recycle bin of the kind that a role leaves out. */
const otherBin = /deletedManagedHSMs$|deletedVaults$/u;

const eachCase = cases.map(
  (one) => [`${one.command}${one.limited === true ? ', with limits,' : ''}`, one] as const,
);

describe('the least role', () => {
  test('is tried for every command', () => {
    const tried = azureCommands.filter((name) =>
      cases.some(({ permissions }) => permissions.startsWith(name)),
    );
    expect(tried).toEqual(azureCommands);
  });

  test.for(eachCase)('for %s suffices, and nothing in it can be left out', async ([, one]) => {
    const role = await roleFor(one.permissions, one);
    const whole = await runAs(role, one);
    expect(whole).toMatchObject({ code: one.code });
    for (const missing of [...role.actions, ...role.dataActions]) {
      const { code, said } = await runAs(without(role, missing), one);
      // It fails in words: those of a run in which nothing is missing are others.
      const isFailed = code !== 0 && (code !== whole.code || said.includes('INCOMPLETE'));
      expect([missing, isFailed]).toEqual([missing, true]);
      expect(said).not.toBe(whole.said);
    }
  });

  test.for(eachCase)(
    'for %s with what is optional loses nothing, and says what it loses without it',
    async ([, one]) => {
      const [role, least] = [
        await roleFor(`${one.permissions} --optional`, one),
        await roleFor(one.permissions, one),
      ];
      const whole = await runAs(role, one);
      expect(whole).toMatchObject({ code: one.code });
      const isRestricted = one.permissions.includes('--kind');
      expect(whole.refused.filter((path) => !(isRestricted && otherBin.test(path)))).toEqual([]);
      for (const missing of role.actions.filter((action) => !least.actions.includes(action))) {
        if (missing === managementGroupsRead) continue;
        const { code, said } = await runAs(without(role, missing), one);
        expect([missing, code]).toEqual([missing, one.code]);
        expect(said).toContain(missing);
        expect(whole.said).not.toContain(missing);
      }
    },
  );

  test.for<[string, readonly number[]]>([
    ['scan --rule AKV002', [1, 2]],
    ['plan --rule AKV002', [1, 2]],
    ['who-can purge', [1, 2]],
    ['init', [0, 3]],
  ])('of %s finds a management group by its display name with one right more', async ([words, codes]) => {
    const command = `${words} --management-group Everything`;
    const permissions = `${words.replace(' purge', '')} ${below}`;
    const [role, least] = [await roleFor(`${permissions} --optional`), await roleFor(permissions)];
    expect(role.actions.filter((action) => !least.actions.includes(action))).toContain(managementGroupsRead);
    const whole = await runAs(role, { command });
    const less = await runAs(without(role, managementGroupsRead), { command });
    expect([whole.code, less.code]).toEqual(codes);
    expect([whole, less].map(({ said }) => said.includes(managementGroupsRead))).toEqual([false, true]);
  });
});
