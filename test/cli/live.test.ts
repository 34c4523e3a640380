import { describe, expect, test } from 'vitest';
import { emulator, type Tenant } from '../../emulator/index.ts';
import { guidOf, vaultBody } from '../../emulator/tenants/bodies.ts';
import { readReport, run } from './run.ts';

const names = ['alpha', 'beta', 'gamma'] as const;

function tenant(access: Partial<Record<(typeof names)[number], 'denied'>>, listed = false): Tenant {
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [{ id: 'root', displayName: 'Root' }],
    subscriptions: names.map((name) => ({
      id: guidOf(name),
      name,
      managementGroup: 'root',
      ...(access[name] === 'denied' ? { access: 'denied', listed } : {}),
    })),
    resources: names.map((name) =>
      vaultBody(
        { subscriptionId: guidOf(name), resourceGroup: 'rg', name: `kv-${name}`, location: 'westeurope' },
        { properties: { enablePurgeProtection: true, enableSoftDelete: true } },
      ),
    ),
  };
}

async function scan(given: Tenant, argv: readonly string[] = []) {
  const { credential, httpClient } = emulator(given);
  const outcome = await run(['scan', '--rule', 'AKV002', '--output', 'json', ...argv], {
    azure: { credential, httpClient },
  });
  return {
    ...outcome,
    report: outcome.stdout === '' ? undefined : readReport(outcome.stdout),
  };
}

const named = names.flatMap((name) => ['--subscription', guidOf(name)]);
const group = ['--management-group', 'root'];

describe('a live scan', () => {
  test('that sees everything is complete and clean', async () => {
    const { code, report, stderr } = await scan(tenant({}));
    expect({ code, stderr, complete: report?.complete }).toEqual({ code: 0, stderr: '', complete: true });
    expect(report?.summary).toMatchObject({ resources: 3, compliant: 3 });
    expect(report?.coverage.subscriptions.map(({ name, state }) => [name, state])).toEqual(
      expect.arrayContaining(names.map((name) => [name, 'read'])),
    );
  });

  test.for<[string, readonly string[], boolean]>([
    ['named', named, false],
    ['below a management group', group, false],
    ['listed', [], true],
  ])('with one of three subscriptions denied, %s, is incomplete and names it', async ([, argv, listed]) => {
    const { code, report } = await scan(tenant({ beta: 'denied' }, listed), argv);
    expect({ code, complete: report?.complete }).toEqual({ code: 3, complete: false });
    expect(report?.summary.resources).toBe(2);
    const gap = report?.unreadable.find((entry) => entry.scope.includes(guidOf('beta')));
    expect(gap).toMatchObject({ kind: 'subscription' });
    expect(gap?.hint).toContain('Reader');
    expect(report?.coverage.subscriptions.find(({ id }) => id === guidOf('beta'))?.state).toBe('denied');
  });

  test('--allow-incomplete changes the code, not the report', async () => {
    const { code, report } = await scan(tenant({ beta: 'denied' }, true), ['--allow-incomplete']);
    expect({ code, complete: report?.complete }).toEqual({ code: 0, complete: false });
  });

  test.for<[string, readonly string[]]>([
    ['named', named],
    ['below a management group', group],
  ])('with all denied, %s, says what right is missing', async ([, argv]) => {
    const { code, stdout, stderr } = await scan(
      tenant({ alpha: 'denied', beta: 'denied', gamma: 'denied' }),
      argv,
    );
    expect([2, 3]).toContain(code);
    expect(stdout + stderr).toContain('Reader');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('interrupted before it begins is incomplete, never clean', async () => {
    const stopped = new AbortController();
    stopped.abort();
    const { credential, httpClient } = emulator(tenant({}));
    const outcome = await run(['scan', '--output', 'json'], {
      azure: { credential, httpClient },
      signal: stopped.signal,
    });
    expect(outcome.code).toBe(3);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      complete: false,
      unreadable: [{ kind: 'interrupted' }],
    });
  });

  test('signed out says how to sign in', async () => {
    const { httpClient } = emulator(tenant({}));
    const outcome = await run(['scan'], {
      azure: { httpClient, credential: { getToken: async () => Promise.reject(credentialUnavailable()) } },
    });
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toContain('az login');
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
  });
});

/** What DefaultAzureCredential throws when none of its credentials has a token. */
function credentialUnavailable(): Error {
  return Object.assign(new Error('ChainedTokenCredential authentication failed.'), {
    name: 'AggregateAuthenticationError',
    errors: [],
  });
}
