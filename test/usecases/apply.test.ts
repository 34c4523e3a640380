import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readQuota } from '../../src/azure/quota-window.ts';
import type { ApplyReport, StepResult } from '../../src/model/apply.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { applyExitCode } from '../../src/usecases/apply.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { aRule } from '../build.ts';
import { shippedRules } from '../shipped-rules.ts';
import { aTenant, type Estate, estate, fastClock, vaultId } from './estate.ts';

const unprotected = { enableSoftDelete: true, softDeleteRetentionInDays: 90 };

function outcomes({ results }: Pick<ApplyReport, 'results'>): Readonly<Record<string, string>> {
  return Object.fromEntries(results.map(({ vault, outcome }) => [vault.name, outcome]));
}

function causeOf(report: ApplyReport, name: string): string {
  const result = report.results.find(({ vault }) => vault.name === name);
  return `${result?.cause} ${result?.hint}`;
}

describe('what counts', () => {
  test('Resource Graph that lags is not asked: what counts is what ARM says', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }), { graphLags: true });
    const { plan } = await tenant.plan();
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'verified' });
    expect(tenant.azure.requests.some(({ path }) => path.includes('ResourceGraph'))).toBe(false);
  });

  test('a managed HSM is changed by a long-running operation', async () => {
    const tenant = estate(aTenant({}, { 'hsm-a': {} }), { hsmPolls: 3 });
    const { plan } = await tenant.plan();
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'hsm-a': 'verified' });
    expect(tenant.properties('hsm-a')['enablePurgeProtection']).toBe(true);
    expect(tenant.patches()).toEqual([['hsm-a', { properties: { enablePurgeProtection: true } }]]);
  });
});

describe('one vault that fails stops no other, and every failure is told for what it is', () => {
  test.for<[string, (tenant: Estate) => void, string, RegExp]>([
    [
      'a ReadOnly lock on the resource group',
      ({ azure }) => {
        azure.tenant.locks = [{ scope: vaultId('kv-a'), name: 'keep', level: 'ReadOnly' }];
      },
      'lockedByScope',
      /ReadOnly lock on .*kv-a forbids every change/,
    ],
    [
      'a policy',
      ({ azure }) => {
        azure.tenant.denyPolicies = [
          { name: 'Vaults need an owner tag', scope: vaultId('kv-a'), denies: () => true },
        ];
      },
      'deniedByPolicy',
      /policy "Vaults need an owner tag" denies/,
    ],
    [
      'a missing right',
      ({ azure }) => {
        azure.tenant.missingRights = [{ scope: vaultId('kv-a'), action: 'Microsoft.KeyVault/vaults/write' }];
      },
      'unauthorized',
      /right Microsoft\.KeyVault\/vaults\/write is missing on .*kv-a/,
    ],
    [
      'a right to read that was taken away',
      ({ azure }) => {
        azure.tenant.missingRights = [{ scope: vaultId('kv-a'), action: 'Microsoft.KeyVault/vaults/read' }];
      },
      'unauthorized',
      /right Microsoft\.KeyVault\/vaults\/read is missing on .*kv-a/,
    ],
    ['a vault that was deleted', (tenant) => tenant.remove('kv-a'), 'notFound', /no longer exists/],
    [
      'purge protection that somebody switched on meanwhile',
      (tenant) => tenant.change('kv-a', { enablePurgeProtection: true }),
      'alreadyCompliant',
      /someone fixed it/,
    ],
    [
      'access policies that somebody edited meanwhile',
      (tenant) => tenant.change('kv-a', { accessPolicies: [{ objectId: 'new' }] }),
      'drifted',
      /changed since the plan was made \(properties that the step does not touch\)/,
    ],
    [
      'a property that somebody else changed',
      (tenant) => tenant.change('kv-a', { enableSoftDelete: undefined }),
      'drifted',
      /changed since the plan was made/,
    ],
    [
      'a service that refuses',
      ({ azure }) =>
        azure.inject({
          kind: 'status',
          status: 400,
          code: 'BadRequest',
          message: 'No.',
          match: { method: 'PATCH', path: /kv-a$/ },
        }),
      'failed',
      /refused the write \(BadRequest, HTTP 400\): No\./,
    ],
    [
      'conflicts without end',
      ({ azure }) =>
        azure.inject({
          kind: 'status',
          status: 409,
          code: 'ConflictError',
          message: 'changed from the point the operation began',
          match: { method: 'PATCH', path: /kv-a$/ },
          times: 100,
        }),
      'conflict',
      /Another client was changing it/,
    ],
    [
      'throttling without end',
      ({ azure }) =>
        azure.inject({ kind: 'status', status: 429, match: { method: 'PATCH', path: /kv-a$/ }, times: 100 }),
      'failed',
      /throttled/,
    ],
    [
      'an Azure that is out of order',
      ({ azure }) =>
        azure.inject({ kind: 'status', status: 503, match: { method: 'PATCH', path: /kv-a$/ }, times: 100 }),
      'failed',
      /Azure failed/,
    ],
    [
      'a change that takes no effect',
      ({ azure }) =>
        azure.inject({ kind: 'status', status: 200, body: {}, match: { method: 'PATCH', path: /kv-a$/ } }),
      'stillFailing',
      /AKV002 still fails/,
    ],
  ])('%s', async ([, meddle, outcome, words]) => {
    const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected }));
    const { plan } = await tenant.plan();
    meddle(tenant);
    const report = await tenant.apply(plan);
    expect(outcomes(report)).toEqual({ 'kv-a': outcome, 'kv-b': 'verified' });
    expect(causeOf(report, 'kv-a')).toMatch(words);
    expect(applyExitCode(report)).toBe(outcome === 'alreadyCompliant' ? 0 : 1);
    expect(tenant.properties('kv-b')['enablePurgeProtection']).toBe(true);
  });

  test('whatever somebody else changed between plan and apply is still there', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    const accessPolicies = [{ objectId: 'new', permissions: { keys: ['get'] } }];
    tenant.change('kv-a', { accessPolicies });
    await tenant.apply(plan);
    expect(tenant.properties('kv-a')['accessPolicies']).toEqual(accessPolicies);
    expect(tenant.patches()).toEqual([]);
  });

  test('a change between the reading and the sending of a conflicting write is seen, and not overwritten', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    tenant.azure.inject({
      kind: 'hook',
      run: () => tenant.change('kv-a', { accessPolicies: [{ objectId: 'new' }] }),
      match: { method: 'PATCH' },
    });
    tenant.azure.inject({
      kind: 'status',
      status: 409,
      code: 'ConflictError',
      match: { method: 'PATCH' },
    });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'drifted' });
    expect(tenant.patches()).toHaveLength(1);
  });
});

