import { describe, expect, test } from 'vitest';

import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { isRowProblem, toResource } from '../../src/sources/rows/resource.ts';

const id = '/subscriptions/s-1/resourceGroups/rg-1/providers/Microsoft.KeyVault/vaults/kv-1';
const type = 'microsoft.keyvault/vaults';

function resource(row: JsonObject): Resource {
  const read = toResource(row);
  if (isRowProblem(read)) throw new Error(read.problem);
  return read;
}

function problem(row: unknown): string | undefined {
  const read = toResource(row);
  return isRowProblem(read) ? read.problem : undefined;
}

test('name, subscription and resource group come from the id where the row does not say them', () => {
  expect(resource({ id, type, properties: {} })).toMatchObject({
    name: 'kv-1',
    subscriptionId: 's-1',
    resourceGroup: 'rg-1',
    location: '',
    tags: {},
    gaps: [],
  });
});

test.for([
  ['missing', {}],
  ['null', { properties: null }],
  ['a string', { properties: '{"enableSoftDelete":true}' }],
  ['a list', { properties: [] }],
] as const)('properties that are %s are a gap, never an empty vault', ([, part]) => {
  expect(resource({ id, type, ...part }).gaps).toEqual(['properties']);
});

describe('lists that rules count in', () => {
  test.for([
    ['text', 'accessPolicies', 'purge'],
    ['an object', 'accessPolicies', { permissions: { keys: ['purge'] } }],
    ['a list of lists', 'accessPolicies', [[{ permissions: { keys: ['purge'] } }]]],
    ['a list of texts', 'accessPolicies', ['purge']],
    ['a list with null', 'accessPolicies', [null]],
    ['permissions in a list', 'accessPolicies', [{ permissions: [{ keys: ['purge'] }] }]],
    ['permissions as text', 'accessPolicies', [{ permissions: { keys: 'purge' } }]],
    ['permissions by number', 'accessPolicies', [{ permissions: { secrets: { 0: 'purge' } } }]],
    ['permissions one list too deep', 'accessPolicies', [{ permissions: { storage: [['purge']] } }]],
    ['an object', 'privateEndpointConnections', { properties: {} }],
    ['text', 'networkAcls', 'Deny'],
    ['rules as text', 'networkAcls', { ipRules: '0.0.0.0/0' }],
  ] as const)('%s as %s is a gap, never an empty list', ([, name, value]) => {
    expect(resource({ id, type, properties: { [name]: value } }).gaps).toEqual([`properties.${name}`]);
  });

  test.for([
    [{ accessPolicies: null }],
    [{ accessPolicies: [{ permissions: null }, { permissions: { keys: null, secrets: ['all'] } }, {}] }],
    [{ networkAcls: null, privateEndpointConnections: [{}] }],
    [{ networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '10.0.0.0/8' }] } }],
  ] as const)('what Azure may leave out is no gap: %j', ([properties]) => {
    expect(resource({ id, type, properties }).gaps).toEqual([]);
  });

  test('of a type that purgeproof does not know nothing is asked', () => {
    const foreign = '/subscriptions/s-1/resourceGroups/rg-1/providers/Microsoft.Web/sites/web-1';
    expect(
      resource({ id: foreign, type: 'microsoft.web/sites', properties: { networkAcls: 'Deny' } }).gaps,
    ).toEqual([]);
  });
});

