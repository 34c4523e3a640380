import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator, type Emulator } from '../../emulator/index.ts';
import type { ApplyReport } from '../../src/model/apply.ts';
import { aTenant } from '../usecases/estate.ts';
import { leftOn, run, type Outcome, type Setting } from './run.ts';

const open = {
  enableSoftDelete: true,
  enablePurgeProtection: undefined,
  enableRbacAuthorization: false,
  softDeleteRetentionInDays: 90,
};

let cwd: string;
let azure: Emulator;

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-apply-'));
  azure = emulator(aTenant({ 'kv-a': open, 'kv-b': open }), { quota: 'unlimited' });
  const rules = ['--rule', 'AKV002', '--rule', 'AKV004', '--allow', 'disruptive'];
  await purgeproof(['plan', ...rules, '--out', 'plan.json']);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function purgeproof(argv: readonly string[], setting: Setting = {}): Promise<Outcome> {
  const { credential, httpClient } = azure;
  return run(argv, { cwd, azure: { credential, httpClient }, ...setting });
}

const sent = () => azure.requests.filter(({ method }) => method === 'PATCH');
const allowed = ['apply', 'plan.json', '--allow', 'irreversible', '--allow', 'disruptive'];
const changes = [
  '  ~ enablePurgeProtection: unset → true',
  '  ~ enableRbacAuthorization: false → true',
  '  ! Purge protection can never be switched off again, not even by Microsoft.',
];
const both = ['2 vaults  can never be undone and may cut users off', ...changes, '  one: kv-a, kv-b'];
const preview = ['kv-a  one · rg  can never be undone and may cut users off', ...changes];

describe('apply on a terminal', () => {
  test('shows what the steps do, and every vault, then asks', async () => {
    const { code, stderr } = await purgeproof(allowed, {
      answer: true,
      terminal: 120,
      env: { NO_COLOR: '1' },
    });
    const lines = leftOn(stderr).split('\n');
    for (const line of both) expect(lines).toContain(line);
    expect(
      lines.indexOf('Change these 2? All of them can never be undone. All of them may cut users off.'),
    ).toBeGreaterThan(Math.max(...both.map((line) => lines.indexOf(line))));
    expect(code).toBe(0);
    expect(sent()).toHaveLength(2);
  });

  test('shows of a step only what the selected rule asks for', async () => {
    const { stderr } = await purgeproof([...allowed, '--only', 'kv-a', '--rule', 'AKV002'], { answer: true });
    expect(stderr).toMatch(
      /^kv-a {2}one · rg {2}can never be undone\n {2}~ enablePurgeProtection: unset → true\n {2}!/,
    );
    expect(stderr).toContain('Change it? It can never be undone.');
    expect(stderr).not.toMatch(/kv-b|enableRbac|RBAC/);
  });

  test('that is declined leaves nothing behind: exit code 2', async () => {
    const before = readdirSync(cwd);
    let during: readonly string[] = [];
    const hook = (): void => {
      during = readdirSync(cwd);
    };
    azure.inject({ kind: 'hook', run: hook, match: { method: 'GET' } });
    const { code, stderr } = await purgeproof(allowed, { answer: false });
    expect(stderr).toContain('error: Nothing was sent: it was not confirmed.');
    expect(code).toBe(2);
    expect(during).not.toContain('plan.journal.ndjson');
    expect(readdirSync(cwd)).toEqual(before);
    expect(sent()).toEqual([]);
  });

  test('that is interrupted while it asks leaves nothing behind: exit code 3', async () => {
    const before = readdirSync(cwd);
    const controller = new AbortController();
    const ask = async (): Promise<boolean> => {
      controller.abort();
      return false;
    };
    const { code, stderr } = await purgeproof(allowed, { ask, signal: controller.signal });
    expect(stderr).toContain('Interrupted: nothing was sent');
    expect(code).toBe(3);
    expect(readdirSync(cwd)).toEqual(before);
  });
});

describe('a vault of a subscription that is disabled', () => {
  beforeEach(() => {
    Object.assign(azure.tenant.subscriptions[0] ?? {}, { state: 'Disabled' });
  });

  test('is planned with a warning, which a dry run repeats', async () => {
    const { stdout } = await purgeproof(['plan', '--rule', 'AKV002', '--out', 'plan.json']);
    expect(stdout).toContain('  ? Its subscription is disabled, and so read-only: Azure refuses');
    const dry = await purgeproof([...allowed, '--dry-run']);
    expect(dry.stdout).toContain('  ? Its subscription is disabled, and so read-only: Azure refuses');
    expect(dry.stdout).toContain('2 would be changed. Azure may refuse 2 of them');
  });

  test('is refused by Azure, once, in words', async () => {
    const { code, stdout } = await purgeproof([...allowed, '--yes', '--only', 'kv-a']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^kv-a +failed +Its subscription is disabled, and so read-only: .* re-enabled/);
    expect(stdout).toContain('have the subscription enabled again');
    expect(sent()).toHaveLength(1);
  });
});

