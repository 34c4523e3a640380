import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { Kit, KitPart, KitPartName } from '../../src/model/kit.ts';
import { parseKit } from '../../src/remediation/kit/kit-file.ts';
import {
  diagnosticSetting,
  hsmId,
  kitTerminal,
  roleAssignment,
  subscriptionId,
  surroundedTenant,
  tenantWithHsm,
  vaultId,
  webhookSecret,
} from '../kit-estate.ts';

const { version } = packageJson;
const goldens = join(import.meta.dirname, 'golden/kit');

function kitIn(cwd: string, folder = 'kit'): Kit {
  return parseKit(readFileSync(join(cwd, folder, 'kit.json')), 'kit.json');
}

function bicepIn(cwd: string): string {
  return readdirSync(join(cwd, 'kit')).find((name) => name.endsWith('.bicep')) ?? '';
}

function partOf(kit: Kit, name: KitPartName): KitPart | undefined {
  return kit.vaults[0]?.parts.find((part) => part.name === name);
}

function textsIn(cwd: string, folder = 'kit'): string {
  const names = readdirSync(join(cwd, folder));
  return names.map((name) => readFileSync(join(cwd, folder, name), 'utf8')).join('\n');
}

describe('kit VAULT', () => {
  test('writes Bicep, JSON and a runbook, only by reading', async () => {
    const { run, cwd, azure } = kitTerminal(surroundedTenant());
    expect(await run('kv-pay --out kit')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Read kit/README.md first.\n',
    });
    for (const name of readdirSync(join(cwd, 'kit'))) {
      const text = readFileSync(join(cwd, 'kit', name), 'utf8').replaceAll(version, '{version}');
      await expect(text).toMatchFileSnapshot(join(goldens, name));
    }
    expect(readdirSync(join(cwd, 'kit')).toSorted()).toEqual(
      readdirSync(goldens)
        .filter((n) => n !== 'restore.sh')
        .toSorted(),
    );
    expect(
      new Set(azure.requests.map(({ method, path }) => (/resourcegraph/i.test(path) ? 'query' : method))),
    ).toEqual(new Set(['GET', 'query']));
  });

  test('holds what stands on the vault and in it, and not what stands above', async () => {
    const { run, cwd } = kitTerminal(surroundedTenant());
    await run(`${vaultId} --out kit`);
    const ids = (name: KitPartName): readonly string[] => {
      const part = partOf(kitIn(cwd), name);
      return part?.state === 'read' ? part.items.map(({ id }) => id) : [];
    };
    expect(ids('roleAssignments')).toEqual([
      expect.stringMatching(`^${vaultId}/providers/`),
      expect.stringMatching(`^${vaultId}/secrets/db/providers/`),
    ]);
    expect(ids('locks')).toEqual([`${vaultId}/providers/Microsoft.Authorization/locks/keep`]);
  });

  test('never holds the path or query of a webhook, or a secret attribute', async () => {
    const { run, cwd } = kitTerminal(surroundedTenant());
    await run('kv-pay --out kit');
    expect(textsIn(cwd)).not.toContain(webhookSecret);
    expect(textsIn(cwd)).toContain('https://hooks.contoso.example');
    expect((await run('restore kit')).stdout).not.toContain(webhookSecret);
  });

  test.each([
    ['roleAssignments', 'Microsoft.Authorization/roleAssignments/read'],
    ['diagnosticSettings', 'Microsoft.Insights/diagnosticSettings/read'],
    ['eventSubscriptions', 'Microsoft.EventGrid/eventSubscriptions/read'],
    ['locks', 'Microsoft.Authorization/locks/read'],
  ] as const)('%s that may not be read are named, never absent: exit code 3', async (name, action) => {
    const tenant = surroundedTenant();
    tenant.missingRights = [{ action, scope: `/subscriptions/${subscriptionId}` }];
    const { run, cwd } = kitTerminal(tenant);
    const { code, stderr } = await run('kv-pay --out kit');
    expect(code).toBe(3);
    expect(stderr).toContain(`not in the kit of kv-pay: ${name}:`);
    expect(stderr).toContain(action);
    expect(partOf(kitIn(cwd), name)).toMatchObject({
      state: 'notRead',
      hint: expect.stringContaining(action),
    });
    expect(kitIn(cwd).complete).toBe(false);
    expect(readFileSync(join(cwd, 'kit/README.md'), 'utf8')).toContain('not read: there may be some');
    expect((await run('restore kit')).code).toBe(3);
    expect((await run('diff kit')).code).toBe(3);
  });

  test('a vault that may not be read: what is in its body is not read, the rest is', async () => {
    const tenant = surroundedTenant();
    tenant.missingRights = [{ action: 'Microsoft.KeyVault/vaults/read', scope: vaultId }];
    const { run, cwd } = kitTerminal(tenant);
    expect((await run(`${vaultId} --out kit`)).code).toBe(3);
    const kit = kitIn(cwd);
    expect(partOf(kit, 'networkRules')).toMatchObject({ state: 'notRead' });
    expect(partOf(kit, 'privateEndpointConnections')).toMatchObject({ state: 'notRead' });
    expect(partOf(kit, 'locks')).toMatchObject({ state: 'read' });
  });

  test('a provider that is not registered is not an empty list', async () => {
    const tenant = surroundedTenant();
    tenant.unregisteredProviders = ['Microsoft.EventGrid'];
    const { run, cwd } = kitTerminal(tenant);
    expect((await run('kv-pay --out kit')).code).toBe(3);
    expect(partOf(kitIn(cwd), 'eventSubscriptions')).toMatchObject({
      state: 'notRead',
      reason: expect.stringContaining('not registered to use namespace'),
    });
  });

  test('a list with an entry that cannot be understood is not read', async () => {
    const tenant = surroundedTenant();
    const odd = { id: `${vaultId}/providers/Microsoft.EventGrid/eventSubscriptions/odd`, name: 'odd' };
    tenant.surroundings = { ...tenant.surroundings, eventSubscriptions: [odd] };
    const { run, cwd } = kitTerminal(tenant);
    expect((await run('kv-pay --out kit')).code).toBe(3);
    expect(partOf(kitIn(cwd), 'eventSubscriptions')).toMatchObject({ state: 'notRead' });
  });

  test('that is interrupted writes nothing: exit code 3', async () => {
    const { run, cwd } = kitTerminal(surroundedTenant());
    const outcome = await run('kv-pay --out kit', { signal: AbortSignal.abort() });
    expect(outcome).toEqual({
      code: 3,
      stdout: '',
      stderr: 'Interrupted: nothing was written.\n',
      ending: 'Exit 3: interrupted.\n',
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('of another cloud says so to the command that recovers', async () => {
    const { run, cwd } = kitTerminal(surroundedTenant());
    await run('kv-pay --out kit --cloud AzureUSGovernment');
    expect(kitIn(cwd).cloud).toBe('AzureUSGovernment');
    expect((await run('restore kit')).stdout).toContain('/kv-pay --cloud AzureUSGovernment\n');
  });

  test('a name that is missing or misspelt is exit code 2, with a suggestion, and nothing is written', async () => {
    const { run, cwd } = kitTerminal(surroundedTenant());
    const { code, stderr } = await run('kv-pya --out kit');
    expect(code).toBe(2);
    expect(stderr).toContain('No visible vault or managed HSM is called "kv-pya". Did you mean kv-pay?');
    expect((await run(`${vaultId}x --out kit`)).stderr).toContain(`There is no vault ${vaultId}x.`);
    expect((await run('/subscriptions/x --out kit')).stderr).toContain('is not the id of a vault');
    expect((await run('kv-pay')).stderr).toContain('A kit needs a folder.');
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('a name is not said to be missing from a list of vaults that was cut short', async () => {
    const { run, azure } = kitTerminal(surroundedTenant());
    azure.inject({ kind: 'truncatedPage', match: { query: /resources/ }, times: 9 });
    const { code, stderr } = await run('kv-pay --out kit');
    expect(code).toBe(2);
    expect(stderr).toContain('Resource Graph did not return every row');
  });

  test('two vaults of one name are exit code 2, with both ids', async () => {
    const tenant = surroundedTenant();
    const resources = Array.isArray(tenant.resources) ? tenant.resources : [];
    const other = vaultId.replace('/rg/', '/rg-2/');
    resources.push({ ...resources[0], id: other });
    const { code, stderr } = await kitTerminal(tenant).run('kv-pay --out kit');
    expect(code).toBe(2);
    expect(stderr).toContain(vaultId);
    expect(stderr).toContain(other);
  });

  test('is never written over anything else', async () => {
    const { run, cwd } = kitTerminal(surroundedTenant());
    mkdirSync(join(cwd, 'docs'));
    writeFileSync(join(cwd, 'docs/README.md'), '# Ours\n');
    writeFileSync(join(cwd, 'file'), 'x');
    for (const place of ['docs', 'file']) expect((await run(`kv-pay --out ${place}`)).code).toBe(2);
    expect(readdirSync(join(cwd, 'docs'))).toEqual(['README.md']);
    await run('kv-pay --out kit');
    writeFileSync(join(cwd, 'kit/notes.txt'), 'mine');
    expect((await run('kv-pay --out kit')).code).toBe(0);
    expect(readFileSync(join(cwd, 'kit/notes.txt'), 'utf8')).toBe('mine');
    writeFileSync(join(cwd, 'kit/README.md'), '# Ours\n');
    expect((await run('kv-pay --out kit')).stderr).toContain('kit/README.md is not a file of a kit');
  });

  test('what an interrupted run has left is written over; a vault of the old kit is not forgotten', async () => {
    const tenant = surroundedTenant();
    const { run, cwd } = kitTerminal(tenant);
    await run('kv-pay --out kit');
    const bicep = bicepIn(cwd);
    mkdirSync(join(cwd, 'torn'));
    writeFileSync(join(cwd, 'torn', bicep), readFileSync(join(cwd, 'kit', bicep)));
    expect((await run('kv-pay --out torn')).code).toBe(0);
    const resources = Array.isArray(tenant.resources) ? tenant.resources : [];
    resources.push({ ...resources[0], id: vaultId.replace('kv-pay', 'kv-other'), name: 'kv-other' });
    const { code, stderr } = await run('kv-other --out kit');
    expect(code).toBe(2);
    expect(stderr).toContain(`also holds ${vaultId}`);
    expect((await run('kv-other kv-pay --out kit')).code).toBe(0);
  });
});

describe('kit diff', () => {
  test('finds nothing where nothing but the spelling has changed', async () => {
    const tenant = surroundedTenant();
    const { run } = kitTerminal(tenant);
    await run('kv-pay --out kit');
    const { diagnosticSettings: [setting] = [], ...others } = tenant.surroundings ?? {};
    const properties = Object(setting?.['properties']);
    const respelt = {
      ...properties,
      workspaceId: properties.workspaceId.toUpperCase(),
      logs: properties.logs.toReversed(),
    };
    tenant.surroundings = { ...others, diagnosticSettings: [{ ...setting, properties: respelt }] };
    expect(await run('diff kit')).toMatchObject({ code: 0, stdout: 'The kit is up to date.\n', stderr: '' });
  });

  test('names what was added, removed and changed: exit code 1', async () => {
    const tenant = surroundedTenant();
    const { run } = kitTerminal(tenant);
    await run('kv-pay --out kit');
    tenant.locks = [];
    tenant.surroundings = {
      ...tenant.surroundings,
      roleAssignments: [...(tenant.surroundings?.roleAssignments ?? []), roleAssignment('new')],
      diagnosticSettings: [diagnosticSetting('to-logs', 'AzurePolicyEvaluationDetails')],
    };
    const { code, stdout } = await run('diff kit --output json');
    expect(code).toBe(1);
    const { changes, complete } = JSON.parse(stdout);
    expect(complete).toBe(true);
    expect(changes.map(({ part, change }: Record<string, string>) => `${part} ${change}`)).toEqual([
      'roleAssignments added',
      'diagnosticSettings changed',
      'locks removed',
    ]);
    expect((await run('diff kit')).stdout).toContain('3 differences');
  });

  test('says that the vault is gone: exit code 1', async () => {
    const tenant = surroundedTenant();
    const { run } = kitTerminal(tenant);
    await run('kv-pay --out kit');
    tenant.resources = [];
    const { code, stdout } = await run('diff kit');
    expect(code).toBe(1);
    expect(stdout).toContain('Gone: /subscriptions/');
  });

  test('takes what it may not read today for neither gone nor the same: exit code 3', async () => {
    const tenant = surroundedTenant();
    const { run } = kitTerminal(tenant);
    await run('kv-pay --out kit');
    tenant.missingRights = [{ action: 'Microsoft.Authorization/locks/read', scope: vaultId }];
    const { code, stdout } = await run('diff kit');
    expect(code).toBe(3);
    expect(stdout).toContain('INCOMPLETE');
    expect(stdout).not.toContain('removed');
  });
});

describe('kit restore', () => {
  test('prints the commands, asks Azure nothing', async () => {
    const { run, azure } = kitTerminal(surroundedTenant());
    await run('kv-pay --out kit');
    const before = azure.requests.length;
    const { code, stdout, stderr } = await run('restore kit');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(join(goldens, 'restore.sh'));
    expect(azure.requests.length).toBe(before);
  });

  test('warns of a Bicep file that was edited, and works without the vault', async () => {
    const tenant = surroundedTenant();
    const { run, cwd } = kitTerminal(tenant);
    await run('kv-pay --out kit');
    tenant.resources = [];
    const bicep = bicepIn(cwd);
    writeFileSync(join(cwd, 'kit', bicep), '// edited\n');
    const { code, stderr } = await run('restore kit');
    expect(code).toBe(0);
    expect(stderr).toContain(`CHECK FIRST: kit/${bicep}`);
  });

  test.each([
    ['nothing', undefined, 'there is no such file'],
    ['a list', '[]', 'kit.json:1:1'],
    ['a Bicep file elsewhere', 'bicep', 'must be the name of a Bicep file'],
    ['a part that is left out', 'part', 'each part of each vault once'],
  ])('refuses %s with the place', async (_, damage, words) => {
    const { run, cwd } = kitTerminal(surroundedTenant());
    await run('kv-pay --out kit');
    const kit = kitIn(cwd);
    const [vault] = kit.vaults;
    const texts: Record<string, string> = {
      bicep: JSON.stringify({ ...kit, vaults: [{ ...vault, bicep: '../x.bicep' }] }),
      part: JSON.stringify({ ...kit, vaults: [{ ...vault, parts: vault?.parts.slice(1) }] }),
    };
    if (damage !== undefined) writeFileSync(join(cwd, 'kit/kit.json'), texts[damage] ?? damage);
    const { code, stdout, stderr } = await run(damage === undefined ? 'restore none' : 'restore kit');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});

describe('a kit of a managed HSM', () => {
  test.for(['hsm-pay', hsmId])(
    'by %s holds what ARM shows, and is the same until something changes',
    async (word) => {
      const { run, cwd, azure } = kitTerminal(tenantWithHsm());
      expect(await run(`${word} --out kit`)).toMatchObject({ code: 0 });
      const kit = kitIn(cwd);
      expect(kit.vaults.map(({ type, parts }) => [type, parts.map(({ name }) => name)])).toEqual([
        [
          'Microsoft.KeyVault/managedHSMs',
          ['networkRules', 'privateEndpointConnections', 'roleAssignments', 'diagnosticSettings', 'locks'],
        ],
      ]);
      expect(partOf(kit, 'networkRules')).toMatchObject({
        items: [{ properties: { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } } }],
      });
      expect(azure.requests.filter(({ path }) => path.includes('EventGrid'))).toEqual([]);
      expect((await run('diff kit')).code).toBe(0);
      azure.tenant.locks = [];
      const { code, stdout } = await run('diff kit');
      expect(stdout).toContain('keep');
      expect(code).toBe(1);
    },
  );

  test('says that its keys and local roles come back by themselves', async () => {
    const { run, cwd } = kitTerminal(tenantWithHsm());
    await run('hsm-pay kv-pay --out kit');
    const runbook = readFileSync(join(cwd, 'kit/README.md'), 'utf8');
    expect(runbook).toContain('for 1 managed HSM and 1 vault.');
    expect(runbook).toContain('Recover the managed HSM, if it is deleted');
    expect(runbook).toContain('local role assignments are inside it, and come back with it');
    const bicep = readdirSync(join(cwd, 'kit')).find((name) => name.startsWith('hsm-pay')) ?? '';
    const text = readFileSync(join(cwd, 'kit', bicep), 'utf8');
    expect(text).toContain("resource vault 'Microsoft.KeyVault/managedHSMs@2026-02-01' existing");
    const { stdout } = await run('restore kit');
    expect(stdout).toContain(`purgeproof deleted recover ${hsmId}`);
    expect(stdout).toContain(`${hsmId}?api-version=2026-02-01`);
  });

  test('with a part of a vault alone is no kit', async () => {
    const { run, cwd } = kitTerminal(tenantWithHsm());
    await run('hsm-pay --out kit');
    const path = join(cwd, 'kit/kit.json');
    const kit = kitIn(cwd);
    const extra = { name: 'eventSubscriptions', state: 'read', items: [] };
    const vaults = kit.vaults.map((vault) => Object.assign({}, vault, { parts: [...vault.parts, extra] }));
    writeFileSync(path, JSON.stringify({ ...kit, vaults }));
    expect((await run('restore kit')).code).toBe(2);
  });
});