describe('trouble that passes', () => {
  test.for([
    { kind: 'status', status: 409, code: 'ConflictError' },
    { kind: 'status', status: 429 },
    { kind: 'status', status: 429, retryAfter: 7 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 401 },
    { kind: 'resetBeforeHeaders' },
  ] as const)('%o on a write: it is sent again after another look', async (fault) => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    tenant.azure.inject({ ...fault, match: { method: 'PATCH' } });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'verified' });
    expect(tenant.patches()).toHaveLength(2);
  });

  test.for([{ kind: 'resetAfterHeaders' }, { kind: 'truncatedBody' }] as const)(
    '%o of an answer: the write took effect and is not sent again',
    async (fault) => {
      const tenant = estate(aTenant({ 'kv-a': unprotected }));
      const { plan } = await tenant.plan();
      tenant.azure.inject({ ...fault, match: { method: 'PATCH' } });
      expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'verified' });
      expect(tenant.patches()).toHaveLength(1);
    },
  );

  test('a write that failed on the way back, and that ARM shows late, is not sent again', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    const { resources } = tenant.azure.tenant;
    const [body] = Array.isArray(resources) ? resources : [];
    tenant.azure.inject({ kind: 'resetAfterHeaders', match: { method: 'PATCH' } });
    tenant.azure.inject({
      kind: 'status',
      status: 200,
      body: body ?? {},
      match: { method: 'GET', path: /kv-a$/, nth: 2 },
      times: 3,
    });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'verified' });
    expect(tenant.patches()).toHaveLength(1);
  });

  test('the reading after the write is tried again', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    tenant.azure.inject({
      kind: 'status',
      status: 503,
      match: { method: 'GET', path: /kv-a$/, nth: 2 },
      times: 3,
    });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'verified' });
  });
});

