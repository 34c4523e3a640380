import type { JsonObject } from '../../src/model/json.ts';

/** For each operator a condition that shows it, as a rule file may hold it. */
export const operatorExamples: Readonly<Record<string, JsonObject>> = {
  equals: { field: 'properties.enablePurgeProtection', equals: true },
  notEquals: { field: 'properties.publicNetworkAccess', notEquals: 'Enabled' },
  like: { field: 'name', like: 'kv-*-prod' },
  notLike: { field: 'resourceGroup', notLike: '*-sandbox' },
  match: { field: 'name', match: 'kv-???-##' },
  matchInsensitively: { field: "tags['cost center']", matchInsensitively: 'cc-####' },
  notMatch: { field: 'tags.release', notMatch: '####-##-##' },
  notMatchInsensitively: { field: 'name', notMatchInsensitively: 'tmp-####' },
  contains: { field: 'tags.owner', contains: '@example.com' },
  notContains: { field: 'name', notContains: 'test' },
  in: { field: 'location', in: ['westeurope', 'northeurope'] },
  notIn: { field: 'properties.sku.name', notIn: ['standard'] },
  containsKey: { field: 'tags', containsKey: 'owner' },
  notContainsKey: { field: 'tags', notContainsKey: 'temporary' },
  less: { field: 'tags.reviewed', less: '2027-01-01' },
  lessOrEquals: { field: 'properties.softDeleteRetentionInDays', lessOrEquals: 30 },
  greater: { field: 'properties.softDeleteRetentionInDays', greater: 7 },
  greaterOrEquals: { field: 'properties.softDeleteRetentionInDays', greaterOrEquals: 90 },
  exists: { field: 'tags.owner', exists: true },
};
