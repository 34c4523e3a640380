import { describe, expect, test } from 'vitest';

import { guidOf, vaultBody, type Fault, type Tenant } from '../../emulator/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { SourceEvent } from '../../src/model/source.ts';
import type { LiveQuery } from '../../src/sources/live/query.ts';
import { liveSource } from '../../src/sources/live.ts';
import { estate, tenantOf, type Estate } from '../azure/estate.ts';
import { listen, type ReadResult } from './source-contract.ts';

const vaults = { retail: 14, payments: 13, data: 5 };
// Makes pages of about ten rows, so that thirty vaults are a first, a middle and a last page.
const smallPages = { payloadLimit: 8_000 };
const everything = { subscriptions: [], managementGroups: [] };
const rowsQuery = /project id, name, type, location/;
const countedSnapshots = /summarize/;
/** Snapshots in any form. */
const snapshots = /project id, (type, )?subscriptionId/;
const permissions = /Microsoft\.Authorization\/permissions$/;

/** Vaults with purge protection, so many in each subscription: a read that is pushed down may count them. */
const sound = { retail: 1, payments: 2, data: 2 };

function open(): Estate {
  const tenant = tenantOf(vaults);
  const more = Object.entries(sound).flatMap(([name, amount]) =>
    Array.from({ length: amount }, (_, index) => soundVault(name, index)),
  );
  return estate({ ...tenant, resources: [...listed(tenant), ...more] }, smallPages);
}

function soundVault(subscription: string, index: number): JsonObject {
  const place = {
    resourceGroup: 'rg-sound',
    name: `kv-sound-${subscription}-${index}`,
    location: 'westeurope',
  };
  return vaultBody(
    { subscriptionId: guidOf(subscription), ...place },
    { properties: { enablePurgeProtection: true } },
  );
}

function listed({ resources }: Tenant): readonly JsonObject[] {
  if (!Array.isArray(resources)) throw new Error('this tenant lists its resources');
  return resources;
}

function passed({ events }: ReadResult): readonly SourceEvent[] {
  return events.filter(({ kind }) => kind === 'passed');
}

function sorted(resources: readonly Resource[]): readonly Resource[] {
  return resources.toSorted((one, other) => one.id.localeCompare(other.id));
}

const passing: readonly (readonly [string, Fault])[] = [
  ['429 without Retry-After', { kind: 'status', status: 429 }],
  ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: 2 }],
  ['five 429 in a row', { kind: 'status', status: 429, times: 5 }],
  ['500', { kind: 'status', status: 500 }],
  ['502', { kind: 'status', status: 502 }],
  ['503', { kind: 'status', status: 503 }],
  ['503 with Retry-After', { kind: 'status', status: 503, retryAfter: 3 }],
  ['three 500 in a row', { kind: 'status', status: 500, times: 3 }],
  ['408', { kind: 'status', status: 408 }],
  ['a reset before the headers', { kind: 'resetBeforeHeaders' }],
  ['a reset after the headers', { kind: 'resetAfterHeaders' }],
  ['a truncated body', { kind: 'truncatedBody' }],
  ['a page that lost rows, without a token', { kind: 'truncatedPage' }],
  ['a refused token', { kind: 'status', status: 401 }],
  ['duplicate rows', { kind: 'duplicateRows' }],
  ['a row that moved between pages', { kind: 'movedRow' }],
  ['a malformed row', { kind: 'malformedRow' }],
  ['a row that is a number', { kind: 'malformedRow', row: 42 }],
];

const lasting: readonly (readonly [string, Fault])[] = [
  ['500', { kind: 'status', status: 500 }],
  ['resets', { kind: 'resetBeforeHeaders' }],
  ['truncated bodies', { kind: 'truncatedBody' }],
  ['pages that lose rows', { kind: 'truncatedPage' }],
  ['refused tokens', { kind: 'status', status: 401 }],
  ['403', { kind: 'status', status: 403 }],
  ['malformed rows', { kind: 'malformedRow' }],
  ['rows that are never there', { kind: 'movedRow' }],
  ['throttling without end', { kind: 'status', status: 429 }],
];