describe('what Azure asks for', () => {
  test.for([
    { retryAfter: 40, waits: [40_000], outcome: 'verified' },
    { retryAfter: 3600, waits: [], outcome: 'failed' },
  ])('to wait $retryAfter s: $outcome', async ({ retryAfter, waits, outcome }) => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    tenant.azure.inject({ kind: 'status', status: 429, retryAfter, match: { method: 'PATCH' } });
    const waited: number[] = [];
    const sleep = async (ms: number): Promise<void> => void waited.push(ms);
    const report = await tenant.apply(plan, { clock: { ...fastClock, sleep } });
    expect(outcomes(report)).toEqual({ 'kv-a': outcome });
    expect(waited).toEqual(waits);
    expect(causeOf(report, 'kv-a').includes('3600 seconds')).toBe(outcome === 'failed');
  });

  test('a subscription that is read-only is no conflict that passes', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    const code = 'ReadOnlyDisabledSubscription';
    tenant.azure.inject({ kind: 'status', status: 409, code, match: { method: 'PATCH' }, times: 100 });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'failed' });
    expect(tenant.patches()).toHaveLength(1);
  });

  test('a date to wait for is read, by the clock of the answer', () => {
    const headers = new Map([
      ['date', 'Tue, 24 Nov 2026 12:00:00 GMT'],
      ['retry-after', 'Tue, 24 Nov 2026 12:00:05 GMT'],
    ]);
    expect(readQuota(503, (name) => headers.get(name)).retryAfterMs).toBe(5000);
  });
});

describe('a later run, after', () => {
  test.for([
    [400, 'alreadyCompliant'],
    [500, 'verified'],
  ] as const)('%i, finds the vault fixed: %s', async ([status, outcome]) => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    tenant.azure.inject({ kind: 'status', status, match: { method: 'PATCH' }, times: 100 });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'failed' });
    tenant.change('kv-a', { enablePurgeProtection: true });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': outcome });
  });
});

describe('a crash between a request and its answer', () => {
  const rules = shippedRules(['AKV002', 'AKV004', 'AKV006']);
  const open = { ...unprotected, enableRbacAuthorization: false };

  /** One rule of three was applied, and the journal ends with the intent. */
  async function crashed(): Promise<{ tenant: Estate; plan: Plan; journal: string }> {
    const tenant = estate(aTenant({ 'kv-a': open }), { rules });
    const { plan } = await tenant.plan();
    const journal = join(mkdtempSync(join(tmpdir(), 'purgeproof-crash-')), 'j');
    await tenant.apply(plan, {
      selection: { only: [], rules: ['AKV004'] },
      journal: journalFile(journal),
    });
    const lines = readFileSync(journal, 'utf8').trim().split('\n');
    expect(lines.at(-1)).toContain('"kind":"result"');
    writeFileSync(
      journal,
      lines
        .slice(0, -1)
        .map((line) => `${line}\n`)
        .join(''),
    );
    return { tenant, plan, journal };
  }

  test('is no drift: what is in place is not sent again, and the rest of the step is', async () => {
    const { tenant, plan, journal } = await crashed();
    const report = await tenant.apply(plan, { journal: journalFile(journal) });
    expect(outcomes(report)).toEqual({ 'kv-a': 'verified' });
    expect(
      tenant.patches().map(([, body]) => Object.keys(Object(Object(body).properties)).toSorted()),
    ).toEqual([['enableRbacAuthorization'], ['enablePurgeProtection', 'networkAcls']]);
  });

  test('is recorded as verified when that was all', async () => {
    const { tenant, plan, journal } = await crashed();
    const selection = { only: [], rules: ['AKV004'] };
    const report = await tenant.apply(plan, { selection, journal: journalFile(journal) });
    expect(causeOf(report, 'kv-a')).toMatch(/A request that was never answered has taken effect/);
    expect(readFileSync(journal, 'utf8').trim().split('\n').at(-1)).toContain('"outcome":"verified"');
    expect(tenant.patches()).toHaveLength(1);
  });

  test.for<[string, JsonObject]>([
    ['a property that no rule is about', { accessPolicies: [{ objectId: 'new' }] }],
    [
      'a property that is still to be sent',
      { networkAcls: { defaultAction: 'Allow', ipRules: [{ value: '1.2.3.4' }] } },
    ],
    ['the property that was sent', { enableRbacAuthorization: null, accessPolicies: [] }],
  ])('is drift all the same where somebody changed %s', async ([, change]) => {
    const { tenant, plan, journal } = await crashed();
    tenant.change('kv-a', change);
    expect(outcomes(await tenant.apply(plan, { journal: journalFile(journal) }))).toEqual({
      'kv-a': 'drifted',
    });
    expect(tenant.patches()).toHaveLength(1);
  });

  test('says so where other things changed, and the vault needs nothing more', async () => {
    const { tenant, plan, journal } = await crashed();
    tenant.change('kv-a', { accessPolicies: [{ objectId: 'new' }] });
    const selection = { only: [], rules: ['AKV004'] };
    const report = await tenant.apply(plan, { selection, journal: journalFile(journal) });
    expect(outcomes(report)).toEqual({ 'kv-a': 'verified' });
    expect(causeOf(report, 'kv-a')).toMatch(/Other properties have changed/);
  });
});