describe('spelling', () => {
  test('names that Azure spells one way are brought to it, at every depth', () => {
    const row = {
      ID: id,
      Type: type,
      Properties: { EnableSoftDelete: true, networkACLs: { DefaultAction: 'Deny' } },
    };
    expect(resource(row).body).toEqual({
      id,
      name: resource(row).name,
      type: 'Microsoft.KeyVault/vaults',
      subscriptionId: resource(row).subscriptionId,
      resourceGroup: resource(row).resourceGroup,
      tags: {},
      properties: { enableSoftDelete: true, networkAcls: { defaultAction: 'Deny' } },
    });
  });

  test('a condition finds subscription and resource group whatever the source', () => {
    const { body } = resource({ id, type, properties: {} });
    expect(body).toMatchObject({ subscriptionId: id.split('/')[2], resourceGroup: id.split('/')[4] });
  });

  test('two spellings with one value are one', () => {
    const row = { id, type, properties: { enablePurgeProtection: true, EnablePurgeProtection: true } };
    expect(resource(row)).toMatchObject({ gaps: [], body: { properties: { enablePurgeProtection: true } } });
  });

  test.for([
    ['properties.enablePurgeProtection', { enablePurgeProtection: true, EnablePurgeProtection: false }],
    [
      'properties.networkAcls.defaultAction',
      { networkAcls: { defaultAction: 'Deny', DefaultAction: 'Allow' } },
    ],
    ['properties.accessPolicies', { accessPolicies: [{ permissions: { keys: ['purge'], Keys: ['get'] } }] }],
  ] as const)('two spellings with different values are a gap at %s', ([path, properties]) => {
    expect(resource({ id, type, properties }).gaps).toEqual([path]);
  });

  test('names of tags and unknown names stay as they are', () => {
    const row = { id, type, tags: { ID: 'x', Properties: 'y' }, properties: { someFutureThing: 1 } };
    expect(resource(row)).toMatchObject({
      tags: { ID: 'x', Properties: 'y' },
      body: { properties: { someFutureThing: 1 } },
    });
  });

  test('a name that reaches for the prototype is a name', () => {
    const row: JsonObject = JSON.parse(`{"ID":"${id}","type":"${type}","__proto__":{"x":1},"properties":{}}`);
    const { body } = resource(row);
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect(body['x']).toBeUndefined();
  });
});

describe('tags', () => {
  test.for([
    [null, {}, []],
    [undefined, {}, []],
    [{ a: 'b', n: 1, empty: null }, { a: 'b', n: '1', empty: '' }, []],
    ['a=b', {}, ['tags']],
  ] as const)('%j', ([tags, expected, gaps]) => {
    const read = resource({ id, type, properties: {}, ...(tags === undefined ? {} : { tags }) });
    expect(read).toMatchObject({ tags: expected, gaps, body: { tags: expected } });
  });
});

describe('private endpoint connections', () => {
  const state = { status: 'Approved', description: null };
  const endpoint = { id: '/subscriptions/s-1/pe' };

  test('az flattens them: they are nested again as ARM has them', () => {
    const flat = { id: 'c-1', privateEndpoint: endpoint, privateLinkServiceConnectionState: state };
    expect(
      resource({ id, type, properties: { privateEndpointConnections: [flat] } }).body['properties'],
    ).toEqual({
      privateEndpointConnections: [
        { id: 'c-1', properties: { privateEndpoint: endpoint, privateLinkServiceConnectionState: state } },
      ],
    });
  });

  test.for([
    [[{ id: 'c-1', properties: { privateLinkServiceConnectionState: state } }]],
    [[]],
    [null],
    ['Approved'],
    [[null, 3]],
  ] as const)('%j stays as it is', ([connections]) => {
    const properties = { privateEndpointConnections: connections };
    expect(resource({ id, type, properties }).body['properties']).toEqual(properties);
  });
});

test.for([
  [3, 'is a number, not a resource'],
  [null, 'is null, not a resource'],
  [[], 'is a list, not a resource'],
  [{}, 'has no "id"'],
  [{ id: 7, type }, 'has no "id"'],
  [{ id: 'kv-1', type }, '"id" is not an Azure resource id'],
  [{ id, type: 7 }, 'has no "type"'],
  [{ id: '/subscriptions/s' }, 'has no "type"'],
  [{ id, type: 'microsoft.storage/storageaccounts' }, '"id" and "type" name different resource types'],
  [{ id: '/subscriptions/s', type }, '"id" does not name a subscription and resource group'],
  [{ id, type, name: 'kv-2' }, '"id" and "name" name different resources'],
] as const)('%j is a problem, never a crash', ([row, expected]) => {
  expect(problem(row)).toBe(expected);
});
