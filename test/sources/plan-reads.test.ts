import { describe, expect, test } from 'vitest';

import { readSequence } from '../../src/azure/graph-sequence.ts';
import type { Sequence } from '../../src/azure/graph-query.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { planReads, rowsPerSequence } from '../../src/sources/live/query.ts';
import { merge } from '../../src/sources/live/read-pages.ts';
import { snapshotQuery, rowsQuery } from '../../src/sources/live/query.ts';
import { guidOf } from '../../emulator/index.ts';
import { estate, quietSession, tenantOf } from '../azure/estate.ts';

const query = { types: ['Microsoft.KeyVault/vaults'] };
const scope = { kind: 'tenant' } as const;

describe('sequences', () => {
  test.for([
    [0, 0],
    [1, 1],
    [25_000, 1],
    [25_001, 2],
    [60_000, 3],
    [100_000, 4],
    [100_001, 2],
    [1_000_000, 10],
  ] as const)('%i rows are read in %i sequences', ([rows, count]) => {
    const plan = planReads(query, { scope, rows });
    expect(plan).toHaveLength(count);
    const begins = plan.flatMap(({ skip }) => (skip === undefined ? [] : [skip]));
    const partitioned = rows > rowsPerSequence;
    expect(begins).toHaveLength(partitioned ? 0 : count);
    expect(new Set(plan.map((sequence) => sequence.query)).size).toBe(
      partitioned ? count : Math.min(1, count),
    );
  });

  test('sequences begin where the one before ends, at whole pages, and the last one is open', () => {
    const plan = planReads(query, { scope, rows: 60_500 });
    expect(plan.map(({ skip, rows }) => [skip, rows])).toEqual([
      [0, 21_000],
      [21_000, 21_000],
      [42_000, undefined],
    ]);
  });

  test('partitions by hash hold every row exactly once', async () => {
    const { connection } = estate(tenantOf({ one: 40, two: 30 }));
    const ids: string[] = [];
    for (const index of [0, 1, 2]) {
      const sequence: Sequence = { operation: 'read', scope, query: rowsQuery(query, { index, of: 3 }) };
      for await (const { rows } of readSequence(connection, quietSession(), sequence)) {
        ids.push(
          ...rows.flatMap((row) => (isJsonObject(row) && typeof row['id'] === 'string' ? [row['id']] : [])),
        );
      }
    }
    expect(ids).toHaveLength(70);
    expect(new Set(ids).size).toBe(70);
  });
});

describe('queries', () => {
  test('a condition narrows what is read and what is counted alike', async () => {
    const tallies = [{ column: 't0', type: 'Microsoft.KeyVault/vaults', where: 'not(kept)' }];
    const narrowed = { ...query, pushedDown: { where: "name endswith '7'", tallies } };
    const { connection } = estate(tenantOf({ one: 30 }));
    const read = async (kql: string): Promise<unknown> => {
      const sequence = { operation: 'read', scope, query: kql };
      for await (const { rows } of readSequence(connection, quietSession(), sequence)) return rows;
      return [];
    };
    expect(await read(rowsQuery(narrowed))).toHaveLength(3);
    expect(await read(snapshotQuery(narrowed))).toEqual([
      expect.objectContaining({ name: 'one', rows: null }),
      expect.objectContaining({ id: guidOf('one'), rows: 3, t0: 27, total: 30 }),
    ]);
  });

  test('a type is text in the query, whatever it holds', () => {
    const hostile = { types: ["a' or 1==1 //", 'b\\'] };
    expect(rowsQuery(hostile)).toContain(String.raw`type in~ ('a\' or 1==1 //', 'b\\')`);
  });
});

describe('streams side by side', () => {
  async function* stream(items: readonly number[], opened: number[] = []): AsyncGenerator<number> {
    for (const item of items) {
      opened.push(item);
      await Promise.resolve();
      yield item;
    }
  }

  test('everything comes, from all', async () => {
    const all: number[] = [];
    for await (const item of merge([stream([1, 2, 3]), stream([]), stream([4]), stream([5, 6])], 2))
      all.push(item);
    expect(all.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('nothing is read far ahead of a reader that stops', async () => {
    const opened: number[] = [];
    for await (const item of merge([stream([1, 2, 3, 4], opened), stream([10, 20, 30, 40], opened)], 2)) {
      expect(item).toBe(1);
      break;
    }
    expect(opened.length).toBeLessThanOrEqual(4);
  });

  test('an error of one ends the whole', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield await Promise.resolve(1);
      throw new Error('a bug');
    }
    const read = async (): Promise<void> => {
      for await (const item of merge([stream([1, 2, 3, 4, 5]), broken()], 2)) void item;
    };
    await expect(read()).rejects.toThrow('a bug');
  });
});
