import { describe, expect, test } from 'vitest';
import { demoTenant, emulator, generateTenant, type Tenant } from '../../emulator/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { judge } from '../../src/rules/evaluate.ts';
import { isRowProblem, toResource } from '../../src/sources/rows/resource.ts';
import { shippedRules } from '../shipped-rules.ts';
import { graphClient } from './azure.ts';
import { daysUntil } from '../../src/model/days-until.ts';

async function query(tenant: Tenant, kql: string): Promise<readonly Record<string, unknown>[]> {
  const options = { resultFormat: 'objectArray', top: 1000 } as const;
  return (await graphClient(emulator(tenant, { quota: 'unlimited' })).resources({ query: kql, options }))
    .data;
}

const resourcesOf = (tenant: Tenant): JsonObject[] =>
  Array.isArray(tenant.resources) ? tenant.resources : [...tenant.resources()];

describe('the demo tenant', () => {
  test('is the same each time, and each time its own', () => {
    const [first, second] = [demoTenant(), demoTenant()];
    expect(first).toEqual(second);
    first.subscriptions[0]!.access = 'denied';
    expect(second.subscriptions[0]!.access).toBeUndefined();
  });

  test('has twelve subscriptions, one denied though listed and one disabled, below three groups', () => {
    const { subscriptions, managementGroups } = demoTenant();
    expect(subscriptions).toHaveLength(12);
    expect(subscriptions.filter((one) => one.access === 'denied' && one.listed === true)).toHaveLength(1);
    expect(subscriptions.filter((one) => one.state === 'Disabled')).toHaveLength(1);
    expect(managementGroups.filter((group) => group.parent !== undefined)).toHaveLength(3);
  });

  test('has a vault in its recycle bin that is 3 days from its purge, whenever that is', () => {
    const now = new Date('2027-05-01T08:00:00Z');
    const days = (demoTenant(now).deleted ?? []).map((one) => daysUntil(one.scheduledPurgeDate, now));
    expect(days).toEqual([3, 9, 5, 79]);
  });

  test('has valid and unique names', () => {
    const resources = resourcesOf(demoTenant());
    expect(resources.length).toBeGreaterThan(55);
    expect(new Set(resources.map((one) => JSON.stringify(one['name']).toLowerCase())).size).toBe(
      resources.length,
    );
    for (const { name } of resources) expect(name).toMatch(/^[A-Za-z](-?[A-Za-z0-9]){2,23}$/);
  });

  test.for<[what: string, condition: string]>([
    ['soft delete unset', 'isnull(properties.enableSoftDelete)'],
    ['soft delete off', 'properties.enableSoftDelete == false'],
    ['purge protection absent', 'isnull(properties.enablePurgeProtection)'],
    ['purge protection on', 'properties.enablePurgeProtection == true'],
    ['retention unset', 'isnull(properties.softDeleteRetentionInDays)'],
    ['retention of 7 days', 'properties.softDeleteRetentionInDays == 7'],
    ['retention of 30 days', 'properties.softDeleteRetentionInDays == 30'],
    ['access policies', 'properties.enableRbacAuthorization == false'],
    ['an unset permission model', 'isnull(properties.enableRbacAuthorization)'],
    ['an access policy with purge', "tostring(properties.accessPolicies) contains 'purge'"],
    ['a network that denies', "properties.networkAcls.defaultAction == 'Deny'"],
    ['a network that allows', "properties.networkAcls.defaultAction == 'Allow'"],
    ['a perimeter', "properties.publicNetworkAccess == 'SecuredByPerimeter'"],
    ['a pending endpoint', "tostring(properties.privateEndpointConnections) contains 'Pending'"],
    [
      'an HSM without purge protection',
      "type == 'microsoft.keyvault/managedhsms' and properties.enablePurgeProtection == false",
    ],
    ['a formula in a tag', "tostring(tags) contains '=HYPERLINK('"],
    ['a workflow command in a tag', "tostring(tags) contains '::error::'"],
    ['a change of direction in a tag', "tostring(tags) contains '\u202E'"],
  ])('shows %s', async ([, condition]) => {
    expect(await query(demoTenant(), `resources | where ${condition} | project id`)).not.toEqual([]);
  });
});

describe('a generated tenant', () => {
  test.for<[vaults: number, failing: number, expected: number]>([
    [1000, 0, 0],
    [1000, 0.01, 10],
    [999, 0.1, 99],
    [50, 1, 50],
  ])('of %d vaults of which %d fail has %d failing', async ([vaults, failing, expected]) => {
    const tenant = generateTenant({ subscriptions: 7, vaults, failing });
    const kql = 'resources | summarize n = count(), bad = countif(properties.enablePurgeProtection != true)';
    expect(await query(tenant, kql)).toEqual([{ n: vaults, bad: expected }]);
  });

  test('is the same for the same seed only', () => {
    const first = (seed: string): JsonObject | undefined =>
      resourcesOf(generateTenant({ subscriptions: 2, vaults: 3, failing: 0, seed }))[0];
    expect(first('a')).toEqual(first('a'));
    expect(first('a')?.['id']).not.toEqual(first('b')?.['id']);
  });

  test('gives only the subscriptions asked for', async () => {
    const tenant = generateTenant({ subscriptions: 4, vaults: 100, failing: 0 });
    const wanted = tenant.subscriptions[2]!.id;
    const rows = await query(tenant, `resources | where subscriptionId == '${wanted}' | count`);
    expect(rows).toEqual([{ Count: 25 }]);
    expect(
      typeof tenant.resources === 'function' ? [...tenant.resources(new Set([wanted]))] : [],
    ).toHaveLength(25);
  });
});

test('of a generated tenant exactly the failing vaults fail a shipped rule', () => {
  const rules = shippedRules().filter(({ appliesTo }) => appliesTo('Microsoft.KeyVault/vaults'));
  const failed = resourcesOf(generateTenant({ subscriptions: 3, vaults: 100, failing: 0.1 }))
    .map(toResource)
    .flatMap((resource) => {
      if (isRowProblem(resource)) throw new Error(resource.problem);
      const verdicts = rules.map((rule) => [rule.rule.id, judge(rule, resource)] as const);
      expect(verdicts.map(([, verdict]) => verdict)).not.toContain('unknown');
      const failing = verdicts.filter(([, verdict]) => verdict === 'nonCompliant');
      return failing.length === 0 ? [] : [failing.map(([id]) => id)];
    });
  expect(failed).toEqual(Array.from({ length: 10 }, () => ['AKV002', 'AKV003']));
});
