import { expect, test } from 'vitest';
import { type EmulatorOptions, generateTenant, guidOf, type Tenant } from '../../emulator/index.ts';
import { liveSource } from '../../src/sources/live.ts';
import type { NamedScope } from '../../src/sources/live/first-snapshot.ts';
import { estate, tenantOf } from '../azure/estate.ts';
import { listen, type ReadResult } from './source-contract.ts';

function readTenant(
  tenant: Tenant,
  named: Partial<NamedScope> = {},
  options?: EmulatorOptions,
): Promise<ReadResult> {
  const { connection } = estate(tenant, options);
  return listen(liveSource({ connection, subscriptions: [], managementGroups: [], ...named }));
}

test('4500 vaults take 7 requests', async () => {
  const result = await readTenant(tenantOf({ one: 4500, two: 0 }));
  expect(result.resources).toHaveLength(4500);
  expect(result.coverage).toMatchObject({ queries: 7, pages: 5, retries: 0, waitMs: 0 });
});

test('readers of a long sequence cost no request more, and lose no row', async () => {
  const { connection, graphRequests } = estate(
    generateTenant({ subscriptions: 5, vaults: 30_000, failing: 0.5 }),
  );
  const result = await listen(liveSource({ connection, subscriptions: [], managementGroups: [] }));
  expect(new Set(result.resources.map(({ id }) => id)).size).toBe(30_000);
  expect(result.unreadable).toEqual([]);
  expect(graphRequests()).toHaveLength(32);
});

test.for([
  ['the tenant', {}],
  ['a management group', { managementGroups: ['mg-root'] }],
  ['a management group that may not be read itself', { managementGroups: ['mg-root'], hidden: true }],
] as const)('more subscriptions in %s than a query reaches: none is lost', async ([, named]) => {
  const names = Array.from({ length: 700 }, (_, index) => `s${index}`);
  const made = tenantOf(Object.fromEntries(names.map((name, index) => [name, index % 3])));
  for (const group of made.managementGroups) if ('hidden' in named) group.access = 'denied';
  const result = await readTenant(made, named, { subscriptionLimit: 500 });
  expect(result.resources).toHaveLength(699);
  const gaps = 'hidden' in named ? ['mg-root'] : [];
  expect(result.coverage?.subscriptions).toHaveLength(700 + gaps.length);
  expect(result.unreadable.map(({ scope }) => scope)).toEqual(gaps);
});

test('more named subscriptions than a list may hold', async () => {
  const names = Array.from({ length: 1100 }, (_, index) => `s${index}`);
  const result = await readTenant(tenantOf(Object.fromEntries(names.map((name) => [name, 1]))), {
    subscriptions: names.map(guidOf),
  });
  expect(result.resources).toHaveLength(1100);
  expect(result.unreadable).toEqual([]);
});
