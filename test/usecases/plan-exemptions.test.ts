import { describe, expect, test } from 'vitest';
import type { Tenant, TenantSubscription } from '../../emulator/index.ts';
import type { Exemption } from '../../src/model/exemption.ts';
import type { ResourceScope } from '../../src/model/resource-scope.ts';
import type { Finding } from '../../src/model/finding.ts';
import { planExitCode } from '../../src/usecases/plan.ts';
import { aTenant, type Estate, estate } from './estate.ts';

const unprotected = { enableSoftDelete: true, softDeleteRetentionInDays: 90 };

function anExemption(scope: ResourceScope, rest: Partial<Exemption> = {}): Exemption {
  return {
    rule: 'AKV002',
    scope,
    category: 'waiver',
    reason: 'accepted',
    expiresOn: '2026-12-31',
    location: { file: 'exemptions.yaml', line: 3, column: 1 },
    ...rest,
  };
}

/** Findings as a report has them when they were exempt until a day. */
function exemptUntil(tenant: Estate, expiresOn: string): readonly Finding[] {
  const exemption = { category: 'waiver', reason: 'accepted', expiresOn } as const;
  return tenant
    .findings()
    .map((finding) => Object.assign({}, finding, { compliance: 'exempt', exemption } as const));
}

describe('what was exempt when it was scanned', () => {
  test.for([
    ['2026-11-23', 1, 'is planned once the exemption has run out'],
    ['2026-11-24', 0, 'is left alone on the last day'],
  ] as const)('%s: %i steps: %s', async ([expiresOn, steps]) => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan({ findings: exemptUntil(tenant, expiresOn) });
    expect(plan.steps).toHaveLength(steps);
  });

  test('is left alone where the exemption was prolonged', async () => {
    const tenant = estate(aTenant({ 'kv-a': unprotected }));
    const { plan } = await tenant.plan({
      findings: exemptUntil(tenant, '2026-11-23'),
      exemptions: [anExemption({ name: 'kv-a' })],
    });
    expect(plan.steps).toEqual([]);
  });
});

/** A subscription two groups below the root, as the identity sees it. */
function inGroups(access: Partial<TenantSubscription> = {}): Tenant {
  const tenant = aTenant({ 'kv-a': unprotected });
  tenant.managementGroups = [
    { id: 'root', displayName: 'Root' },
    { id: 'mg-payments', displayName: 'Payments', parent: 'root' },
  ];
  tenant.subscriptions = tenant.subscriptions.map((one) =>
    Object.assign({}, one, { name: 'prod', managementGroup: 'mg-payments' }, access),
  );
  return tenant;
}

/** Rights on the group of the vault alone: the vault can be read, and not what is above it. */
const hidden = { access: 'resourceGroups', readableResourceGroups: ['rg'] } as const;

describe('an exemption that depends on the subscription', () => {
  test.for<[string, Partial<TenantSubscription>, ResourceScope, number, number]>([
    ['for a group above it covers', {}, { managementGroup: 'ROOT' }, 0, 0],
    ['for the name of it covers', {}, { subscription: 'Prod' }, 0, 0],
    ['for another group does not', {}, { managementGroup: 'mg-lab' }, 1, 0],
    ['for another name does not', {}, { subscription: 'lab' }, 1, 0],
    ['for a group may cover what cannot be looked up', hidden, { managementGroup: 'mg-lab' }, 0, 3],
    ['for a name may cover what cannot be looked up', hidden, { subscription: 'lab' }, 0, 3],
    ['for another vault cannot', hidden, { managementGroup: 'root', name: 'kv-b' }, 1, 0],
    ['for another id cannot', hidden, { subscription: '22222222-2222-4222-8222-222222222222' }, 1, 0],
  ])('%s', async ([, access, scope, steps, code]) => {
    const tenant = estate(inGroups(access));
    const result = await tenant.plan({ exemptions: [anExemption(scope)] });
    expect(result.plan.steps).toHaveLength(steps);
    expect(planExitCode(result, true)).toBe(code || steps);
    const told = result.unreadable.map(({ reason }) => reason).join('\n');
    expect(told).toMatch(code === 3 ? /^AKV002 was not planned: .* exemptions\.yaml:3 may cover it/ : /^$/);
  });

  test('that has run out, or is about another rule, does not matter', async () => {
    const tenant = estate(inGroups(hidden));
    const scope = { managementGroup: 'root' };
    const exemptions = [
      anExemption(scope, { expiresOn: '2026-11-23' }),
      anExemption(scope, { rule: 'AKV006' }),
    ];
    const { plan, unreadable } = await tenant.plan({ exemptions });
    expect(plan.steps).toHaveLength(1);
    expect(unreadable).toEqual([]);
  });

  test('leaves the vault alone where Resource Graph refuses to answer', async () => {
    const tenant = estate(inGroups());
    tenant.azure.inject({ kind: 'status', status: 403, match: { path: /ResourceGraph/ }, times: 99 });
    const result = await tenant.plan({ exemptions: [anExemption({ managementGroup: 'root' })] });
    expect(result.plan.steps).toEqual([]);
    expect(result.unreadable).toHaveLength(1);
  });

  test('costs one question for all vaults, and none where no exemption asks', async () => {
    const renamed = {
      ...inGroups(),
      resources: aTenant({ 'kv-a': unprotected, 'kv-b': unprotected }).resources,
    };
    const tenant = estate(renamed);
    const asked = () => tenant.azure.requests.filter(({ path }) => path.includes('ResourceGraph')).length;
    await tenant.plan({ exemptions: [anExemption({ name: 'kv-x' })] });
    expect(asked()).toBe(0);
    await tenant.plan({ exemptions: [anExemption({ managementGroup: 'mg-lab' })] });
    expect(asked()).toBe(1);
  });
});
