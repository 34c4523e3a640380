import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessPolicy, endpointConnection } from '../../emulator/tenants/bodies.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import type { CompiledRule } from '../../src/rules/condition/compiled.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { rowsWanted } from '../../src/rules/kql/push-down.ts';
import { scannedTypes } from '../../src/resource-types/known-type.ts';
import { inventorySource } from '../../src/sources/inventory/inventory.ts';
import { listRules, malformedBodies, wellFormedVault } from '../rules/kql/malformed.ts';
import { runs } from '../runs.ts';
import { shippedRules } from '../shipped-rules.ts';
import { read, tenantWith } from './both-reads.ts';
import { scanSource } from './scan-estate.ts';

/** The verdicts that a report lists, those of a live scan pushed down, of a full one and of an inventory. */
async function verdictsOf(
  bodies: readonly JsonObject[],
  rules: readonly CompiledRule[],
): Promise<readonly (readonly string[])[]> {
  const tenant = tenantWith(bodies);
  const bytes = Buffer.from(JSON.stringify(bodies));
  const { isUndecided } = rowsWanted(rules, scannedTypes, { all: true });
  const inventory = inventorySource({ name: 'vaults.json', read: async () => bytes, isUndecided });
  const [pushedDown, full] = [await read(tenant, rules), await read(tenant, rules, { full: true })];
  const reports = [pushedDown.report, full.report, await scanSource(inventory, rules)];
  return reports.map(listed);
}

function listed({ findings, summary, complete }: ScanReport): readonly string[] {
  const { compliant, nonCompliant, unknown, notApplicable } = summary;
  return [
    ...findings
      .map(({ ruleId, resource, compliance }) => `${ruleId} ${resource.name} ${compliance}`)
      .toSorted(),
    JSON.stringify({ compliant, nonCompliant, unknown, notApplicable }),
    `complete: ${complete}`,
  ];
}

const approved = endpointConnection('kv-1', 'Approved');
const policy = accessPolicy('one', ['get']);
const acls = { bypass: 'AzureServices', defaultAction: 'Deny' };
const rbacOff = { enableRbacAuthorization: false };
const cases: readonly (readonly [what: string, ruleId: string, JsonObject])[] = [
  ['a connection that is null', 'AKV007', { privateEndpointConnections: [approved, null] }],
  ['a connection that is a text', 'AKV007', { privateEndpointConnections: ['Approved', approved] }],
  ['a connection whose id is a number', 'AKV007', { privateEndpointConnections: [{ ...approved, id: 7 }] }],
  [
    'a status that is a list, far down',
    'AKV007',
    {
      privateEndpointConnections: farDown({
        properties: { privateLinkServiceConnectionState: { status: ['x'] } },
      }),
    },
  ],
  ['connections as text', 'AKV007', { privateEndpointConnections: JSON.stringify([approved]) }],
  ['a policy that is a text', 'AKV005', { ...rbacOff, accessPolicies: [policy, 'purge'] }],
  [
    'permissions that are text',
    'AKV005',
    { ...rbacOff, accessPolicies: [policy, { ...policy, permissions: 'get' }] },
  ],
  ['a number in a list of texts', 'AKV005', { ...rbacOff, accessPolicies: [withKeys(['get', 7])] }],
  [
    'a text that looks like the end of one',
    'AKV005',
    { ...rbacOff, accessPolicies: [withKeys(['a",', null, '",\\'])] },
  ],
  ['a policy within a list', 'AKV005', { ...rbacOff, accessPolicies: [[policy]] }],
  ['an address rule that is null', 'AKV006', { networkAcls: { ...acls, ipRules: [null] } }],
  ['an address that is a number', 'AKV006', { networkAcls: { ...acls, ipRules: [{ value: 10.1 }] } }],
  ['a network rule that is a list', 'AKV006', { networkAcls: { ...acls, virtualNetworkRules: [[]] } }],
];

function farDown(last: Json): readonly Json[] {
  return [...Array.from({ length: 7 }, () => approved), last];
}

function withKeys(keys: readonly Json[]): JsonObject {
  return { ...policy, permissions: { keys: [...keys] } };
}

test.for(cases)('%s is unknown, however the vault is read', async ([, ruleId, properties]) => {
  const verdicts = await verdictsOf([wellFormedVault('kv-1', properties)], shippedRules([ruleId]));
  expect(verdicts[0]).toContain(`${ruleId} kv-1 unknown`);
  expect(verdicts[0]).toContain('complete: false');
  expect(verdicts[1]).toEqual(verdicts[0]);
  expect(verdicts[2]).toEqual(verdicts[0]);
});

test('a vault is judged alike pushed down, in full and from an inventory, whatever is malformed in its lists', async () => {
  const shipped = shippedRules();
  const sets = fc.oneof(
    fc.constant(shipped),
    fc
      .array(listRules, { minLength: 1, maxLength: 3 })
      .map((rules) => rules.map((rule, index) => compileRule({ ...rule, id: `ORG00${index}` }, {}))),
  );
  await fc.assert(
    fc.asyncProperty(sets, malformedBodies, async (rules, bodies) => {
      const [pushedDown, full, inventory] = await verdictsOf(bodies, rules);
      expect(pushedDown).toEqual(full);
      expect(inventory).toEqual(full);
    }),
    { numRuns: runs(100) },
  );
});
