import { describe, expect, test } from 'vitest';

import { guidOf, type Fault } from '../../emulator/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { liveSource } from '../../src/sources/live.ts';
import type { NamedScope } from '../../src/sources/live/targets.ts';
import { estate, tenantOf, type Estate } from '../azure/estate.ts';
import { listen, type Told } from './source-contract.ts';

const rowsQuery = /project id, name, type, location/;

function read({ connection }: Estate, named: Partial<NamedScope> = {}): Promise<Told> {
  return listen(liveSource({ connection, subscriptions: [], managementGroups: [], ...named }));
}

describe('subscriptions that come into sight on the way', () => {
  /** A subscription with one vault below `g2`, and one without any below `g1`. */
  function twoGroups(): Estate {
    const tenant = tenantOf({ one: 1, other: 0 });
    tenant.managementGroups = ['g1', 'g2'].map((id) => ({ id, displayName: id }));
    for (const subscription of tenant.subscriptions)
      subscription.managementGroup = subscription.name === 'one' ? 'g2' : 'g1';
    return estate(tenant, { quota: 'unlimited' });
  }

  test.for<[string, readonly string[], NonNullable<Fault['match']>]>([
    ['from one named group to the other, between their looks', ['g1', 'g2'], { path: /g2.*descendants/i }],
    ['into the named group, after it was looked at', ['g1'], { query: /summarize/, nth: 2 }],
  ])('one that moves %s is a gap', async ([, managementGroups, match]) => {
    const azure = twoGroups();
    azure.azure.inject({
      kind: 'hook',
      match,
      run: ({ subscriptions }) => {
        for (const subscription of subscriptions) subscription.managementGroup = 'g1';
      },
    });
    const told = await read(azure, { managementGroups });
    expect(told.unreadable.map(({ scope }) => scope)).toEqual([`/subscriptions/${guidOf('one')}`]);
    expect(told.coverage?.subscriptions.map(({ state }) => state)).toEqual(['empty', 'partial']);
  });

  test('one that moves out of the named group is read to its end', async () => {
    const azure = twoGroups();
    azure.azure.inject({
      kind: 'hook',
      match: { query: /summarize/, nth: 2 },
      run: ({ subscriptions }) => {
        for (const subscription of subscriptions) subscription.managementGroup = 'g1';
      },
    });
    const told = await read(azure, { managementGroups: ['g2'] });
    expect(told.unreadable).toEqual([]);
    expect(told.resources).toHaveLength(1);
  });
});

describe('an answer that shows several subscriptions is of one moment', () => {
  const names = Array.from({ length: 12 }, (_, index) => `n${index}`).toSorted((one, other) =>
    guidOf(one).localeCompare(guidOf(other)),
  );

  test('when they need several pages, they are asked for in lists', async () => {
    const azure = estate(tenantOf(Object.fromEntries(Array.from({ length: 700 }, (_, n) => [`n${n}`, 1]))), {
      quota: 'unlimited',
    });
    const told = await read(azure);
    expect(told.resources).toHaveLength(700);
    expect(told.unreadable).toEqual([]);
    const looks = azure.graphRequests().filter(({ query }) => query.includes('summarize'));
    expect(looks).toHaveLength(1 + 3 + 3);
  });

  test('a list that needs several pages all the same is a gap', async () => {
    const azure = estate(tenantOf(Object.fromEntries(names.map((name) => [name, 1]))), {
      quota: 'unlimited',
      payloadLimit: 3_000,
    });
    await expect(read(azure)).rejects.toMatchObject({ code: 'ResultTruncated' });
  });

  test('a list that is refused as too large is a gap, also where nobody knows what it holds', async () => {
    const many = Array.from({ length: 310 }, (_, index) => `s${index}`);
    const tenant = tenantOf(Object.fromEntries(many.map((name) => [name, 1])));
    for (const group of tenant.managementGroups) group.access = 'denied';
    const azure = estate(tenant, { quota: 'unlimited', subscriptionLimit: 305 });
    const tooMany = { status: 400, code: 'TooManySubscriptionsUnderScope' };
    azure.azure.inject({ kind: 'status', ...tooMany, match: { query: /summarize/, nth: 3 } });
    const told = await read(azure, { managementGroups: ['mg-root'] });
    expect(told.resources).toHaveLength(300);
    expect(told.unreadable).toMatchObject([
      { scope: 'mg-root', reason: expect.stringContaining('Which subscriptions it holds cannot be known') },
    ]);
  });

  test('a scope that has grown too large by the second look is looked at in lists, and not read again', async () => {
    const azure = estate(tenantOf({ one: 4, two: 3 }), { quota: 'unlimited' });
    const tooMany = { status: 400, code: 'TooManySubscriptionsUnderScope' };
    azure.azure.inject({ kind: 'status', ...tooMany, match: { query: /summarize/, nth: 2 } });
    const told = await read(azure);
    expect(told.unreadable).toEqual([]);
    expect(told.coverage).toMatchObject({ pages: 1, retries: 0 });
  });
});

describe('a row that cannot be read is forgiven when all that there is has come', () => {
  const foreign = `/subscriptions/${guidOf('away')}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/x`;
  test.for<[string, JsonObject]>([
    ['no id of Azure', { id: 'garbage', name: 'x' }],
    ['that, in a subscription', { id: 'garbage', name: 'x', subscriptionId: guidOf('one') }],
    ['no id, in a subscription', { name: 'x', subscriptionId: guidOf('one') }],
    [
      'a contradiction, in another subscription',
      { id: foreign, name: 'y', type: 'microsoft.keyvault/vaults' },
    ],
  ])('%s', async ([, row]) => {
    const azure = estate(tenantOf({ one: 3 }), { quota: 'unlimited' });
    azure.azure.inject({ kind: 'malformedRow', row, match: { query: rowsQuery } });
    const told = await read(azure);
    expect(told.resources).toHaveLength(3);
    expect(told.unreadable).toEqual([]);
    expect(told.coverage?.subscriptions).toMatchObject([{ state: 'read', rows: 3 }]);
  });
});