describe('parts of a plan', () => {
  const rules = shippedRules(['AKV002', 'AKV004', 'AKV006']);
  const open = { ...unprotected, enableRbacAuthorization: false };

  test('--only takes a step by its vault or by its own id, and leaves the others', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected, 'kv-c': unprotected }));
    const { plan } = await tenant.plan();
    const only = ['KV-A', plan.steps[1]?.id ?? ''];
    const report = await tenant.apply(plan, { selection: { only, rules: [] } });
    expect(outcomes(report)).toEqual({ 'kv-a': 'verified', 'kv-b': 'verified', 'kv-c': 'skipped' });
    expect(applyExitCode(report)).toBe(0);
  });

  test('--rule sends only what that rule asks for', async () => {
    const tenant = estate(aTenant({ 'kv-a': open }), { rules });
    const { plan } = await tenant.plan();
    const report = await tenant.apply(plan, {
      selection: { only: [], rules: ['akv004'] },
      limits: { allow: ['disruptive'], maxChanges: 1 },
    });
    expect(outcomes(report)).toEqual({ 'kv-a': 'verified' });
    expect(tenant.patches()).toEqual([['kv-a', { properties: { enableRbacAuthorization: true } }]]);
  });

  test('rule by rule, then whole: what one run verified is not taken for more than it was', async () => {
    const tenant = estate(aTenant({ 'kv-a': open }), { rules });
    const { plan } = await tenant.plan();
    const one = await tenant.apply(plan, { selection: { only: [], rules: ['AKV004'] } });
    expect(one.results[0]?.rules).toEqual([{ id: 'AKV004', verdict: 'compliant' }]);
    const two = await tenant.apply(plan, { selection: { only: [], rules: ['AKV006'] } });
    expect(outcomes(two)).toEqual({ 'kv-a': 'verified' });
    const all = await tenant.apply(plan);
    expect(outcomes(all)).toEqual({ 'kv-a': 'verified' });
    expect(tenant.patches().map(([, body]) => body)).toEqual([
      { properties: { enableRbacAuthorization: true } },
      { properties: { networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' } } },
      { properties: { enablePurgeProtection: true } },
    ]);
    expect(tenant.findings()).toEqual([]);
    await tenant.apply(plan);
    expect(tenant.patches()).toHaveLength(3);
  });

  test('a change by somebody else between two parts is drift', async () => {
    const tenant = estate(aTenant({ 'kv-a': open }), { rules });
    const { plan } = await tenant.plan();
    await tenant.apply(plan, { selection: { only: [], rules: ['AKV004'] } });
    tenant.change('kv-a', { accessPolicies: [{ objectId: 'new' }] });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'drifted' });
    expect(tenant.patches()).toHaveLength(1);
  });

  test('what was verified before is looked at again: undone since, it is told and left alone', async () => {
    const tenant = estate(aTenant({ 'kv-a': open }), { rules: shippedRules(['AKV004']) });
    const { plan } = await tenant.plan();
    await tenant.apply(plan);
    expect(causeOf(await tenant.apply(plan), 'kv-a')).toMatch(/verified on .*, and still passes/);
    tenant.change('kv-a', { enableRbacAuthorization: false });
    const report = await tenant.apply(plan);
    expect(outcomes(report)).toEqual({ 'kv-a': 'drifted' });
    expect(causeOf(report, 'kv-a')).toMatch(/AKV004 fails again/);
    expect(applyExitCode(report)).toBe(1);
    expect(tenant.patches()).toHaveLength(1);
  });

  test('--dry-run sends nothing and keeps no journal', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected }));
    const { plan } = await tenant.plan();
    tenant.change('kv-b', { accessPolicies: [{ objectId: 'new' }] });
    const folder = mkdtempSync(join(tmpdir(), 'purgeproof-dry-'));
    const report = await tenant.apply(plan, { dryRun: true, journal: journalFile(join(folder, 'j')) });
    expect(outcomes(report)).toEqual({ 'kv-a': 'skipped', 'kv-b': 'drifted' });
    expect(report.results.map(({ preview }) => preview?.risks)).toEqual([['irreversible'], undefined]);
    expect(applyExitCode(report)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
    expect(tenant.patches()).toEqual([]);
  });

  test('--dry-run says what the real run will, after part was applied', async () => {
    const tenant = estate(aTenant({ 'kv-a': open }), { rules });
    const { plan } = await tenant.plan();
    await tenant.apply(plan, { selection: { only: [], rules: ['AKV004'] } });
    expect(outcomes(await tenant.apply(plan, { dryRun: true }))).toEqual({ 'kv-a': 'skipped' });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'verified' });
  });

  test('a person is shown what would be sent of a step, and nothing else is sent', async () => {
    const tenant = estate(aTenant({ 'kv-a': open, 'kv-b': open }), { rules });
    const { plan } = await tenant.plan();
    const shown: StepResult[] = [];
    const report = await tenant.apply(plan, {
      selection: { only: [], rules: ['AKV002'] },
      confirm: async (preview) => {
        shown.push(...preview);
        return true;
      },
    });
    expect(
      shown.map(({ vault, changes, preview }) => [vault.name, changes, preview?.consequences[0]]),
    ).toEqual(
      ['kv-a', 'kv-b'].map((name) => [
        name,
        { properties: { enablePurgeProtection: true } },
        'Purge protection can never be switched off again, not even by Microsoft.',
      ]),
    );
    expect(shown.flatMap(({ preview }) => preview?.consequences ?? []).join(' ')).not.toContain('RBAC');
    expect(report.summary.verified).toBe(2);
  });

  test('a change that a person was not asked about is not sent', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected }));
    const { plan } = await tenant.plan();
    const { accessPolicies } = tenant.properties('kv-b');
    tenant.change('kv-b', { accessPolicies: [{ objectId: 'new' }] });
    const report = await tenant.apply(plan, {
      confirm: async (preview) => {
        expect(outcomes({ results: preview })).toEqual({ 'kv-a': 'skipped', 'kv-b': 'drifted' });
        tenant.change('kv-b', { accessPolicies });
        return true;
      },
    });
    expect(tenant.patches().map(([name]) => name)).toEqual(['kv-a']);
    expect(outcomes(report)).toEqual({ 'kv-a': 'verified', 'kv-b': 'conflict' });
    expect(applyExitCode(report)).toBe(1);
  });

  test('an empty plan is a success', async () => {
    const tenant = estate(aTenant({}));
    const { plan } = await tenant.plan();
    expect(applyExitCode(await tenant.apply(plan))).toBe(0);
  });
});

