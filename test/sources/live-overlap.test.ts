import { describe, expect, test } from 'vitest';

import { guidOf, type Tenant } from '../../emulator/index.ts';
import { emptyScope } from '../../src/model/source.ts';
import { liveSource } from '../../src/sources/live.ts';
import type { NamedScope } from '../../src/sources/live/first-snapshot.ts';
import { estate, tenantOf, type Estate } from '../azure/estate.ts';
import { holdRequests, waitUntil } from '../held-requests.ts';
import { listen, type ReadResult } from './source-contract.ts';

function read({ connection }: Estate, named: Partial<NamedScope> = {}): Promise<ReadResult> {
  return listen(liveSource({ connection, subscriptions: [], managementGroups: [], ...named }));
}

/** What was asked, in the order of the answers. */
function asked({ azure }: Estate): readonly string[] {
  return azure.requests.map(({ path, body }) => {
    if (!path.includes('ResourceGraph')) return path.split('/').at(-1) ?? '';
    return JSON.stringify(body).includes('summarize') ? 'count' : 'page';
  });
}

function grouped(): Tenant {
  const made = tenantOf({ one: 3, two: 2 });
  made.managementGroups = ['g1', 'g2'].map((id) => ({ id, displayName: id }));
  for (const [index, one] of made.subscriptions.entries()) one.managementGroup = `g${index + 1}`;
  return made;
}

describe('no request waits for another that it does not need', () => {
  test.for<[string, Partial<NamedScope>, readonly string[]]>([
    ['the tenant', {}, ['count', 'page', 'subscriptions']],
    ['a management group', { managementGroups: ['g1'] }, ['count', 'descendants', 'page']],
    ['subscriptions by id', { subscriptions: ['one', 'two'].map(guidOf) }, ['count', 'page']],
    [
      'two management groups',
      { managementGroups: ['g1', 'g2'] },
      ['count', 'count', 'descendants', 'descendants'],
    ],
  ])('%s: all that begins a read is under way before any of it is answered', async ([, named, expected]) => {
    const azure = estate(grouped());
    const held = holdRequests(azure.azure, {});
    const reading = read(azure, named);
    await waitUntil(() => held.taken() === expected.length);
    held.release();
    const { unreadable } = await reading;
    expect(asked(azure).slice(0, expected.length).toSorted()).toEqual(expected);
    expect(unreadable).toEqual([]);
  });

  test('rights are asked about together with the last count', async () => {
    const azure = estate(grouped(), { latencyMs: 20 });
    const held = holdRequests(azure.azure, {}, 3);
    const reading = read(azure, { managementGroups: ['g1'] });
    await waitUntil(() => held.taken() === 5);
    held.release();
    expect((await reading).unreadable).toEqual([]);
    expect(asked(azure).slice(3).toSorted()).toEqual(['count', 'permissions']);
  });

  test('the last counts of two management groups do not wait for each other', async () => {
    const azure = estate(grouped());
    let first = true;
    const run = async (): Promise<void> => {
      if (!first) return;
      first = false;
      await waitUntil(() => lastCounts.taken() > 0);
    };
    const match = { query: /summarize/, managementGroup: 'g1', nth: 2 };
    azure.azure.inject({ kind: 'hook', run, match });
    const lastCounts = counted(azure, { query: /summarize/, managementGroup: 'g2', nth: 2 });
    expect((await read(azure, { managementGroups: ['g1', 'g2'] })).unreadable).toEqual([]);
  });
});

function counted(
  { azure }: Estate,
  match: { readonly query: RegExp; readonly managementGroup?: string; readonly nth?: number },
): { readonly taken: () => number } {
  let taken = 0;
  const run = (): void => {
    taken += 1;
  };
  azure.inject({ kind: 'hook', run, match, times: Number.MAX_SAFE_INTEGER });
  return { taken: () => taken };
}

test('the next page is asked for before what a page holds is passed on', async () => {
  const azure = estate(tenantOf({ one: 2500 }));
  const pages = counted(azure, { query: /project id, name, type/ });
  const source = liveSource({ connection: azure.connection, subscriptions: [], managementGroups: [] });
  const askedBy: number[] = [];
  for await (const event of source.read(new AbortController().signal, emptyScope))
    if (event.kind === 'resources') askedBy.push(pages.taken());
  expect(askedBy).toEqual([2, 3, 3]);
});

describe('a first page that turns out not to be needed is not waited for', () => {
  const never = (): Promise<void> => new Promise(() => undefined);
  const page = { query: /project id, name, type/ };

  test('where there is nothing to read', async () => {
    const azure = estate(tenantOf({ one: 0 }), { latencyMs: 5 });
    azure.azure.inject({ kind: 'hook', run: never, match: page });
    const result = await read(azure);
    expect(result.coverage?.subscriptions).toMatchObject([{ state: 'empty' }]);
  });

  test('where the scope cannot be seen', async () => {
    const azure = estate(tenantOf({ one: 1 }), { latencyMs: 5 });
    azure.azure.inject({ kind: 'hook', run: never, match: page });
    await expect(read(azure, { managementGroups: ['nope'] })).rejects.toThrow(/nope/);
  });

  test('where Resource Graph refuses to count, and a plainer query takes over', async () => {
    const azure = estate(tenantOf({ one: 3 }), { latencyMs: 5 });
    azure.azure.inject({ kind: 'hook', run: never, match: page });
    azure.azure.inject({ kind: 'status', status: 400, code: 'InvalidQuery', match: { query: /summarize/ } });
    const result = await read(azure);
    expect(result.resources).toHaveLength(3);
    expect(result.coverage?.resourceGraph).toMatchObject({ form: 'plain' });
  });
});

describe('a first page under way with the first count', () => {
  test('costs no request more, over one page or several', async () => {
    for (const [vaults, requests] of [
      [3, 3],
      [1001, 4],
    ] as const) {
      const azure = estate(tenantOf({ one: vaults, two: 0 }), { latencyMs: 5 });
      const result = await read(azure, { subscriptions: ['one', 'two'].map(guidOf) });
      expect(result.resources).toHaveLength(vaults);
      expect(azure.graphRequests()).toHaveLength(requests);
    }
  });

  test('is one more where nothing is there', async () => {
    const azure = estate(tenantOf({ one: 0 }), { latencyMs: 5 });
    await read(azure);
    expect(azure.graphRequests()).toHaveLength(3);
  });

  test.for([400, 413, 500])('refused with %i, it is refused as any page is', async (status) => {
    const azure = estate(tenantOf({ one: 3 }), { latencyMs: 5 });
    azure.azure.inject({ kind: 'status', status, times: 9, match: { query: /hash\(.*order by id/ } });
    const result = await read(azure);
    expect(result.resources).toHaveLength(3);
    expect(result.unreadable).toEqual([]);
  });

  test('too large, it is asked for again in halves', async () => {
    const azure = estate(tenantOf({ one: 3 }), { latencyMs: 5 });
    const match = { query: /project id, name, type/ };
    azure.azure.inject({ kind: 'status', status: 400, code: 'ResponsePayloadTooLarge', match });
    expect((await read(azure)).resources).toHaveLength(3);
    const sizes = azure.graphRequests().flatMap(({ query, body }) => {
      return match.query.test(query) ? [/"\$top":(\d+)/.exec(JSON.stringify(body))?.[1]] : [];
    });
    expect(sizes).toEqual(['1000', '500']);
  });
});
