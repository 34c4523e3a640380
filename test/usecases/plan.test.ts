import { describe, expect, test } from 'vitest';
import type { Exemption } from '../../src/model/exemption.ts';
import type { Tenant } from '../../emulator/index.ts';
import { parsePlan } from '../../src/remediation/plan-file.ts';
import { planExitCode } from '../../src/usecases/plan.ts';
import { shippedRules } from '../shipped-rules.ts';
import { aTenant, estate, vaultId } from './estate.ts';
import { planFileText } from '../build.ts';

const unprotected = { enableSoftDelete: true, softDeleteRetentionInDays: 90 };

describe('a plan', () => {
  test('is a file of the published shape, valid for a day, for the tenant of the token', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan();
    expect(plan).toMatchObject({
      schemaVersion: '1.0',
      createdAt: '2026-11-24T12:00:00.000Z',
      expiresAt: '2026-11-25T12:00:00.000Z',
      tenantId: tenant.azure.tenant.tenantId,
      manual: [],
    });
    expect(parsePlan(new TextEncoder().encode(planFileText(plan)), 'plan.json')).toEqual(plan);
    expect(planExitCode({ plan, unreadable: [], gone: [], heldBack: 0 }, true)).toBe(1);
  });

  test('is made from what ARM says now, not from what was found', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected, 'kv-c': unprotected }));
    const findings = tenant.findings();
    tenant.change('kv-a', { enablePurgeProtection: true });
    tenant.remove('kv-b');
    tenant.change('kv-c', { softDeleteRetentionInDays: undefined });
    const { plan, unreadable, gone } = await tenant.plan({ findings });
    expect(plan.steps.map(({ vault }) => vault.name)).toEqual(['kv-c']);
    expect(plan.steps[0]?.consequences.join()).toContain('90 days');
    expect(unreadable).toEqual([]);
    expect(gone).toEqual([vaultId('kv-b')]);
  });

  test('holds nothing for accepted risks, nor for rules that were not selected', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected }), {
      rules: shippedRules(['AKV002', 'AKV006']),
    });
    const exemptions: readonly Exemption[] = [
      {
        rule: 'AKV002',
        scope: { name: 'kv-a' },
        category: 'waiver',
        expiresOn: '2099-12-31',
        reason: 'accepted',
        location: { file: 'e.yaml', line: 1, column: 1 },
      },
    ];
    const { plan } = await tenant.plan({ exemptions });
    expect(plan.steps.map(({ vault, rules }) => [vault.name, rules.map(({ id }) => id)])).toEqual([
      ['kv-a', ['AKV006']],
      ['kv-b', ['AKV002', 'AKV006']],
    ]);
    const { plan: narrow } = await tenant.plan({ rules: shippedRules(['AKV002']) });
    expect(narrow.steps.flatMap(({ rules }) => rules.map(({ id }) => id))).toEqual(['AKV002', 'AKV002']);
  });

  test('with nothing to do is empty: exit code 0', async () => {
    const tenant = estate(aTenant({ 'kv-a': { ...unprotected, enablePurgeProtection: true } }));
    const result = await tenant.plan();
    expect(result.plan.steps).toEqual([]);
    expect(planExitCode(result, true)).toBe(0);
    expect(planExitCode(result, false)).toBe(3);
  });

  test('looks again at what the scan could not judge', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const findings = tenant
      .findings()
      .map((finding) => Object.assign({}, finding, { compliance: 'unknown' }));
    const { plan } = await tenant.plan({ findings });
    expect(plan.steps).toHaveLength(1);
  });
});

describe('a vault that cannot be read', () => {
  test.for<[string, Parameters<ReturnType<typeof estate>['azure']['inject']>[0], RegExp]>([
    [
      'is denied',
      { kind: 'status', status: 403, times: 9 },
      /right Microsoft\.KeyVault\/vaults\/read is missing/,
    ],
    ['does not answer', { kind: 'resetBeforeHeaders', times: 9 }, /No answer came from Azure/],
    ['is throttled without end', { kind: 'status', status: 429, times: 9 }, /throttled/],
    ['answers nonsense', { kind: 'status', status: 200, body: ['?'], times: 9 }, /not a resource/],
    [
      'is in a subscription that cannot be seen',
      { kind: 'status', status: 404, code: 'SubscriptionNotFound', times: 9 },
      /is not visible/,
    ],
  ])('%s: it is unreadable, exit code 3', async ([, fault, words]) => {
    const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected }));
    tenant.azure.inject({ ...fault, match: { path: /kv-a$/ } });
    const result = await tenant.plan();
    expect(result.plan.steps.map(({ vault }) => vault.name)).toEqual(['kv-b']);
    expect(result.unreadable).toMatchObject([{ scope: vaultId('kv-a'), kind: 'resource' }]);
    expect(result.unreadable[0]?.reason).toMatch(words);
    expect(planExitCode(result, true)).toBe(3);
  });

  test('but is readable a moment later is planned', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    tenant.azure.inject({ kind: 'status', status: 503, times: 4, match: { path: /kv-a$/ } });
    expect((await tenant.plan()).plan.steps).toHaveLength(1);
  });

  test('because the user stopped is told as interrupted', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const controller = new AbortController();
    controller.abort();
    const result = await tenant.plan({ signal: controller.signal });
    expect(result.unreadable).toMatchObject([{ kind: 'interrupted' }]);
    expect(planExitCode(result, true)).toBe(3);
  });
});

describe('preconditions', () => {
  const scope = vaultId('kv-a').replace(/\/providers.*/, '');
  test.for<[string, Partial<Tenant>, readonly string[]]>([
    ['nothing is in the way', {}, []],
    [
      'a ReadOnly lock on the group',
      { locks: [{ scope, name: 'keep', level: 'ReadOnly' }] },
      ['readOnlyLock'],
    ],
    [
      'a lock against deletion is not in the way',
      { locks: [{ scope, name: 'keep', level: 'CanNotDelete' }] },
      [],
    ],
    [
      'a lock elsewhere is not in the way',
      { locks: [{ scope: `${scope}-2`, name: 'keep', level: 'ReadOnly' }] },
      [],
    ],
    [
      'no right to write',
      { missingRights: [{ scope, action: 'Microsoft.KeyVault/vaults/write' }] },
      ['missingPermission'],
    ],
    [
      'what cannot be looked at is said',
      {
        missingRights: [
          { scope: scope.replace(/\/resourceGroups.*/, ''), action: 'Microsoft.Authorization/locks/read' },
          { scope, action: 'Microsoft.Authorization/permissions/read' },
        ],
      },
      ['notChecked', 'notChecked'],
    ],
  ])('%s', async ([, changes, kinds]) => {
    const tenant = estate({ ...aTenant({ 'kv-a': unprotected }), ...changes });
    const { plan } = await tenant.plan();
    expect(plan.steps[0]?.preconditions.map(({ kind }) => kind)).toEqual(kinds);
  });
});
