import { createHook } from 'node:async_hooks';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulator, generateTenant, type Tenant } from '../../emulator/index.ts';
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

describe('the sign-in of a live scan', () => {
  /** Runs a scan whose sign-in waits until `until` resolves, and says what it was told by then. */
  async function scanSigningIn(argv: readonly string[], until: Promise<void>) {
    const { credential, httpClient } = emulator(tenant({}));
    const signals: (AbortSignal | undefined)[] = [];
    const getToken: typeof credential.getToken = async (scope, options) => {
      const { abortSignal } = options ?? {};
      signals.push(abortSignal instanceof AbortSignal ? abortSignal : undefined);
      await until;
      return credential.getToken(scope, options);
    };
    const outcome = await run(['scan', ...argv], { azure: { credential: { getToken }, httpClient } });
    return { ...outcome, signals };
  }

  test('is under way while rules are read, and is given up where they are wrong', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'purgeproof-live-')), 'wrong.yaml');
    writeFileSync(file, 'id: CUSTOM1\nseverity: worst\n');
    const { code, stderr, signals } = await scanSigningIn(['--policies', file], new Promise(() => undefined));
    expect(code).toBe(2);
    expect(stderr).toContain('wrong.yaml:2');
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  test('is asked for once', async () => {
    const { code, signals } = await scanSigningIn(['--rule', 'AKV002', '--quiet'], Promise.resolve());
    expect(code).toBe(0);
    expect(signals).toHaveLength(1);
  });
});

test('a page of a live scan does not keep the event loop for itself while it is judged', async () => {
  const turnsOf = async (vaults: number): Promise<number> => {
    let turns = 0;
    const hook = createHook({
      init: (_, type) => {
        if (type === 'Immediate') turns += 1;
      },
    });
    hook.enable();
    const { code } = await scan(generateTenant({ subscriptions: 1, vaults, failing: 1 }));
    hook.disable();
    expect(code).toBe(1);
    return turns;
  };
  const [few, page] = [await turnsOf(1), await turnsOf(1000)];
  expect(page - few).toBe(1000 / 50 - 1);
});