describe('a managed HSM whose operation is accepted', () => {
  test.for([
    { kind: 'status', status: 401, times: 2 },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 404, code: 'OperationNotFound' },
    { kind: 'resetBeforeHeaders' },
  ] as const)('and cannot be followed (%o) is not changed twice', async (fault) => {
    const tenant = estate(aTenant({}, { 'hsm-a': {} }));
    const { plan } = await tenant.plan();
    tenant.azure.inject({ ...fault, match: { path: /OperationResults/ } });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'hsm-a': 'verified' });
    expect(tenant.patches()).toHaveLength(1);
  });
});

describe('a managed HSM that Azure is still changing', () => {
  /** ARM goes on telling how the HSM was, as one that is being changed, so many times after the write. */
  function lagging(tenant: Estate, times: number): void {
    const before = tenant.azure.tenant.resources;
    const [body] = Array.isArray(before) ? before : [];
    const old = { ...body, properties: { ...Object(body?.['properties']), provisioningState: 'Updating' } };
    tenant.azure.inject({
      kind: 'status',
      status: 200,
      body: old,
      match: { method: 'GET', path: /hsm-a$/, nth: 2 },
      times,
    });
  }

  test('and whose operation cannot be followed is waited for, and not changed twice', async () => {
    const tenant = estate(aTenant({}, { 'hsm-a': {} }));
    const { plan } = await tenant.plan();
    tenant.azure.inject({ kind: 'status', status: 500, match: { path: /OperationResults/ } });
    lagging(tenant, 20);
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'hsm-a': 'verified' });
    expect(tenant.patches()).toHaveLength(1);
  });

  test('and whose operation fails for good has failed, with the id of the request', async () => {
    const tenant = estate(aTenant({}, { 'hsm-a': {} }));
    const { plan } = await tenant.plan();
    tenant.azure.inject({
      kind: 'status',
      status: 400,
      code: 'OperationNotAllowed',
      message: 'Not in its current state.',
      match: { path: /OperationResults/ },
      times: 100,
    });
    const report = await tenant.apply(plan);
    expect(outcomes(report)).toEqual({ 'hsm-a': 'failed' });
    expect(report.results[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(causeOf(report, 'hsm-a')).toContain('Not in its current state.');
    expect(tenant.patches()).toHaveLength(1);
  });

  test('and that nobody waits for any more is put down as not seen; a later run finds it', async () => {
    const tenant = estate(aTenant({}, { 'hsm-a': {} }), { hsmPolls: 1e9 });
    const { plan } = await tenant.plan();
    const controller = new AbortController();
    const run = (): void => controller.abort();
    tenant.azure.inject({ kind: 'hook', run, match: { path: /OperationResults/, nth: 5 } });
    lagging(tenant, 1);
    const report = await tenant.apply(plan, { signal: controller.signal });
    expect(outcomes(report)).toEqual({ 'hsm-a': 'sentNotVerified' });
    expect(applyExitCode(report)).toBe(3);
    expect(causeOf(report, 'hsm-a')).toMatch(/Azure accepted the change, .* was interrupted/);
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'hsm-a': 'verified' });
    expect(tenant.patches()).toHaveLength(1);
  });

  test('before anything was sent is left alone when it does not end', async () => {
    const tenant = estate(aTenant({}, { 'hsm-a': {} }));
    const { plan } = await tenant.plan();
    tenant.change('hsm-a', { provisioningState: 'Updating' });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'hsm-a': 'conflict' });
    expect(tenant.patches()).toEqual([]);
  });
});

