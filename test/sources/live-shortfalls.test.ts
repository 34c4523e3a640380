import { CredentialUnavailableError } from '@azure/identity';
import { describe, expect, test } from 'vitest';

import { guidOf, type Fault } from '../../emulator/index.ts';
import { liveSource } from '../../src/sources/live.ts';
import type { NamedScope } from '../../src/sources/live/first-snapshot.ts';
import { estate, tenantOf, vault, type Estate } from '../azure/estate.ts';
import { listen, type ReadResult } from './source-contract.ts';

function read({ connection }: Estate, named: Partial<NamedScope> = {}): Promise<ReadResult> {
  return listen(liveSource({ connection, subscriptions: [], managementGroups: [], ...named }));
}

/** A subscription that can be read, and one that cannot. */
function halfDenied(): Estate {
  const tenant = tenantOf({ open: 1, denied: 2 });
  for (const subscription of tenant.subscriptions)
    if (subscription.name === 'denied') Object.assign(subscription, { access: 'denied', listed: true });
  return estate(tenant, { quota: 'unlimited' });
}

function inject({ azure }: Estate, fault: Fault): void {
  azure.inject({ times: 999, ...fault });
}

/** What shows was read, and that there may be more is a gap. */
const unlisted = {
  resources: [expect.anything()],
  unreadable: [
    { scope: 'tenant', reason: expect.stringContaining('Which subscriptions there are cannot be known') },
  ],
};

describe('a management group whose descendants Azure fails to list is not known to be whole', () => {
  test.for<[string, Fault]>([
    ['500', { kind: 'status', status: 500 }],
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429 }],
    ['a broken body', { kind: 'truncatedBody' }],
    ['no list', { kind: 'status', status: 200, body: {} }],
    ['403', { kind: 'status', status: 403 }],
    ['404', { kind: 'status', status: 404 }],
  ])('%s', async ([, fault]) => {
    const azure = halfDenied();
    inject(azure, { ...fault, match: { path: /descendants/ } });
    const result = await read(azure, { managementGroups: ['mg-root'] });
    expect(result.resources).toHaveLength(1);
    expect(result.unreadable.map(({ scope, kind }) => [scope, kind])).toEqual([
      ['mg-root', 'managementGroup'],
    ]);
  });

  test('and the right that is missing is named where the identity may not list them', async () => {
    const azure = halfDenied();
    inject(azure, { kind: 'status', status: 403, match: { path: /descendants/ } });
    const [gap] = (await read(azure, { managementGroups: ['mg-root'] })).unreadable;
    expect(gap?.hint).toContain('Microsoft.Management/managementGroups/descendants/read');
  });
});

describe('a list of subscriptions that is none is not an empty one', () => {
  const refused = { error: { code: 'Busy', message: 'later' } };
  const nameless = { value: [{ id: '/subscriptions/x', displayName: 'x' }] };
  test.for<[string, Fault]>([
    ['an empty object', { kind: 'status', status: 200, body: {} }],
    ['an error with status 200', { kind: 'status', status: 200, body: refused }],
    ['an entry without id', { kind: 'status', status: 200, body: nameless }],
    ['an entry that is no object', { kind: 'status', status: 200, body: { value: [null] } }],
  ])('%s', async ([, fault]) => {
    const azure = halfDenied();
    inject(azure, { ...fault, match: { path: /^\/subscriptions$/ } });
    expect(await read(azure)).toMatchObject(unlisted);
  });

  test('a descendant without name makes the group not known to be whole', async () => {
    const azure = halfDenied();
    const body = { value: [{ id: '/subscriptions/x', type: '/subscriptions' }] };
    inject(azure, { kind: 'status', status: 200, body, match: { path: /descendants/ } });
    const result = await read(azure, { managementGroups: ['mg-root'] });
    expect(result.unreadable.map(({ scope }) => scope)).toEqual(['mg-root']);
  });
});

const rowsQuery = /project id, name, type, location/;

describe('rows that Azure keeps back are missed, also when as many came as had been counted', () => {
  test('a truncated page without token', async () => {
    const azure = estate(tenantOf({ one: 3, other: 1 }), { quota: 'unlimited' });
    azure.azure.inject({
      match: { query: rowsQuery },
      kind: 'hook',
      run: ({ resources }) => {
        if (Array.isArray(resources)) for (const index of [3, 4, 5, 6]) resources.push(vault('one', index));
      },
    });
    inject(azure, { kind: 'truncatedPage', match: { query: rowsQuery } });
    const result = await read(azure);
    expect(result.coverage?.subscriptions.map(({ state }) => state)).toContain('truncated');
    expect(result.unreadable).not.toEqual([]);
  });

  test('a total that is larger than what came', async () => {
    const azure = estate(tenantOf({ one: 3 }), { quota: 'unlimited' });
    const data = [0, 1, 2].map((index) =>
      Object.assign(vault('one', index), { subscriptionId: guidOf('one') }),
    );
    const body = { totalRecords: 500, count: 3, resultTruncated: 'false', data };
    inject(azure, { kind: 'status', status: 200, body, match: { query: rowsQuery } });
    const result = await read(azure);
    expect(result.coverage?.subscriptions).toMatchObject([{ state: 'truncated' }]);
    expect(result.unreadable.map(({ reason }) => reason)).toEqual([expect.stringContaining('withheld rows')]);
  });

  test('reading again may bring them', async () => {
    const azure = estate(tenantOf({ one: 4 }), { quota: 'unlimited' });
    azure.azure.inject({ kind: 'truncatedPage', times: 3, match: { query: rowsQuery } });
    const result = await read(azure);
    expect(result.resources).toHaveLength(4);
    expect(result.unreadable).toEqual([]);
  });
});

