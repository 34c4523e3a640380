import { describe, expect, test } from 'vitest';
import { demoTenant, type Tenant } from '../../emulator/index.ts';
import type { Condition } from '../../src/model/rule.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { scannedTypes } from '../../src/resource-types/known-type.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { pushDown } from '../../src/rules/kql/push-down.ts';
import { snapshotQuery, rowsQuery } from '../../src/sources/live/query.ts';
import { liveSource } from '../../src/sources/live.ts';
import { estate } from '../azure/estate.ts';
import { aRule, aVault } from '../build.ts';
import { problemsIn } from '../rules/kql/graph.ts';
import { shippedRules } from '../shipped-rules.ts';
import { listen } from '../sources/source-contract.ts';
import { read, readBoth, tenantWith } from './both-reads.ts';

const shipped = shippedRules();

describe('a pushed-down read reports what a full read does', () => {
  test.for([
    ['all shipped rules', shipped] as const,
    ...shipped.map((rule) => [`${rule.rule.id} alone`, [rule]] as const),
    ['retention of 30 days', shippedRules(['AKV003', 'AKV102'], { minimumRetentionDays: 30 })] as const,
    ['unset counted as off', shippedRules(['AKV001'], { treatUnsetAs: 'nonCompliant' })] as const,
  ])('%s', async ([, rules]) => {
    const [full, filtered] = await readBoth(demoTenant(), rules);
    expect(filtered).toEqual(full);
  });
});

const connections = 'properties.privateEndpointConnections[*]';

/** No connection has a status. */
const noStatus: Condition = {
  kind: 'comparison',
  operand: {
    kind: 'count',
    field: connections,
    where: {
      kind: 'comparison',
      operand: { kind: 'field', path: `${connections}.properties.privateLinkServiceConnectionState.status` },
      operator: 'exists',
      expected: true,
    },
  },
  operator: 'equals',
  expected: 0,
};