describe('tags', () => {
  const owned = compileRule(
    aRule(
      {
        kind: 'comparison',
        operand: { kind: 'field', path: "tags['owner']" },
        operator: 'exists',
        expected: true,
      },
      { remediation: { risk: 'safe', patch: { tags: { owner: 'unknown' } } } },
    ),
    {},
  );

  function tag(tenant: Estate, tags: JsonObject): void {
    const { resources } = tenant.azure.tenant;
    if (Array.isArray(resources)) resources[0] = { ...resources[0], tags };
  }

  test('are sent whole, for ARM replaces them whole', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }), { rules: [owned] });
    tag(tenant, { env: 'prod' });
    const { plan } = await tenant.plan();
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'verified' });
    expect(tenant.patches()).toEqual([['kv-a', { tags: { env: 'prod', owner: 'unknown' } }]]);
  });

  test('that somebody else changed are not overwritten', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }), { rules: [owned] });
    tag(tenant, { env: 'prod' });
    const { plan } = await tenant.plan();
    tag(tenant, { env: 'prod', cost: '42' });
    expect(outcomes(await tenant.apply(plan))).toEqual({ 'kv-a': 'drifted' });
  });
});

describe('an interruption', () => {
  test('sees the write in flight through, journals it, and leaves the rest', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `kv-${index}`);
    const tenant = estate(aTenant(Object.fromEntries(names.map((name) => [name, unprotected]))));
    const { plan } = await tenant.plan();
    const controller = new AbortController();
    tenant.azure.inject({ kind: 'hook', run: () => controller.abort(), match: { method: 'PATCH' } });
    const report = await tenant.apply(plan, { signal: controller.signal });
    expect(applyExitCode(report)).toBe(3);
    expect(report.ending).toBe('interrupted');
    expect(report.summary.verified).toBeGreaterThan(0);
    expect(report.summary.verified + report.summary.skipped).toBe(12);
    expect(tenant.patches()).toHaveLength(report.summary.verified);

    const rest = await tenant.apply(plan);
    expect(rest.summary.verified).toBe(12);
    expect(tenant.patches()).toHaveLength(12);
  });
});