describe('apply --dry-run', () => {
  test('shows what the run would ask about, and its exit code', async () => {
    const { code, stdout, stderr } = await purgeproof([...allowed, '--dry-run', '--only', 'kv-a']);
    for (const line of preview) expect(stdout.split('\n')).toContain(line);
    expect(stdout).toContain('Dry run, nothing was sent: 1 would be changed and 1 not selected.');
    const needsYes = 'There is no terminal to ask on: without --dry-run, this needs --yes.\n';
    expect({ code, stderr }).toEqual({ code: 0, stderr: needsYes });
    expect(existsSync(join(cwd, 'plan.journal.ndjson'))).toBe(false);
  });

  test('has the values before and the consequences in JSON', async () => {
    const { stdout } = await purgeproof([...allowed, '--dry-run', '--output', 'json']);
    const { results }: ApplyReport = JSON.parse(stdout);
    expect(results[0]).toMatchObject({
      outcome: 'skipped',
      changes: { properties: { enablePurgeProtection: true, enableRbacAuthorization: true } },
      preview: {
        before: { properties: { enableRbacAuthorization: false } },
        risks: ['irreversible', 'disruptive'],
        consequences: expect.arrayContaining([expect.stringContaining('not even by Microsoft')]),
      },
    });
  });

  test.for<[string, readonly string[], Setting]>([
    ['no --allow', ['apply', 'plan.json'], {}],
    ['one --allow of two', ['apply', 'plan.json', '--allow', 'irreversible'], {}],
    ['more steps than --max-changes', [...allowed, '--max-changes', '1'], {}],
    ['an expired plan', allowed, { now: '2026-11-26T12:00:00Z' }],
    ['a step that the plan does not have', [...allowed, '--only', 'kv-x'], {}],
    ['a journal in a folder that is missing', [...allowed, '--journal', 'no/where.ndjson'], {}],
    ['a journal that is a folder', [...allowed, '--journal', '.'], {}],
    ['a journal that is no journal', [...allowed, '--journal', 'plan.txt'], {}],
  ])('refuses what the run refuses, in the same words: %s', async ([, argv, setting]) => {
    await purgeproof(['plan', '--rule', 'AKV002', '--output', 'text=plan.txt']);
    const real = await purgeproof([...argv, '--yes'], setting);
    expect(real).toMatchObject({ code: 2, stdout: '' });
    expect(await purgeproof([...argv, '--dry-run'], setting)).toEqual(real);
    expect(await purgeproof(argv, { ...setting, answer: true })).toEqual(real);
    expect(sent()).toEqual([]);
  });

  test('of a vault that has changed has the outcome of the run, and its exit code', async () => {
    const { resources } = azure.tenant;
    if (typeof resources === 'function') throw new Error('the tenant has a list of resources');
    resources[0] = JSON.parse(JSON.stringify(resources[0]).replace(':90', ':89'));
    const dry = await purgeproof([...allowed, '--dry-run']);
    expect(dry).toMatchObject({ code: 1, stdout: expect.stringMatching(/^kv-a +drifted/m) });
    expect(await purgeproof([...allowed, '--yes'])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^kv-a +drifted/),
    });
  });
});

describe('a plan', () => {
  test('names the command that plans the fixes which may cut users off as well', async () => {
    const rules = ['--rule', 'AKV002', '--rule', 'AKV004'];
    const { stdout } = await purgeproof(['plan', ...rules]);
    expect(stdout).toContain(
      '2 of these findings have a fix that may cut users off; to plan those as well:\n' +
        `  purgeproof plan ${rules.join(' ')} --out plan.json --allow disruptive\n`,
    );
    const asked = await purgeproof(['plan', ...rules, '--allow', 'disruptive']);
    expect(asked.stdout).not.toContain('--allow disruptive --allow disruptive');
    expect(asked.stdout).not.toContain('users off; to plan');
  });

  test('that is written names the dry run first, and the file at the end', async () => {
    const { stdout, ending } = await purgeproof(['plan', '--rule', 'AKV002', '--out', 'plan.json']);
    expect(stdout).toContain(
      'send nothing:\n  purgeproof apply plan.json --allow irreversible --dry-run\n' +
        'To apply it, until 2026-11-25 12:00 UTC:\n  purgeproof apply plan.json --allow irreversible\n',
    );
    expect(ending).toMatch(/^Wrote plan\.json\.\n/);
    const quiet = await purgeproof(['plan', '--rule', 'AKV002', '--out', 'plan.json', '--quiet']);
    expect(quiet.ending).toBe('');
  });

  test('calls what it could not read by its name', async () => {
    azure.inject({ kind: 'status', status: 403, match: { method: 'GET', path: /kv-a$/ }, times: 99 });
    const { stdout } = await purgeproof(['plan', '--rule', 'AKV002']);
    expect(stdout).toMatch(/^\? not planned: vault kv-a \(\/subscriptions\/.*\/vaults\/kv-a\): /);
  });
});