test('why each of many subscriptions is not visible is asked up to a bound, and no reason is invented beyond it', async () => {
  const names = Array.from({ length: 103 }, (_, index) => `denied${index}`);
  const tenant = tenantOf({ open: 1, ...Object.fromEntries(names.map((name) => [name, 1])) });
  for (const subscription of tenant.subscriptions)
    if (subscription.name !== 'open') Object.assign(subscription, { access: 'denied' });
  const azure = estate(tenant, { quota: 'unlimited' });
  const { coverage, unreadable } = await read(azure, { managementGroups: ['mg-root'] });
  expect(coverage?.subscriptions.filter(({ state }) => state === 'denied')).toHaveLength(103);
  const asked = azure.azure.requests.filter(({ path }) => /^\/subscriptions\/[^/]+$/.test(path));
  expect(asked).toHaveLength(100);
  const unexplained = unreadable.filter(({ reason }) => reason.includes('Azure was not asked why'));
  expect(unexplained).toHaveLength(3);
  for (const { hint, scope } of unexplained) {
    expect(hint).toContain(`--subscription ${scope.replace('/subscriptions/', '')}`);
    expect(hint).not.toContain('Reader');
  }
});

test('below a large group that may not be listed, a subscription that shows only rows is not lost', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `s${index}`);
  const tenant = tenantOf({ ...Object.fromEntries(names.map((name) => [name, 0])), some: 6, away: 1 });
  for (const group of tenant.managementGroups) group.access = 'denied';
  for (const subscription of tenant.subscriptions) {
    if (subscription.name === 'away') Object.assign(subscription, { managementGroup: undefined });
    if (subscription.name === 'some')
      Object.assign(subscription, { access: 'resourceGroups', readableResourceGroups: ['rg-0'] });
  }
  const azure = estate(tenant, { quota: 'unlimited', subscriptionLimit: 20 });
  const result = await read(azure, { managementGroups: ['mg-root'] });
  expect(result.resources).toHaveLength(2);
  expect(result.unreadable.map(({ scope }) => scope)).toEqual([
    'mg-root',
    `/subscriptions/${guidOf('some')}`,
  ]);
});

describe('pages without end come to an end', () => {
  /** The queries for rows. Each of the two forms of a full query is read three times, and each read begins three times. */
  const rowsQueries = ({ graphRequests }: Estate): number =>
    graphRequests().filter(({ body }) => rowsQuery.test(JSON.stringify(body))).length;
  const starts = 2 * 3 * 3;

  test('of rows: empty, with a token', async () => {
    const azure = estate(tenantOf({ one: 3 }), { quota: 'unlimited' });
    const body = { totalRecords: 3, count: 0, resultTruncated: 'false', $skipToken: 'again', data: [] };
    inject(azure, { kind: 'status', status: 200, body, match: { query: rowsQuery } });
    const result = await read(azure);
    expect(result.unreadable).toHaveLength(1);
    // The first page, and the one that its token leads back to.
    expect(rowsQueries(azure)).toBe(starts * 2);
  });

  test('of rows: all that there are, with always another token', async () => {
    const azure = estate(tenantOf({ one: 3 }), { quota: 'unlimited' });
    let page = 0;
    const body = {
      totalRecords: 3,
      count: 1,
      resultTruncated: 'false',
      data: [vault('one', 0)],
      get $skipToken(): string {
        return `token ${(page += 1)}`;
      },
    };
    inject(azure, { kind: 'status', status: 200, body, match: { query: rowsQuery } });
    const result = await read(azure);
    expect(result.unreadable).toHaveLength(1);
    // Three pages that bring a row, and five that bring none that was counted.
    expect(rowsQueries(azure)).toBe(starts * 8);
  });

  const nextLink = (path: string): string => `https://management.azure.com${path}&$skiptoken=x`;

  test('of subscriptions: a link to itself', async () => {
    const azure = halfDenied();
    const body = {
      value: [{ subscriptionId: guidOf('open'), displayName: 'open' }],
      nextLink: nextLink('/subscriptions?api-version=2022-12-01'),
    };
    inject(azure, { kind: 'status', status: 200, body, match: { path: /^\/subscriptions$/ } });
    expect(await read(azure)).toMatchObject(unlisted);
  });

  test('of descendants: empty ones, each with another link', async () => {
    const azure = halfDenied();
    let page = 0;
    const body = {
      value: [],
      get nextLink(): string {
        return nextLink(`/x?page=${(page += 1)}`);
      },
    };
    inject(azure, { kind: 'status', status: 200, body, match: { path: /descendants|^\/x$/ } });
    const result = await read(azure, { managementGroups: ['mg-root'] });
    expect(result.unreadable.map(({ scope }) => scope)).toEqual(['mg-root']);
  });
});