/** What a read is promised to withstand: every fault, at every place. `query` is what is read; everything when left out. */
export async function withstandsFaults(query?: LiveQuery): Promise<void> {
  const handedOver = query?.pushedDown === undefined ? 37 : 32;
  const read = ({ connection }: Estate): Promise<ReadResult> =>
    listen(liveSource({ connection, ...everything, query }));
  const undisturbed = await read(open());

  test('the undisturbed read is whole, over at least three pages', () => {
    expect(undisturbed.resources).toHaveLength(handedOver);
    expect(undisturbed.unreadable).toEqual([]);
    expect(undisturbed.coverage).toMatchObject({ retries: 0 });
    expect(undisturbed.coverage?.pages).toBeGreaterThanOrEqual(3);
  });

  const lastPage = undisturbed.coverage?.pages ?? 0;
  const positions = [
    ['first', 1],
    ['middle', 2],
    ['last', lastPage],
  ] as const;

  describe.for(passing)('%s', ([, fault]) => {
    test.for(positions)('on the %s page: the read equals the undisturbed one', async ([, nth]) => {
      const disturbed = open();
      disturbed.azure.inject({ ...fault, match: { query: rowsQuery, nth } });
      const result = await read(disturbed);
      expect(sorted(result.resources)).toEqual(sorted(undisturbed.resources));
      expect(result.unreadable).toEqual([]);
      expect(passed(result)).toEqual(passed(undisturbed));
      expect(result.coverage?.subscriptions).toEqual(undisturbed.coverage?.subscriptions);
    });

    test.for([
      ['before the first page', 1],
      ['after the last page', 2],
    ] as const)('in the snapshot %s: the read equals the undisturbed one', async ([, nth]) => {
      const disturbed = open();
      disturbed.azure.inject({ ...fault, match: { query: countedSnapshots, nth } });
      const result = await read(disturbed);
      expect(sorted(result.resources)).toEqual(sorted(undisturbed.resources));
      expect(result.unreadable).toEqual([]);
    });
  });

  describe.for(passing)('%s', ([, fault]) => {
    test.for([
      ['the management group', /managementGroups.*permissions$/],
      ['a subscription', /subscriptions.*permissions$/],
    ] as const)(
      'in what is asked about rights on %s: the read equals the undisturbed one',
      async ([, path]) => {
        const disturbed = open();
        disturbed.azure.tenant.roleAssignments = Object.keys(vaults).map((name) => {
          return { scope: `/subscriptions/${guidOf(name)}`, role: { actions: ['*/read'] } };
        });
        disturbed.azure.inject({ ...fault, match: { path } });
        const result = await read(disturbed);
        expect(sorted(result.resources)).toEqual(sorted(undisturbed.resources));
        expect(result.unreadable).toEqual([]);
        expect(result.coverage?.subscriptions).toEqual(undisturbed.coverage?.subscriptions);
      },
    );
  });

  test.for(lasting)(
    '%s whenever rights are asked about: all is read, and nothing is called read',
    async ([, fault]) => {
      const disturbed = open();
      disturbed.azure.inject({ ...fault, times: 10_000, match: { path: permissions } });
      const result = await read(disturbed);
      expect(sorted(result.resources)).toEqual(sorted(undisturbed.resources));
      // Faults of pages of Resource Graph do nothing to other answers.
      const isStruck = !['truncatedPage', 'malformedRow', 'movedRow'].includes(fault.kind);
      const states = result.coverage?.subscriptions.map(({ state }) => state) ?? [];
      expect(new Set(states)).toEqual(new Set([isStruck ? 'partial' : 'read']));
      expect(result.unreadable).toHaveLength(isStruck ? 3 : 0);
    },
  );

  test.for(positions.slice(1))(
    'an expired skip token on the %s page has the sequence begin again',
    async ([, nth]) => {
      const disturbed = open();
      disturbed.azure.inject({ kind: 'expiredSkipToken', match: { query: rowsQuery, nth: nth - 1 } });
      const result = await read(disturbed);
      expect(sorted(result.resources)).toEqual(sorted(undisturbed.resources));
      expect(result.unreadable).toEqual([]);
      expect(result.coverage?.retries).toBe(1);
    },
  );

  test.for(positions)('a token that expires before the %s page is replaced', async ([, nth]) => {
    const disturbed = open();
    const run = (): void => {
      disturbed.clock.advance(2 * 3_600_000);
    };
    disturbed.azure.inject({ kind: 'hook', run, match: { query: rowsQuery, nth } });
    const result = await read(disturbed);
    expect(sorted(result.resources)).toEqual(sorted(undisturbed.resources));
    expect(result.unreadable).toEqual([]);
    expect(disturbed.graphRequests().filter(({ status }) => status === 401).length).toBeGreaterThan(0);
  });

  describe.for(lasting)('%s from one page on to the end', ([, fault]) => {
    test.for(positions)(
      'from the %s page: what is missing is named, and nothing is reported twice',
      async ([, nth]) => {
        const disturbed = open();
        disturbed.azure.inject({ ...fault, times: 10_000, match: { query: rowsQuery, nth } });
        const result = await read(disturbed);
        const whole = result.resources.length === undisturbed.resources.length;
        // When Azure withholds rows, their subscription is unknown: all that were read along with them are doubtful.
        const isDoubtful = ['truncatedPage', 'movedRow'].includes(fault.kind);
        const incomplete = result.unreadable.length > 0;
        const covered = result.coverage?.subscriptions.every(({ state }) => state === 'read');
        expect(covered).toBe(!incomplete);
        expect(isDoubtful ? incomplete || whole : incomplete !== whole).toBe(true);
        expect(result.unreadable.every(({ reason, hint }) => reason !== '' && hint !== '')).toBe(true);
        for (const { id, rows, expectedRows, state } of result.coverage?.subscriptions ?? []) {
          const short = rows < expectedRows || (isDoubtful && state === 'truncated');
          expect(['partial', 'truncated'].includes(state)).toBe(short);
          expect(result.unreadable.some(({ scope }) => scope.startsWith(`/subscriptions/${id}`))).toBe(short);
        }
      },
    );
  });

  test.for(lasting)(
    '%s at the second snapshot: nothing that was read is known to be complete',
    async ([, fault]) => {
      const disturbed = open();
      disturbed.azure.inject({ ...fault, times: 10_000, match: { query: snapshots, nth: 2 } });
      const result = await read(disturbed);
      expect(sorted(result.resources)).toEqual(expect.arrayContaining([...sorted(undisturbed.resources)]));
      expect(result.unreadable).toHaveLength(3);
      for (const { state, rows, expectedRows } of result.coverage?.subscriptions ?? [])
        expect([state, rows]).toEqual(['partial', expectedRows]);
    },
  );

  test.for(['500', 'pages that lose rows', 'malformed rows', 'rows that are never there'])(
    '%s at the second snapshot by one query: a plainer one completes it',
    async (name) => {
      const fault = lasting.find(([one]) => one === name)?.[1];
      const disturbed = open();
      if (fault !== undefined)
        disturbed.azure.inject({ ...fault, times: 10_000, match: { query: countedSnapshots, nth: 2 } });
      const result = await read(disturbed);
      expect(sorted(result.resources)).toEqual(expect.arrayContaining([...sorted(undisturbed.resources)]));
      expect(result.unreadable).toEqual([]);
      expect(result.coverage?.resourceGraph).toMatchObject({ form: 'plain' });
    },
  );

  test.for(positions)(
    'a subscription denied before the %s page is named, unless all of it had come',
    async ([, nth]) => {
      const subscriptionId = guidOf('payments');
      const disturbed = open();
      disturbed.azure.inject({ kind: 'deny', subscriptionId, match: { query: rowsQuery, nth } });
      const result = await read(disturbed);
      const others = undisturbed.resources.filter((resource) => resource.subscriptionId !== subscriptionId);
      expect(result.resources).toEqual(expect.arrayContaining([...others]));
      const whole = result.resources.length === undisturbed.resources.length;
      const named = result.unreadable.map(({ scope, kind }) => ({ scope, kind }));
      expect(named).toEqual(
        whole ? [] : [{ scope: `/subscriptions/${subscriptionId}`, kind: 'subscription' }],
      );
      const state = result.coverage?.subscriptions.find(({ id }) => id === subscriptionId)?.state;
      expect(whole ? ['read'] : ['partial', 'denied']).toContain(state);
    },
  );

  test.for([
    ['first', 1],
    ['second', 2],
  ] as const)(
    'a subscription denied before the %s snapshot is a gap, never a subscription without vaults',
    async ([, nth]) => {
      const subscriptionId = guidOf('payments');
      const disturbed = open();
      disturbed.azure.inject({ kind: 'deny', subscriptionId, match: { query: countedSnapshots, nth } });
      const result = await listen(
        liveSource({ connection: disturbed.connection, ...everything, subscriptions: Object.keys(vaults) }),
      );
      expect(result.unreadable).toMatchObject([{ scope: `/subscriptions/${subscriptionId}` }]);
      const state = result.coverage?.subscriptions.find(({ id }) => id === subscriptionId)?.state;
      expect(['partial', 'denied']).toContain(state);
    },
  );

  test.for(positions)(
    'vaults deleted before the %s page are churn: the rest is complete, and the counts show it',
    async ([, nth]) => {
      const disturbed = open();
      const gone = guidOf('data');
      const run = (): void => {
        const { tenant } = disturbed.azure;
        tenant.resources = listed(tenant).filter(({ id }) => typeof id === 'string' && !id.includes(gone));
      };
      disturbed.azure.inject({ kind: 'hook', run, match: { query: rowsQuery, nth } });
      const result = await read(disturbed);
      const others = undisturbed.resources.filter(({ subscriptionId }) => subscriptionId !== gone);
      expect(result.resources).toEqual(expect.arrayContaining([...others]));
      expect(result.unreadable).toEqual([]);
      const subscription = result.coverage?.subscriptions.find(({ id }) => id === gone);
      expect(subscription?.expectedRows).toBe(vaults.data + sound.data);
      const seen = result.resources.filter(({ subscriptionId }) => subscriptionId === gone);
      expect(subscription?.rows).toBe(seen.length);
    },
  );
}
