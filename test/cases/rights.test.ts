import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';

import { emulator, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { roles } from '../../emulator/rights/role.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { packageRoot, readReport, run, type Outcome } from '../cli/run.ts';
import { holdRequests } from '../held-requests.ts';

const one = 'aaaaaaaa-0000-4000-8000-000000000001';
const two = 'aaaaaaaa-0000-4000-8000-000000000002';
const scopeOf = (id: string): string => `/subscriptions/${id}`;
const seenGroup = `${scopeOf(one)}/resourceGroups/rg-seen`;
const vaultsRead = 'Microsoft.KeyVault/vaults/read';

function fixture(name: string, file: string): string {
  return readFileSync(join(packageRoot, 'test/fixtures/cases', name, file), 'utf8');
}

function tenantOf(name: string, roleAssignments: NonNullable<Tenant['roleAssignments']>): Tenant {
  const resources: JsonObject[] = JSON.parse(fixture(name, 'vaults.json'));
  const ids = new Set(resources.map(({ subscriptionId }) => subscriptionId));
  return {
    tenantId: '99999999-9999-4999-8999-999999999999',
    managementGroups: [{ id: 'mg-corp', displayName: 'Corp' }],
    subscriptions: [one, two]
      .filter((id) => ids.has(id))
      .map((id) => ({ id, name: `sub-${id.at(-1)}`, managementGroup: 'mg-corp' })),
    resources,
    roleAssignments,
  };
}

async function scan(
  tenant: Tenant,
  argv: readonly string[] = [],
  options: EmulatorOptions = {},
): Promise<Outcome> {
  const { credential, httpClient } = emulator(tenant, options);
  return run(['scan', ...argv], { azure: { credential, httpClient } });
}

/** What the JSON report tells: states by name, and what is unreadable. */
async function told(...request: Parameters<typeof scan>) {
  const [tenant, argv = [], options] = request;
  const { code, stdout } = await scan(tenant, [...argv, '--output', 'json'], options);
  const { complete, unreadable, coverage, summary } = readReport(stdout);
  const states = Object.fromEntries(coverage.subscriptions.map(({ name, state }) => [name, state]));
  return { code, complete, states, unreadable, resources: summary.resources };
}

describe('A1: a visible subscription whose vaults cannot be read', () => {
  const tenant = tenantOf('A1-cost-reader', [
    { scope: scopeOf(one), role: roles.costManagementReader },
    { scope: scopeOf(two), role: roles.reader },
  ]);

  test('is denied, with the right that is missing', async () => {
    const { code, complete, states, unreadable } = await told(tenant);
    expect({ code, complete, states }).toEqual({
      code: 3,
      complete: false,
      states: { 'sub-1': 'denied', 'sub-2': 'read' },
    });
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]).toMatchObject({ scope: scopeOf(one), kind: 'subscription' });
    expect(unreadable[0]?.reason).toContain(vaultsRead);
  });

  test('and closes no alert', async () => {
    const { code, stdout } = await scan(tenant, ['--output', 'sarif']);
    const log: Log = JSON.parse(stdout);
    const [invocation] = log.runs[0]?.invocations ?? [];
    expect(code).toBe(3);
    expect(invocation?.executionSuccessful).toBe(false);
    expect(JSON.stringify(invocation?.toolExecutionNotifications)).toContain(vaultsRead);
  });

  test('and is told in the table', async () => {
    const { stdout } = await scan(tenant);
    expect(stdout).toContain('sub-1');
    expect(stdout).toContain(vaultsRead);
    expect(stdout).not.toContain('meets all');
  });
});

describe('A2: rows of one resource group of a visible subscription', () => {
  const tenant = tenantOf('A2-one-group-of-a-visible-subscription', [
    { scope: scopeOf(one), role: roles.costManagementReader },
    { scope: seenGroup, role: roles.reader },
  ]);

  test('are not the whole subscription', async () => {
    const { code, states, unreadable, resources } = await told(tenant);
    expect({ code, states, resources }).toEqual({ code: 3, states: { 'sub-1': 'partial' }, resources: 1 });
    expect(unreadable[0]?.reason).toContain(vaultsRead);
  });
});

describe('A3: Reader on one resource group and on nothing else', () => {
  const tenant = tenantOf('A3-reader-on-one-group', [{ scope: seenGroup, role: roles.reader }]);

  test.for(['shows', 'hidden'] as const)('is partial where the subscription %s', async (partlyReadable) => {
    const { code, states, unreadable, resources } = await told(tenant, [], { partlyReadable });
    expect({ code, states: Object.values(states), resources }).toEqual({
      code: 3,
      states: ['partial'],
      resources: 1,
    });
    expect(unreadable[0]?.reason).toContain(vaultsRead);
  });
});

describe('A4: a named management group whose members cannot be listed', () => {
  const tenant = tenantOf('A4-named-group-not-listed', [{ scope: scopeOf(one), role: roles.reader }]);

  test.for(['mg-corp', 'MG-CORP'])('is a gap of its own (%s)', async (name) => {
    const { code, complete, unreadable } = await told(tenant, ['--management-group', name]);
    expect({ code, complete }).toEqual({ code: 3, complete: false });
    expect(unreadable).toMatchObject([{ scope: name, kind: 'managementGroup' }]);
  });
});

describe('A5: a role that reads all but Key Vault', () => {
  interface RoleFile {
    readonly Actions: readonly string[];
    readonly NotActions: readonly string[];
  }
  const file: RoleFile = JSON.parse(fixture('A5-role-without-key-vault', 'role.json'));
  const role = { actions: file.Actions, notActions: file.NotActions };

  test('is denied: its exceptions are evaluated', async () => {
    const { code, states, unreadable } = await told(
      tenantOf('A5-role-without-key-vault', [{ scope: scopeOf(one), role }]),
    );
    expect({ code, states }).toEqual({ code: 3, states: { 'sub-1': 'denied' } });
    expect(unreadable[0]?.reason).toContain(vaultsRead);
  });

  test('and reads the vaults when a second role gives the right back', async () => {
    const { states } = await told(
      tenantOf('A5-role-without-key-vault', [
        { scope: scopeOf(one), role },
        { scope: '/', role: { actions: ['Microsoft.KeyVault/*/READ'] } },
      ]),
    );
    expect(states).toEqual({ 'sub-1': 'read' });
  });
});

describe('A6: --allow-incomplete', () => {
  const tenant = tenantOf('A6-interrupted-but-allowed', [{ scope: scopeOf(one), role: roles.reader }]);

  test('does not cover an interruption', async () => {
    const azure = emulator(tenant);
    const held = holdRequests(azure, { path: /ResourceGraph/ }, 1);
    const stop = new AbortController();
    const { credential, httpClient } = azure;
    const running = run(['scan', '--allow-incomplete', '--output', 'json'], {
      azure: { credential, httpClient },
      signal: stop.signal,
    });
    await held.reached(running);
    stop.abort();
    const { code, stdout, stderr } = await running;
    held.release();
    expect(code).toBe(3);
    expect(readReport(stdout).complete).toBe(false);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('--allow-incomplete')]);
  });

  test('covers what cannot be read', async () => {
    const denied = tenantOf('A6-interrupted-but-allowed', [
      { scope: scopeOf(one), role: roles.costManagementReader },
    ]);
    const { code, complete } = await told(denied, ['--allow-incomplete']);
    expect({ code, complete }).toEqual({ code: 0, complete: false });
  });
});
