import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { managedHsm } from '../../../src/resource-types/managed-hsm.ts';
import { vault } from '../../../src/resource-types/vault.ts';
import type { CompiledRule } from '../../../src/rules/condition/compiled.ts';
import { judge } from '../../../src/rules/evaluate.ts';
import { shorterNames } from '../../../src/rules/kql/literal.ts';
import { compilePrefilter } from '../../../src/rules/kql/prefilter.ts';
import { rowsWanted, prefilterQuery } from '../../../src/rules/kql/push-down.ts';
import { scannedTypes } from '../../../src/resource-types/known-type.ts';
import { snapshotQuery } from '../../../src/sources/live/query.ts';
import { subscriptionId } from '../../build.ts';
import { idsGivenBy, problemsIn, store, type StoredResource } from './graph.ts';
import { shippedRules } from '../../shipped-rules.ts';

const size = 1000;
const everyHundredth = (index: number): boolean => index % 100 === 7;

describe('the filter of the shipped rules', () => {
  const rules = shippedRules().filter(({ rule }) =>
    rule.resourceTypes.some((type) => scannedTypes.includes(type)),
  );

  test('is one query that a person can read', async () => {
    await expect(prefilterQuery(rules)).toMatchFileSnapshot('golden/shipped.kql');
  });

  test('stays short', () => {
    const query = { types: scannedTypes, ...rowsWanted(rules, scannedTypes, { all: false }) };
    expect(snapshotQuery(query).length).toBeLessThanOrEqual(2000);
  });

  test('binds in the official language service, together and rule by rule', () => {
    const filters = [rules, ...rules.map((rule) => [rule])].map(compilePrefilter);
    const queries = [
      prefilterQuery(rules),
      ...filters.map(({ predicate }) => `resources | ${shorterNames} | where ${predicate}`),
    ];
    expect(queries.flatMap(problemsIn)).toEqual([]);
  });

  test('keeps exactly the failing 1 % of an estate, for each rule', () => {
    const figures = rules.map((rule) => {
      const { id } = rule.rule;
      const estate = estateOf((index) => ({
        ...inForce[id],
        ...(everyHundredth(index) ? spoilt[id] : {}),
      }));
      const failing = failingIn(estate, [rule]);
      const { predicate } = compilePrefilter([rule]);
      const kept = idsGivenBy(`resources | ${shorterNames} | where ${predicate}`, estate);
      expect(kept).toEqual(failing);
      return [rule.rule.id, kept.size];
    });
    expect(figures).toEqual(rules.map(({ rule }) => [rule.id, size / 100]));
  });

  test('keeps exactly the failing 1 % of an estate, for all rules', () => {
    const all = Object.values(spoilt);
    const estate = estateOf((index) =>
      everyHundredth(index) ? all[((index / 100) % all.length) | 0] : undefined,
    );
    const failing = failingIn(estate, rules);
    expect(idsGivenBy(prefilterQuery(rules), estate)).toEqual(failing);
    expect(estate.length / failing.size).toBeGreaterThanOrEqual(20);
  });
});

/** How a resource that passes is made to fail a rule; a shipped rule that is not here fails the test above. */
const spoilt: Readonly<Record<string, JsonObject>> = {
  AKV001: { enableSoftDelete: false },
  AKV002: { enablePurgeProtection: null },
  AKV003: { softDeleteRetentionInDays: 30 },
  AKV004: { enableRbacAuthorization: false },
  AKV005: {
    enableRbacAuthorization: false,
    accessPolicies: [policy(['get', 'list']), policy(['all', 'Purge'])],
  },
  AKV006: {
    publicNetworkAccess: 'Enabled',
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' },
  },
  AKV007: { privateEndpointConnections: [connection('Pending'), connection('Rejected')] },
  AKV101: { enablePurgeProtection: false },
  AKV102: { softDeleteRetentionInDays: 7 },
};

/** What makes a rule apply to every resource of the estate. */
const inForce: Readonly<Record<string, JsonObject>> = { AKV005: { enableRbacAuthorization: false } };

function failingIn(estate: readonly StoredResource[], rules: readonly CompiledRule[]): ReadonlySet<unknown> {
  const failing = estate.filter(({ resource }) =>
    rules.some((rule) => rule.appliesTo(resource.type) && judge(rule, resource) === 'nonCompliant'),
  );
  return new Set(failing.map(({ resource }) => resource.id));
}

/** Vaults and managed HSMs by turns, all passing, but for what is spoilt of some. */
function estateOf(spoiltAt: (index: number) => JsonObject | undefined): readonly StoredResource[] {
  const bodies = Array.from({ length: size * 2 }, (_, index) => {
    const type = index % 2 === 0 ? vault.type : managedHsm.type;
    const name = `kv-${index}`;
    const id = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/${type}/${name}`;
    const properties = { ...passing(index), ...spoiltAt(index >> 1) };
    return { id, name, type, location: 'westeurope', tags: { owner: 'payments' }, properties };
  });
  return store(bodies);
}

function passing(index: number): JsonObject {
  const policies = Array.from({ length: index % 12 }, () => policy(['get', 'list', 'all', 'recover']));
  const before = Array.from({ length: index % 3 }, () => connection('Pending'));
  return {
    enableSoftDelete: true,
    enablePurgeProtection: true,
    ...(index % 3 === 0 ? {} : { softDeleteRetentionInDays: 90 }),
    enableRbacAuthorization: true,
    accessPolicies: policies,
    publicNetworkAccess: index % 4 === 0 ? 'disabled' : 'Enabled',
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
    privateEndpointConnections: [...before, connection('Approved')],
  };
}

function policy(secrets: readonly string[]): JsonObject {
  const permissions = { keys: ['get', 'unwrapKey'], secrets, certificates: ['list'], storage: [] };
  return { tenantId: subscriptionId, objectId: subscriptionId, permissions };
}

function connection(status: string): JsonObject {
  return {
    id: '/subscriptions/x/privateEndpointConnections/pe',
    properties: {
      provisioningState: 'Succeeded',
      privateLinkServiceConnectionState: { status, description: 'purge approved' },
    },
  };
}
