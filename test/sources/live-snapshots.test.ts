import { describe, expect, test } from 'vitest';

import { guidOf, type EmulatorOptions, type Fault, type Tenant } from '../../emulator/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { liveSource } from '../../src/sources/live.ts';
import type { LiveQuery } from '../../src/sources/live/query.ts';
import type { NamedScope } from '../../src/sources/live/first-snapshot.ts';
import { estate, tenantOf, type Estate } from '../azure/estate.ts';
import { listen, type ReadResult } from './source-contract.ts';

const rowsQuery = /project id, name, type, location/;

function read(
  { connection }: Estate,
  named: Partial<NamedScope> = {},
  query?: LiveQuery,
): Promise<ReadResult> {
  return listen(liveSource({ connection, subscriptions: [], managementGroups: [], ...named, query }));
}

/** Lets every vault through, for the sake of having a filter. */
const filtered: LiveQuery = {
  types: ['Microsoft.KeyVault/vaults'],
  pushedDown: {
    where: 'isnotempty(name)',
    tallies: [{ column: 't0', type: 'Microsoft.KeyVault/vaults', where: 'not(kept)' }],
  },
};

describe('subscriptions that become visible on the way', () => {
  const many = (count: number): Record<string, number> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, 1]));

  /** Two groups, and which subscriptions stand below them. */
  function grouped(
    vaults: Record<string, number>,
    groupOf: (name: string) => string | undefined,
    options: EmulatorOptions = {},
  ): Estate {
    const tenant = tenantOf(vaults);
    tenant.managementGroups = ['g1', 'g2'].map((id) => ({ id, displayName: id }));
    for (const one of tenant.subscriptions) Object.assign(one, { managementGroup: groupOf(one.name) });
    return estate(tenant, { quota: 'unlimited', ...options });
  }

  function move({ azure }: Estate, name: string, to: string, match: NonNullable<Fault['match']>): void {
    const run = ({ subscriptions }: Tenant): void => {
      for (const one of subscriptions) if (one.name === name) one.managementGroup = to;
    };
    azure.inject({ kind: 'hook', match, run });
  }

  /** The reason of each gap, and the state of its subscription. */
  function gaps({ unreadable, coverage }: ReadResult): readonly (readonly [string, string | undefined])[] {
    return unreadable.map(({ scope }) => {
      const found = coverage?.subscriptions.find(({ id }) => scope === `/subscriptions/${id}`);
      return [scope, found?.state];
    });
  }

  function only(name: string): readonly (readonly [string, string])[] {
    return [[`/subscriptions/${guidOf(name)}`, 'partial']];
  }

  const second = { path: /g2.*descendants/i };

  test('one that moves from one named group to the other, between their snapshots', async () => {
    const azure = grouped({ mover: 1, other: 0 }, (name) => (name === 'mover' ? 'g2' : 'g1'));
    move(azure, 'mover', 'g1', { query: /summarize/, nth: 2 });
    expect(gaps(await read(azure, { managementGroups: ['g1', 'g2'] }))).toEqual(only('mover'));
  });

  test('that, where a group is so large that snapshots are taken in lists', async () => {
    const place = (name: string): string => (name === 'mover' ? 'g2' : 'g1');
    const azure = grouped({ ...many(30), mover: 1, other: 0 }, place, { subscriptionLimit: 20 });
    move(azure, 'mover', 'g1', second);
    expect(gaps(await read(azure, { managementGroups: ['g1', 'g2'] }))).toEqual(only('mover'));
  });

  test('one that moves into the named group after its snapshot', async () => {
    const azure = grouped({ mover: 1, other: 0 }, (name) => (name === 'mover' ? undefined : 'g1'));
    move(azure, 'mover', 'g1', { query: /summarize/, nth: 2 });
    expect(gaps(await read(azure, { managementGroups: ['g1'] }))).toEqual(only('mover'));
  });

  test('one that moves into a named group that was empty', async () => {
    const azure = grouped({ mover: 1, other: 1 }, (name) => (name === 'mover' ? undefined : 'g1'));
    move(azure, 'mover', 'g2', { query: rowsQuery });
    expect(gaps(await read(azure, { managementGroups: ['g1', 'g2'] }))).toEqual(only('mover'));
  });

  test.for([499, 500])(
    'one beside %i others, where the second snapshot needs lists or just not',
    async (others) => {
      const azure = estate(tenantOf({ ...many(others), late: 1 }), { quota: 'unlimited' });
      const late = azure.azure.tenant.subscriptions.find(({ name }) => name === 'late');
      Object.assign(late ?? {}, { access: 'denied' });
      const run = (): void => {
        Object.assign(late ?? {}, { access: 'full' });
      };
      azure.azure.inject({ kind: 'hook', match: { query: /summarize/, nth: 2 }, run });
      expect(gaps(await read(azure))).toEqual(only('late'));
    },
  );

  test('one that only the snapshot after a refused filter shows', async () => {
    const azure = estate(tenantOf({ one: 3, late: 2 }), { quota: 'unlimited' });
    const late = azure.azure.tenant.subscriptions.find(({ name }) => name === 'late');
    Object.assign(late ?? {}, { access: 'denied' });
    const run = (): void => {
      Object.assign(late ?? {}, { access: 'full' });
    };
    azure.azure.inject({ kind: 'hook', match: { query: rowsQuery }, run });
    azure.azure.inject({ kind: 'status', status: 400, match: { query: rowsQuery } });
    expect(gaps(await read(azure, {}, filtered))).toEqual(only('late'));
  });

  test('one that moves out of the named group is read to its end', async () => {
    const azure = grouped({ mover: 1 }, () => 'g2');
    move(azure, 'mover', 'g1', { query: /summarize/, nth: 2 });
    const result = await read(azure, { managementGroups: ['g2'] });
    expect(result.unreadable).toEqual([]);
    expect(result.resources).toHaveLength(1);
  });

  test('a failed snapshot of one group affects its own subscriptions only', async () => {
    const azure = grouped({ one: 1, mover: 1, other: 1 }, (name) => (name === 'one' ? 'g1' : 'g2'));
    move(azure, 'mover', 'elsewhere', { query: /summarize/, nth: 3 });
    const second = { query: /summarize/, managementGroup: 'g1', nth: 2 };
    azure.azure.inject({ kind: 'status', status: 503, times: 6, match: second });
    const result = await read(azure, { managementGroups: ['g1', 'g2'] });
    expect(result.resources).toHaveLength(3);
    expect(gaps(result)).toEqual(only('one'));
  });
});