test('a sign-in lost half-way takes nothing from what has been read', async () => {
  const tenant = tenantOf({ one: 30 });
  const { azure } = estate(tenant, { quota: 'unlimited' });
  let isLost = false;
  const credential: typeof azure.credential = {
    async getToken(...request) {
      if (isLost) throw new CredentialUnavailableError('AADSTS70043: the session has ended');
      return azure.credential.getToken(...request);
    },
  };
  const losing = estate(tenant, { quota: 'unlimited', payloadLimit: 8_000 }, { credential });
  const run = (): void => {
    isLost = true;
  };
  losing.azure.inject({ kind: 'hook', run, match: { query: rowsQuery, nth: 2 } });
  inject(losing, { kind: 'status', status: 401, match: { query: rowsQuery, nth: 2 } });
  const result = await read(losing);
  expect(result.resources.length).toBeGreaterThan(0);
  expect(result.unreadable.map(({ reason }) => reason)).toEqual([expect.stringContaining('sign in')]);
});

test('a subscription that Azure lists twice is one of that name', async () => {
  const azure = estate(tenantOf({ one: 1 }), { quota: 'unlimited' });
  const listed = { subscriptionId: guidOf('one'), displayName: 'one' };
  const body = { value: [listed, { ...listed, subscriptionId: guidOf('one').toUpperCase() }] };
  inject(azure, { kind: 'status', status: 200, body, match: { path: /^\/subscriptions$/ } });
  expect((await read(azure, { subscriptions: ['one'] })).resources).toHaveLength(1);
});

describe('no answer puts a read to sleep for a day', () => {
  const day = 86_400;
  test.for<[string, Fault, number]>([
    [
      'its reset',
      { kind: 'status', status: 429, headers: { 'x-ms-user-quota-resets-after': '24:00:00' } },
      60,
    ],
    ['Retry-After of a failure', { kind: 'status', status: 503, retryAfter: day }, 60],
  ])('%s', async ([, fault, seconds]) => {
    const azure = estate(tenantOf({ one: 1 }), { quota: 'unlimited' });
    azure.azure.inject({ ...fault, match: { query: rowsQuery } });
    const start = azure.clock.now();
    expect((await read(azure)).resources).toHaveLength(1);
    expect((azure.clock.now() - start) / 1000).toBeLessThan(seconds + 1);
  });

  test('Retry-After of the quota: what it closes is a gap', async () => {
    const azure = estate(tenantOf({ one: 1 }), { quota: 'unlimited' });
    azure.azure.inject({ kind: 'status', status: 429, retryAfter: day, match: { query: rowsQuery } });
    const start = azure.clock.now();
    const result = await read(azure);
    expect(result.unreadable).toMatchObject([{ reason: expect.stringContaining('86400 seconds') }]);
    expect(azure.clock.now() - start).toBeLessThan(1000);
  });
});

test('waiting counts what Azure Resource Manager throttles, too', async () => {
  const azure = estate(tenantOf({ one: 1 }), { quota: 'unlimited' });
  const throttled: Fault = { kind: 'status', status: 429, retryAfter: 20 };
  azure.azure.inject({ ...throttled, times: 3, match: { path: /^\/subscriptions$/ } });
  expect((await read(azure)).coverage?.waitMs).toBe(60_000);
});

test('each subscription says why it could not be read, and not why another could not', async () => {
  const azure = estate(tenantOf({ one: 3, two: 1 }), { quota: 'unlimited' });
  let index = 10;
  azure.azure.inject({
    kind: 'hook',
    times: 9,
    match: { query: /summarize/, nth: 2 },
    run: ({ resources }) => {
      if (Array.isArray(resources)) resources.push(vault('two', (index += 1)));
    },
  });
  // What changed is read again without the filter, which is answered.
  const filter = 'isnotempty(name)';
  inject(azure, { kind: 'status', status: 503, match: { query: /isnotempty.*project id, name, type/ } });
  const tallies = [{ column: 't0', type: 'Microsoft.KeyVault/vaults', where: 'not(kept)' }];
  const query = { types: ['Microsoft.KeyVault/vaults'], pushedDown: { where: filter, tallies } };
  const { connection } = azure;
  const result = await listen(liveSource({ connection, subscriptions: [], managementGroups: [], query }));
  const reasons = Object.fromEntries(result.unreadable.map(({ scope, reason }) => [scope, reason]));
  expect(reasons).toEqual({
    [`/subscriptions/${guidOf('one')}`]: expect.stringContaining('The server could not answer'),
    [`/subscriptions/${guidOf('two')}`]: expect.stringContaining('changed each time'),
  });
});
