import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../emulator/index.ts';
import { readReport } from '../cli/run.ts';
import { aTenant, estate } from '../usecases/estate.ts';
import { caseStage, caseText, type CaseStage } from './answers.ts';

const minute = 60_000;
const forever = 1_000_000_000;
const graph = /\/providers\/Microsoft\.ResourceGraph\//;
const subscriptions = /^\/subscriptions$/;
const scan = 'scan --rule AKV002 --output json';
const body = JSON.parse(caseText('B2-endless-retry-after', 'answer.json'));
const endless = { kind: 'status', status: 429, body, retryAfter: forever, times: 1e6 } as const;

function stage(...faults: readonly Fault[]): CaseStage {
  const made = caseStage('B1-odd-error-body', { quota: 'unlimited' });
  for (const fault of faults) made.azure.inject(fault);
  return made;
}

describe('a wait that does not fit ends at once', () => {
  test('of the list of subscriptions: a gap, and what shows is read (case B2)', async () => {
    const waiting = stage({ ...endless, match: { path: subscriptions } });
    const { code, stdout } = await waiting.purgeproof(scan);
    expect(code).toBe(3);
    expect(readReport(stdout)).toMatchObject({ complete: false, summary: { resources: 1 } });
    expect(readReport(stdout).coverage.subscriptions).toMatchObject([{ name: 'one', state: 'read' }]);
    const [gap] = readReport(stdout).unreadable;
    expect(gap?.reason).toContain(
      'Azure asks to wait 1000000000 seconds, which does not fit into the 10 minutes that a request may take',
    );
    expect(gap?.hint).toContain('--request-timeout');
    expect(waiting.count('GET', subscriptions)).toBe(1);
    expect(waiting.elapsedMs()).toBeLessThan(minute);
  });

  test.for<[string, Fault['match']]>([
    ['from its first answer on', { path: graph }],
    ['in the middle of a read', { query: /project id, name, type/ }],
  ])('of Resource Graph, %s', async ([, match = {}]) => {
    const waiting = stage({ ...endless, match });
    const { code, stdout, stderr } = await waiting.purgeproof(scan);
    expect([2, 3]).toContain(code);
    expect(stdout + stderr).toContain('1000000000 seconds');
    expect(waiting.elapsedMs()).toBeLessThan(minute);
  });

  test('of a failure, and by a date that is far away', async () => {
    const { stdout } = await stage({
      kind: 'status',
      status: 503,
      headers: { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' },
      match: { path: subscriptions },
      times: 1e6,
    }).purgeproof(scan);
    expect(readReport(stdout).unreadable[0]?.reason).toMatch(/asks to wait \d{11,} seconds/);
  });

  test('of a read and of a write of a vault', async () => {
    const waiting = stage();
    await waiting.purgeproof('plan --rule AKV002 --out plan.json');
    const vault = /\/vaults\/kv-a$/;
    waiting.azure.inject({ ...endless, match: { method: 'GET', path: vault }, times: 1 });
    const planned = await waiting.purgeproof('plan --rule AKV002');
    expect(planned).toMatchObject({ code: 3, stderr: expect.stringContaining('1000000000 seconds') });
    waiting.azure.inject({ ...endless, match: { method: 'PATCH', path: vault } });
    const applied = await waiting.purgeproof('apply plan.json --allow irreversible --yes --output json');
    expect(applied).toMatchObject({ code: 1, stdout: expect.stringContaining('1000000000 seconds') });
    expect(waiting.count('PATCH')).toBe(1);
  });
});

test('of a long-running operation: it is not polled without a pause', async () => {
  const tenant = estate(aTenant({}, { hsm: { enablePurgeProtection: false } }));
  const { plan } = await tenant.plan();
  const polls = /managedHSMOperationResults/;
  tenant.azure.inject({ ...endless, status: 202, body: {}, match: { path: polls } });
  const interrupted = new AbortController();
  setTimeout(() => interrupted.abort(), 1500);
  const report = await tenant.apply(plan, { signal: interrupted.signal });
  expect(report.results).toMatchObject([{ sent: true }]);
  expect(tenant.azure.requests.filter(({ path }) => polls.test(path))).toHaveLength(1);
});

describe('all waits of a request together end', () => {
  const times = 1e6;

  test.for<[string, Fault, number]>([
    ['Resource Graph, 20 seconds each time', { kind: 'status', status: 429, retryAfter: 20, times }, 3],
    ['Resource Graph, without saying for how long', { kind: 'status', status: 429, code: 'x', times }, 3],
  ])('%s', async ([, fault]) => {
    const waiting = stage({ ...fault, match: { path: graph } });
    const { stderr, code } = await waiting.purgeproof(scan);
    expect(code).toBe(2);
    expect(stderr).toContain('10 minutes');
    expect(waiting.elapsedMs()).toBeGreaterThan(9 * minute);
    expect(waiting.elapsedMs()).toBeLessThan(11 * minute);
  });

  type Throttle = Omit<Extract<Fault, { readonly kind: 'status' }>, 'kind' | 'status'>;

  test.for<[string, Throttle]>([
    ['a minute each time', { retryAfter: 60 }],
    ['without saying for how long', {}],
    ['with a Retry-After in the past', { headers: { 'retry-after': 'Tue, 24 Nov 2020 12:00:00 GMT' } }],
    ['with a Retry-After of -1', { headers: { 'retry-after': '-1' } }],
    ['with a Retry-After of words', { headers: { 'retry-after': 'soon' } }],
  ])('the list of subscriptions, %s', async ([, more]) => {
    const waiting = stage({ ...more, kind: 'status', status: 429, times, match: { path: subscriptions } });
    const { code } = await waiting.purgeproof(scan);
    expect(code).toBe(3);
    expect(waiting.elapsedMs()).toBeGreaterThan(8 * minute);
    expect(waiting.elapsedMs()).toBeLessThan(11 * minute);
    expect(waiting.count('GET', subscriptions)).toBeLessThan(60);
  });

  test('an hour-long window that the header of the quota tells is tried after a minute', async () => {
    const waiting = stage({
      kind: 'status',
      status: 429,
      headers: { 'x-ms-user-quota-resets-after': '01:00:00' },
      match: { path: graph },
    });
    expect(await waiting.purgeproof(scan)).toMatchObject({ code: 1 });
    expect(waiting.elapsedMs()).toBeLessThan(2 * minute);
  });
});

describe('the time of a request is set', () => {
  const slow = { ...endless, retryAfter: 20, match: { path: subscriptions } } as const;

  test('by the flag', async () => {
    const waiting = stage(slow);
    const { code, stdout } = await waiting.purgeproof(`${scan} --request-timeout 45s`);
    expect(code).toBe(3);
    expect(readReport(stdout).unreadable[0]?.reason).toContain('the 45 seconds that a request may take');
    expect(waiting.count('GET', subscriptions)).toBe(3);
  });

  test('by the configuration file, which the flag overrules', async () => {
    const waiting = stage(slow);
    writeFileSync(join(waiting.cwd, 'p.yaml'), 'requestTimeout: 1m\n');
    const { stdout } = await waiting.purgeproof(`${scan} --config p.yaml`);
    expect(readReport(stdout).unreadable[0]?.reason).toContain('the 1 minute that a request may take');
    const overruled = await waiting.purgeproof(`${scan} --config p.yaml --request-timeout 30s`);
    expect(readReport(overruled.stdout).unreadable[0]?.reason).toContain('the 30 seconds');
  });

  test('for plan and apply', async () => {
    const waiting = stage();
    await waiting.purgeproof('plan --rule AKV002 --out plan.json --request-timeout 5s');
    waiting.azure.inject({ ...endless, retryAfter: 7, match: { method: 'PATCH' } });
    const { stdout } = await waiting.purgeproof(
      'apply plan.json --allow irreversible --yes --output json --request-timeout 5s',
    );
    expect(stdout).toContain('Azure asks to wait 7 seconds, which does not fit into the 5 seconds');
  });

  test('an answer that never comes ends with it', async () => {
    const waiting = stage({
      kind: 'hook',
      run: () => new Promise(() => undefined),
      times: 9,
      match: { path: subscriptions },
    });
    const begun = Date.now();
    const { code, stdout } = await waiting.purgeproof(`${scan} --request-timeout 1s`);
    expect(code).toBe(3);
    expect(readReport(stdout).unreadable[0]?.reason).toMatch(/no whole answer/);
    expect(Date.now() - begun).toBeLessThan(30_000);
  });

  test('and does not hide the failure before it', async () => {
    const waiting = stage(
      { kind: 'resetBeforeHeaders', match: { path: subscriptions } },
      { kind: 'hook', run: () => new Promise(() => undefined), times: 9, match: { path: subscriptions } },
    );
    const { code, stdout } = await waiting.purgeproof(`${scan} --request-timeout 2s`);
    expect(code).toBe(3);
    const [gap] = readReport(stdout).unreadable;
    expect(gap?.reason).toMatch(/socket hang up.*; it was tried for the 2 seconds that a request may take/);
    expect(gap?.reason).not.toContain('no whole answer');
  });

  test.for(['10', 'ten minutes', '-1s', '1d', '0s', ''])('%j is refused', async (text) => {
    const waiting = stage();
    const flagged = await waiting.purgeproof(`scan --request-timeout ${text}`);
    expect(flagged).toMatchObject({ code: 2, stderr: expect.stringContaining('10m') });
    writeFileSync(join(waiting.cwd, 'p.yaml'), `requestTimeout: ${JSON.stringify(text)}\n`);
    const configured = await waiting.purgeproof('scan --config p.yaml');
    expect(configured).toMatchObject({ code: 2, stderr: expect.stringContaining('p.yaml:1:') });
    expect(waiting.azure.requests).toEqual([]);
  });
});