describe('a filter that is not at fault', () => {
  const isUnfiltered = ({ query }: { readonly query: string }): boolean =>
    rowsQuery.test(query) && !query.includes('isnotempty');

  test('stays when tokens expire, however often', async () => {
    const azure = estate(tenantOf({ one: 30 }), { quota: 'unlimited', payloadLimit: 8_000 });
    azure.azure.inject({ kind: 'expiredSkipToken', times: 3, match: { query: rowsQuery } });
    expect((await read(azure, {}, filtered)).unreadable).toEqual([]);
    expect(azure.graphRequests().filter(isUnfiltered)).toEqual([]);
  });

  test('stays when another scope does not exist', async () => {
    const azure = estate(tenantOf({ one: 3 }), { quota: 'unlimited' });
    const result = await read(azure, { managementGroups: ['mg-root', 'nope'] }, filtered);
    expect(result.resources).toHaveLength(3);
    expect(azure.graphRequests().filter(isUnfiltered)).toEqual([]);
  });
});

test('a refused filter is dropped, also beside a group that is empty', async () => {
  const tenant = tenantOf({ one: 3 });
  tenant.managementGroups.push({ id: 'mg-empty', displayName: 'Empty' });
  const azure = estate(tenant, { quota: 'unlimited' });
  azure.azure.inject({ kind: 'status', status: 400, times: 99, match: { query: /isnotempty/ } });
  const result = await read(azure, { managementGroups: ['mg-empty', 'mg-root'] }, filtered);
  expect(result.resources).toHaveLength(3);
  expect(result.unreadable).toEqual([]);
});