describe('what a scan reads otherwise than Resource Graph stores it', () => {
  const policy = (permissions: Json): JsonObject => ({ permissions });
  const connected = (
    element: JsonObject,
  ): { readonly privateEndpointConnections: readonly JsonObject[] } => ({
    privateEndpointConnections: [element],
  });
  const approved = { properties: { privateLinkServiceConnectionState: { status: 'Approved' } } };
  test.for<readonly [string, JsonObject]>([
    ['AKV001', { EnableSoftDelete: false }],
    ['AKV002', { ENABLEPURGEPROTECTION: false }],
    ['AKV003', { SoftDeleteRetentionInDays: 7 }],
    ['AKV005', { enableRbacAuthorization: false, AccessPolicies: [policy({ keys: ['purge'] })] }],
    ['AKV005', { enableRbacAuthorization: false, accessPolicies: [policy({ Keys: ['purge'] })] }],
    ['AKV006', { networkAcls: { DefaultAction: 'Allow' } }],
    ['AKV007', connected({ Properties: { privateLinkServiceConnectionState: { status: 'Approved' } } })],
    ['AKV001', { enableSoftDelete: true, TenantId: 'one', tenantId: 'two' }],
  ])('%s of %j', async ([id, properties]) => {
    const tenant = tenantWith([{ ...aVault({}).body, properties }]);
    const [full, filtered] = await readBoth(tenant, shippedRules([id]));
    expect(filtered).toEqual(full);
  });

  const flattened = { id: 'x', privateLinkServiceConnectionState: { status: 'Approved' } };
  const nested = { id: 'y', properties: { privateLinkServiceConnectionState: { status: 'Pending' } } };
  test.for<readonly Json[]>([
    [flattened],
    [
      { id: 'y', properties: {} },
      { ...flattened, properties: null },
    ],
  ])('private endpoints that are flattened: %j', async (privateEndpointConnections) => {
    const rules = [compileRule(aRule(noStatus), {})];
    const tenant = tenantWith([
      { ...aVault({ privateEndpointConnections: [...privateEndpointConnections] }).body },
    ]);
    const [full, filtered] = await readBoth(tenant, rules);
    expect(filtered).toEqual(full);
  });

  const acls = (networkAcls: Json): JsonObject => ({ networkAcls });
  /** A vault that passes every shipped rule. */
  const soundly: JsonObject = {
    enableSoftDelete: true,
    enablePurgeProtection: true,
    enableRbacAuthorization: true,
    publicNetworkAccess: 'Disabled',
    ...connected(approved),
  };
  const oddities: readonly JsonObject[] = [
    { accessPolicies: { a: 1 } },
    { accessPolicies: '[]' },
    { accessPolicies: '' },
    { accessPolicies: [policy('keys')] },
    { accessPolicies: [policy({}), null] },
    { accessPolicies: [policy({ keys: ['get', null] })] },
    { accessPolicies: [policy({ keys: { get: true } })] },
    acls('x'),
    acls([]),
    acls({ ipRules: 'none' }),
    acls({ ipRules: ['10.0.0.0/8'] }),
    acls({ virtualNetworkRules: {} }),
    { privateEndpointConnections: ['x'] },
    { privateEndpointConnections: { properties: {} } },
  ];

  test.for(oddities)('what no rule reads is no gap: %j', async (odd) => {
    const tenant = tenantWith([aVault({ enablePurgeProtection: true, ...odd }).body]);
    const [full, filtered] = await readBoth(tenant, shippedRules(['AKV002']));
    expect(filtered).toEqual(full);
    expect(full).toMatchObject({ complete: true });
  });

  test.for(oddities)('all shipped rules make the same of a vault that is sound but for %j', async (odd) => {
    const [full, filtered] = await readBoth(tenantWith([aVault({ ...soundly, ...odd }).body]), shipped);
    expect(filtered).toEqual(full);
  });

  test.for<readonly [string, JsonObject]>([
    ['AKV005', { accessPolicies: { a: 1 } }],
    ['AKV005', { accessPolicies: '[]' }],
    ['AKV005', { accessPolicies: '' }],
    ['AKV006', acls('x')],
    ['AKV006', acls([])],
    ['AKV007', { privateEndpointConnections: ['x'] }],
    ['AKV007', { privateEndpointConnections: { properties: {} } }],
  ])(
    'a value of another type than Azure writes is unknown where a rule reads it: %s of %j',
    async ([id, odd]) => {
      const [full, filtered] = await readBoth(tenantWith([aVault(odd).body]), shippedRules([id]));
      expect(filtered).toEqual(full);
      expect(full).toMatchObject({ complete: false, summary: { unknown: 1 } });
    },
  );

  test('a network rule set that is no object is unknown to a rule that forbids a value of it', async () => {
    const forbidsAllow: Condition = {
      kind: 'comparison',
      operand: { kind: 'field', path: 'properties.networkAcls.defaultAction' },
      operator: 'notEquals',
      expected: 'Allow',
    };
    const [full, filtered] = await readBoth(tenantWith([aVault(acls('x')).body]), [
      compileRule(aRule(forbidsAllow), {}),
    ]);
    expect(filtered).toEqual(full);
    expect(full).toMatchObject({ summary: { unknown: 1 } });
  });

  test.for<readonly [string, JsonObject]>([
    ['AKV002', { enablePurgeProtection: true, enablepurgeprotection: false }],
    ['AKV002', { EnablePurgeProtection: true, enablePurgeProtection: true }],
    ['AKV003', { softDeleteRetentionInDays: 90, SoftDeleteRetentionInDays: 7 }],
    ['AKV004', { enableRbacAuthorization: true, ENABLERBACAUTHORIZATION: [] }],
    ['AKV006', { publicNetworkAccess: 'Disabled', PublicNetworkAccess: 'Enabled' }],
    ['AKV006', { ...acls({ defaultAction: 'Deny' }), NetworkAcls: { defaultAction: 'Allow' } }],
    ['AKV007', { privateEndpointConnections: [nested], privateendpointconnections: [] }],
  ])('a second spelling of a property is for the evaluator: %s of %j', async ([id, odd]) => {
    const [full, filtered] = await readBoth(tenantWith([aVault(odd).body]), shippedRules([id]));
    expect(filtered).toEqual(full);
  });

  test.for<JsonObject>([{ name: 'kv-other' }, { name: '' }])('a row at odds with its id: %j', async (odd) => {
    const tenant = tenantWith([{ ...aVault({ enablePurgeProtection: true }).body, ...odd }]);
    const [full, filtered] = await readBoth(tenant, shippedRules(['AKV002']));
    expect(filtered).toEqual(full);
  });

  test('a vault as Azure writes it is not handed over', async () => {
    const permissions = { keys: ['get'], secrets: [], certificates: null };
    const ordinary = aVault({
      enablePurgeProtection: true,
      accessPolicies: [{ tenantId: 'x', objectId: 'a "b"', permissions }, {}, { ...policy(permissions) }],
      networkAcls: {
        bypass: 'None',
        defaultAction: 'Deny',
        ipRules: [{ value: '1.2.3.4' }],
        virtualNetworkRules: [],
      },
      privateEndpointConnections: [
        { ...nested, etag: 'W/"1"' },
        { properties: { privateEndpoint: { id: 'x' }, provisioningState: 'Succeeded' }, name: 'z' },
      ],
    });
    const { estate: azure, report } = await read(tenantWith([ordinary.body]), shippedRules(['AKV002']));
    expect(report.summary).toMatchObject({ resources: 1 });
    expect(azure.graphRequests().filter(({ query }) => query.includes('| project id, name, type'))).toEqual(
      [],
    );
  });

  test('a column with two spellings of a name', async () => {
    const body = {
      ...aVault({ enablePurgeProtection: true }).body,
      sku: { name: 'standard', Name: 'premium' },
    };
    const [full, filtered] = await readBoth(tenantWith([body]), shippedRules(['AKV002']));
    expect(filtered).toEqual(full);
  });

  test('binds in the official language service, and stays short', () => {
    const query = { types: scannedTypes, pushedDown: pushDown(shipped, scannedTypes) };
    const queries = [snapshotQuery(query), rowsQuery(query)];
    expect(queries.flatMap(problemsIn)).toEqual([]);
    for (const { length } of queries) expect(length).toBeLessThanOrEqual(2000);
  });

  test('no regular expression runs over a whole column', () => {
    const queries = [undefined, ...shipped.map(({ rule }) => [rule.id])].map((ids) => {
      const rules = shippedRules(ids);
      return snapshotQuery({ types: scannedTypes, pushedDown: pushDown(rules, scannedTypes) });
    });
    for (const query of queries)
      expect(query).not.toMatch(/tostring\((properties|tags|sku|identity)\) matches/);
  });
});

