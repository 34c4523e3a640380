import { expect, test } from 'vitest';
import { generateTenant } from '../../emulator/index.ts';
import { liveSource } from '../../src/sources/live.ts';
import { estate } from '../azure/estate.ts';
import { listen } from './source-contract.ts';

test('lanes over a long sequence cost no request more, and lose no row', async () => {
  const { connection, graphRequests } = estate(
    generateTenant({ subscriptions: 5, vaults: 30_000, failing: 0.5 }),
  );
  const told = await listen(liveSource({ connection, subscriptions: [], managementGroups: [] }));
  expect(new Set(told.resources.map(({ id }) => id)).size).toBe(30_000);
  expect(told.unreadable).toEqual([]);
  expect(graphRequests()).toHaveLength(32);
});