test('what has been read stays read when the snapshot after a refused filter fails', async () => {
  const azure = estate(tenantOf({ one: 3, two: 1 }), { quota: 'unlimited' });
  azure.azure.inject({
    kind: 'status',
    status: 400,
    match: { query: rowsQuery },
  });
  azure.azure.inject({
    kind: 'status',
    status: 503,
    times: 99,
    match: { query: /project id, (type, )?subscriptionId/, nth: 2 },
  });
  const result = await read(azure, {}, filtered);
  expect(result.coverage?.subscriptions.map(({ state }) => state)).toEqual(['partial', 'partial']);
  expect(result.unreadable).toHaveLength(2);
});

describe('an answer that shows several subscriptions is of one moment', () => {
  const names = Array.from({ length: 12 }, (_, index) => `n${index}`).toSorted((one, other) =>
    guidOf(one).localeCompare(guidOf(other)),
  );

  test('when they need several pages, they are asked for in lists', async () => {
    const azure = estate(tenantOf(Object.fromEntries(Array.from({ length: 700 }, (_, n) => [`n${n}`, 1]))), {
      quota: 'unlimited',
    });
    const result = await read(azure);
    expect(result.resources).toHaveLength(700);
    expect(result.unreadable).toEqual([]);
    const snapshots = azure.graphRequests().filter(({ query }) => query.includes('summarize'));
    expect(snapshots).toHaveLength(2 * (1 + 3));
  });

  test('a list that needs several pages all the same is listed plainly, in pages that overlap', async () => {
    const azure = estate(tenantOf(Object.fromEntries(names.map((name) => [name, 1]))), {
      quota: 'unlimited',
      payloadLimit: 3_000,
    });
    const result = await read(azure);
    expect(result.resources).toHaveLength(12);
    expect(result.unreadable).toEqual([]);
    expect(result.coverage?.resourceGraph).toMatchObject({
      form: 'plain',
      refused: [{ code: 'ResultTruncated' }],
    });
  });

  test('a list that is refused as too large is listed plainly, also where nobody knows what it holds', async () => {
    const many = Array.from({ length: 310 }, (_, index) => `s${index}`);
    const tenant = tenantOf(Object.fromEntries(many.map((name) => [name, 1])));
    for (const group of tenant.managementGroups) group.access = 'denied';
    const azure = estate(tenant, { quota: 'unlimited', subscriptionLimit: 305 });
    const tooMany = { status: 400, code: 'TooManySubscriptionsUnderScope' };
    azure.azure.inject({ kind: 'status', ...tooMany, match: { query: /summarize/, nth: 3 } });
    const result = await read(azure, { managementGroups: ['mg-root'] });
    expect(result.resources).toHaveLength(310);
    expect(result.unreadable).toMatchObject([{ scope: 'mg-root' }]);
    expect(result.coverage?.subscriptions).toHaveLength(311);
  });

  test('a scope that has grown too large by the second snapshot is split into lists, and not read again', async () => {
    const azure = estate(tenantOf({ one: 4, two: 3 }), { quota: 'unlimited' });
    const tooMany = { status: 400, code: 'TooManySubscriptionsUnderScope' };
    azure.azure.inject({ kind: 'status', ...tooMany, match: { query: /summarize/, nth: 2 } });
    const result = await read(azure);
    expect(result.unreadable).toEqual([]);
    expect(result.coverage).toMatchObject({ pages: 1, retries: 0 });
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
    const result = await read(azure);
    expect(result.resources).toHaveLength(3);
    expect(result.unreadable).toEqual([]);
    expect(result.coverage?.subscriptions).toMatchObject([{ state: 'read', rows: 3 }]);
  });
});