describe('inside Resource Graph', () => {
  test('only vaults that may fail are handed over', async () => {
    const { estate: azure, report } = await read(demoTenant(), shippedRules(['AKV001']));
    const rows = azure
      .graphRequests()
      .filter(({ query }) => query.includes('| project id, name, type, location'));
    expect(rows).toHaveLength(1);
    expect(report.findings).toHaveLength(3);
    expect(report.summary).toMatchObject({ resources: 55 });
  });

  test.for([
    ['count', /extend kept/, 400],
    ['count', /extend kept/, 413],
    ['count', /extend kept/, 422],
    ['count', /extend kept/, 500],
    ['rows', /enablePurgeProtection.*project id, name, type, location/, 400],
    ['rows', /enablePurgeProtection.*project id, name, type, location/, 413],
  ] as const)('a filter whose %s is refused gives way to a full read: %s %i', async ([, query, status]) => {
    const refuse = { match: { query }, times: 99, kind: 'status', status } as const;
    const { report, estate: azure } = await read(demoTenant(), shipped, {
      prepare: ({ azure: { inject } }) => inject(refuse),
    });
    const { report: full } = await read(demoTenant(), shipped, { full: true });
    expect(report.findings).toEqual(full.findings);
    expect(report.summary).toEqual(full.summary);
    expect(report.coverage.subscriptions).toEqual(full.coverage.subscriptions);
    expect(report.unreadable).not.toEqual([]);
    expect(report.unreadable).toEqual(full.unreadable);
    expect(azure.graphRequests().some(({ query }) => query.includes('checksum = sum(hash('))).toBe(true);
  });

  test('gaps that only show after a filter was refused are told', async () => {
    const tenant = demoTenant();
    const hide = (name: string): void => {
      const found = tenant.subscriptions.find((one) => one.name === name);
      if (found !== undefined) Object.assign(found, { access: 'denied', listed: false });
    };
    const match = { query: /enablePurgeProtection.*project id, name, type, location/ };
    const { report } = await read(tenant, shipped, {
      subscriptions: ['platform-management', 'platform-identity'],
      prepare: ({ azure: { inject } }) => {
        inject({ match, kind: 'hook', run: () => hide('platform-management') });
        inject({ match, times: 99, kind: 'status', status: 400 });
      },
    });
    expect(report.complete).toBe(false);
    const hidden = tenant.subscriptions.find(({ name }) => name === 'platform-management')?.id;
    expect(report.unreadable).toMatchObject([
      { scope: `/subscriptions/${hidden}`, reason: expect.stringContaining('is not visible any more') },
    ]);
  });

  test('counts that do not add up give way to a full read', async () => {
    const azure = estate(demoTenant(), { quota: 'unlimited' });
    const pushedDown = { where: 'properties.nowhere == properties.nowhere', tallies: [] };
    const query = { types: scannedTypes, pushedDown };
    const { resources } = await listen(
      liveSource({ connection: azure.connection, subscriptions: [], managementGroups: [], query }),
    );
    expect(resources).toHaveLength(55);
  });

  test.for([
    ['before it is read', /\| project id, name, type, location/, 1, 0],
    ['after it was counted as sound', /summarize/, 2, 1],
  ] as const)('a vault that goes bad %s is found, and counted once', async ([, query, nth, retries]) => {
    const tenant = demoTenant();
    const spoil = { match: { query, nth }, kind: 'hook', run: spoilOne } as const;
    const { report } = await read(tenant, shippedRules(['AKV001']), {
      prepare: ({ azure: { inject } }) => inject(spoil),
    });
    const { report: after } = await read(tenant, shippedRules(['AKV001']), { full: true });
    expect(report.findings).toHaveLength(4);
    expect(report).toMatchObject({ findings: after.findings, summary: after.summary });
    expect(report.coverage.retries).toBe(retries);
  });
});

/** Switches soft delete of the first vault that has it on off. */
function spoilOne(tenant: Tenant): void {
  const { resources } = tenant;
  if (typeof resources === 'function') throw new Error('the demo tenant has a list of resources');
  const texts = resources.map((body) => JSON.stringify(body));
  const index = texts.findIndex(
    (text) => text.includes('/vaults"') && text.includes('"enableSoftDelete":true'),
  );
  const spoiled = texts[index]?.replace('"enableSoftDelete":true', '"enableSoftDelete":false') ?? '';
  resources[index] = JSON.parse(spoiled);
}
