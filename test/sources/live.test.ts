import { describe, expect, test } from 'vitest';

import { demoTenant, guidOf, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { AzureError, UsageError } from '../../src/model/errors.ts';
import { emptyScope, type ReadProgress, type SourceEvent } from '../../src/model/source.ts';
import { liveSource } from '../../src/sources/live.ts';
import type { NamedScope } from '../../src/sources/live/first-snapshot.ts';
import { estate, tenantOf, vault, type Estate } from '../azure/estate.ts';
import { coverageIn, describeSource, listen, type ReadResult } from './source-contract.ts';

function read({ connection }: Estate, named: Partial<NamedScope> = {}): Promise<ReadResult> {
  return listen(liveSource({ connection, subscriptions: [], managementGroups: [], ...named }));
}

function readTenant(
  tenant: Tenant,
  named?: Partial<NamedScope>,
  options?: EmulatorOptions,
): Promise<ReadResult> {
  return read(estate(tenant, options), named);
}

async function refusal(tenant: Tenant, named?: Partial<NamedScope>): Promise<AzureError | UsageError> {
  const error: unknown = await readTenant(tenant, named).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof AzureError || error instanceof UsageError) return error;
  throw new Error('the source did not refuse', { cause: error });
}

function states({ coverage }: ReadResult): Readonly<Record<string, string>> {
  return Object.fromEntries((coverage?.subscriptions ?? []).map(({ name, state }) => [name, state]));
}

describeSource('a live read', () => {
  const { connection } = estate(tenantOf({ retail: 3, payments: 2, empty: 0 }));
  return liveSource({ connection, subscriptions: [], managementGroups: [] });
});

describe('every expected subscription is accounted for', () => {
  function tenant(): Tenant {
    const made = tenantOf({ full: 3, empty: 0, denied: 2, listed: 2, off: 1, some: 6 });
    for (const subscription of made.subscriptions) {
      if (subscription.name === 'denied') subscription.access = 'denied';
      if (subscription.name === 'listed') Object.assign(subscription, { access: 'denied', listed: true });
      if (subscription.name === 'off') subscription.state = 'Disabled';
    }
    return made;
  }

  test('across the tenant: those that can be listed', async () => {
    const result = await readTenant(tenant());
    expect(states(result)).toEqual({
      full: 'read',
      empty: 'empty',
      listed: 'denied',
      off: 'disabled',
      some: 'read',
    });
    expect(result.coverage?.expectedFrom).toBe('visible');
    expect(result.unreadable.map(({ scope, kind }) => [scope, kind])).toEqual([
      [`/subscriptions/${guidOf('listed')}`, 'subscription'],
    ]);
    expect(result.unreadable[0]?.hint).toContain('Reader');
  });

  test('below a management group: its descendants, denied ones by name', async () => {
    const result = await readTenant(tenant(), { managementGroups: ['mg-root'] });
    expect(result.coverage?.expectedFrom).toBe('managementGroup');
    expect(states(result)).toMatchObject({
      full: 'read',
      denied: 'denied',
      listed: 'denied',
      off: 'disabled',
    });
    expect(result.unreadable).toHaveLength(2);
  });

  test('below a management group that may not be read itself: what shows below it, and a gap for the group', async () => {
    const made = tenant();
    for (const group of made.managementGroups) group.access = 'denied';
    const result = await readTenant(made, { managementGroups: ['mg-root'] });
    expect(result.coverage?.expectedFrom).toBe('visible');
    const group = { 'mg-root': 'denied' };
    expect(states(result)).toEqual({ full: 'read', empty: 'empty', off: 'disabled', some: 'read', ...group });
    expect(result.unreadable).toMatchObject([{ scope: 'mg-root', kind: 'managementGroup' }]);
  });

  test('named by id in any letter case, or by display name', async () => {
    const named = { subscriptions: [guidOf('full').toUpperCase(), 'SOME', guidOf('denied')] };
    const result = await readTenant(tenant(), named);
    expect(result.coverage?.expectedFrom).toBe('named');
    expect(result.resources).toHaveLength(9);
    expect(states(result)).toEqual({ full: 'read', some: 'read', [guidOf('denied')]: 'denied' });
    expect(result.unreadable[0]?.reason).toBe('The identity does not have permission to read it.');
  });

  test('an id that does not exist says so', async () => {
    const result = await readTenant(tenant(), { subscriptions: ['full', guidOf('nowhere')] });
    expect(result.unreadable.map(({ reason }) => reason)).toEqual([
      'Not found: it does not exist, or not in the tenant that you signed in to.',
    ]);
  });

  test('a name that nothing answers to makes the read incomplete', async () => {
    const result = await readTenant(tenant(), { subscriptions: ['full', 'fulll'] });
    expect(result.resources).toHaveLength(3);
    expect(result.unreadable.map(({ scope }) => scope)).toEqual(['fulll']);
    expect(states(result)).toEqual({ full: 'read', fulll: 'notFound' });
  });

  test('a management group that cannot be seen, beside one that can', async () => {
    const result = await readTenant(tenant(), { managementGroups: ['mg-root', 'mg-none'] });
    expect(result.resources).toHaveLength(10);
    expect(result.unreadable.map(({ scope, kind }) => [scope, kind])).toContainEqual([
      'mg-none',
      'managementGroup',
    ]);
    expect(states(result)).toMatchObject({ full: 'read', 'mg-none': 'notFound' });
  });

  test('a management group by its display name', async () => {
    const result = await readTenant(tenant(), { managementGroups: ['root'] });
    expect(result.resources).toHaveLength(10);
    expect(result.events[0]).toMatchObject({ scope: { managementGroups: ['mg-root'] } });
  });

  test('a display name that may be that of another group, too, stands for none', async () => {
    const made = tenantOf({ one: 1, two: 1 });
    for (const [index, subscription] of made.subscriptions.entries()) {
      const id = `mg-${index}`;
      made.managementGroups.push({ id, displayName: 'Production', parent: 'mg-root' });
      Object.assign(subscription, { managementGroup: id });
    }
    const azure = estate(made);
    azure.azure.inject({ kind: 'truncatedPage', match: { query: /management\/managementgroups/ }, times: 9 });
    await expect(read(azure, { managementGroups: ['Production'] })).rejects.toThrow(AzureError);
  });

  test('rights on some resource groups only are a part, not the whole', async () => {
    const made = tenant();
    const some = made.subscriptions.find(({ name }) => name === 'some');
    Object.assign(some ?? {}, { access: 'resourceGroups', readableResourceGroups: ['rg-0'] });
    const result = await readTenant(made);
    expect(states(result)['some']).toBe('partial');
    expect(result.resources.filter(({ subscriptionId }) => subscriptionId === guidOf('some'))).toHaveLength(
      2,
    );
  });

  test('the scope carries names, and the management groups above each subscription', async () => {
    const { events } = await readTenant(demoTenant(), { managementGroups: ['contoso-platform'] });
    expect(events[0]).toMatchObject({
      scope: { managementGroups: ['contoso-platform'] },
      subscriptions: expect.arrayContaining([
        expect.objectContaining({
          name: 'platform-identity',
          managementGroups: [
            { id: 'contoso-platform', name: 'Platform' },
            { id: 'contoso', name: 'Contoso' },
          ],
        }),
      ]),
    });
  });
});

describe('nothing to be seen is an error that says which right is missing', () => {
  function denied(): Tenant {
    const made = tenantOf({ one: 2, two: 1 });
    for (const subscription of made.subscriptions) subscription.access = 'denied';
    return made;
  }

  test.for([
    ['every subscription that was named', { subscriptions: [guidOf('one'), guidOf('two')] }],
    ['a subscription that does not exist', { subscriptions: [guidOf('nowhere')] }],
    ['a name that nothing answers to', { subscriptions: ['nowhere'] }],
    ['everything below a management group', { managementGroups: ['mg-root'] }],
    ['a management group that does not exist', { managementGroups: ['mg-none'] }],
    ['the whole tenant', {}],
  ] as const)('%s', async ([, named]) => {
    const error = await refusal(denied(), named);
    expect(error.message).not.toBe('');
    expect(error.hint).toMatch(/Reader|Check|right/);
  });

  test('an ambiguous display name asks for the id', async () => {
    const made = tenantOf({ one: 1, two: 1 });
    for (const subscription of made.subscriptions) Object.assign(subscription, { name: 'prod' });
    const error = await refusal(made, { subscriptions: ['prod'] });
    expect(error).toBeInstanceOf(UsageError);
    expect(error.hint).toContain(guidOf('two'));
  });
});

test('a management group without subscriptions is a complete read of nothing', async () => {
  const made = tenantOf({ one: 1 });
  made.managementGroups.push({ id: 'mg-new', displayName: 'New', parent: 'mg-root' });
  const result = await readTenant(made, { managementGroups: ['mg-new'] });
  expect(result.unreadable).toEqual([]);
  expect(result.coverage?.subscriptions).toEqual([]);
});

describe('scale', () => {
  test.for([
    [0, 2],
    [1, 3],
    [1000, 3],
    [1001, 4],
  ] as const)('%i vaults take %i requests', async ([count, requests]) => {
    const { connection, graphRequests } = estate(tenantOf({ one: count, two: 0 }));
    const result = await listen(liveSource({ connection, subscriptions: [], managementGroups: [] }));
    expect(result.resources).toHaveLength(count);
    expect(graphRequests()).toHaveLength(requests);
    expect(result.coverage).toMatchObject({ queries: requests, pages: requests - 2, retries: 0, waitMs: 0 });
  });

  test('pages that Azure shortens because they are large lose nothing', async () => {
    const result = await readTenant(tenantOf({ one: 120 }), {}, { payloadLimit: 5_000 });
    expect(result.resources).toHaveLength(120);
    expect(result.unreadable).toEqual([]);
  });
});

test('a vault without properties is reported at the end, as a gap', async () => {
  const made = tenantOf({ one: 2 });
  const bare = { ...vault('one', 7), properties: null };
  if (Array.isArray(made.resources)) made.resources.push(bare);
  const result = await readTenant(made);
  expect(result.resources.map(({ gaps }) => gaps.join())).toEqual(['', '', 'properties']);
  expect(result.unreadable.map(({ kind, scope }) => [kind, scope])).toEqual([
    ['resource', result.resources[2]?.id],
  ]);
  expect(states(result)).toEqual({ one: 'partial' });
});

test('an empty group that can be seen, beside one that cannot, is incomplete and no error', async () => {
  const result = await readTenant(tenantOf({}), { managementGroups: ['mg-root', 'nope'] });
  expect(states(result)).toEqual({ nope: 'notFound' });
  expect(result.unreadable).toHaveLength(1);
});

test('what is named twice is reported once, and read once', async () => {
  const named = { managementGroups: ['mg-root', 'MG-ROOT'], subscriptions: ['one', 'nope', 'NOPE'] };
  const result = await readTenant(tenantOf({ one: 3 }), named);
  expect(result.coverage).toMatchObject({ pages: 1 });
  expect(result.unreadable).toHaveLength(1);
});

test('an empty group, interrupted, is not known to be whole', async () => {
  const { connection } = estate(tenantOf({}));
  const controller = new AbortController();
  const seen: SourceEvent[] = [];
  const source = liveSource({ connection, subscriptions: [], managementGroups: ['mg-root'] });
  for await (const event of source.read(controller.signal, emptyScope)) {
    if (event.kind === 'scope') controller.abort();
    seen.push(event);
  }
  const last = seen.at(-1);
  expect(last).toMatchObject({ coverage: { subscriptions: [{ id: 'mg-root', state: 'partial' }] } });
});

test('interrupted before anything is known, what was named is not known to be whole', async () => {
  const { connection } = estate(tenantOf({ one: 2 }));
  const named = { subscriptions: ['one'], managementGroups: ['mg-root'] };
  const result = await listen(liveSource({ connection, ...named }), AbortSignal.abort());
  expect(states(result)).toEqual({ one: 'partial', 'mg-root': 'partial' });
});

test('a subscription that becomes visible with its rows only is not known to be complete', async () => {
  const made = tenantOf({ one: 2, new: 1 });
  const fresh = made.subscriptions.find(({ name }) => name === 'new');
  if (fresh !== undefined) fresh.access = 'denied';
  const azure = estate(made);
  azure.azure.inject({
    kind: 'hook',
    run: ({ subscriptions }) => {
      for (const subscription of subscriptions) subscription.access = 'full';
    },
    match: { query: /project id, name, type/ },
  });
  const result = await read(azure);
  expect(result.resources).toHaveLength(3);
  expect(states(result)).toEqual({ one: 'read', [guidOf('new')]: 'partial' });
  expect(result.unreadable.map(({ scope }) => scope)).toEqual([`/subscriptions/${guidOf('new')}`]);
});

test('progress reports pages, resources and waiting', async () => {
  const { connection } = estate(tenantOf({ one: 2500 }), { quota: { limit: 2, windowMs: 5000 } });
  const seen: ReadProgress[] = [];
  const source = liveSource({
    connection,
    subscriptions: [],
    managementGroups: [],
    onProgress: (progress) => seen.push(progress),
  });
  await listen(source);
  expect(seen.at(-1)).toEqual({ subscriptions: 1, pages: 3, resources: 2500, waitingMs: 0 });
  expect(seen.some(({ waitingMs }) => waitingMs > 0)).toBe(true);
});

test('interrupted between pages: what was read is returned, the rest is partial, and nothing is asked any more', async () => {
  const { connection, graphRequests } = estate(tenantOf({ one: 14, two: 14 }), { payloadLimit: 5_000 });
  const controller = new AbortController();
  const source = liveSource({ connection, subscriptions: [], managementGroups: [] });
  const result: SourceEvent[] = [];
  let requests = 0;
  for await (const event of source.read(controller.signal, emptyScope)) {
    result.push(event);
    if (event.kind !== 'resources' || controller.signal.aborted) continue;
    controller.abort();
    requests = graphRequests().length;
  }
  expect(graphRequests().length).toBeLessThanOrEqual(requests + 1);
  const [coverage] = result.flatMap(coverageIn);
  expect(coverage?.subscriptions.map(({ state }) => state)).toContain('partial');
  expect(result.flatMap((event) => (event.kind === 'unreadable' ? [event.entry.kind] : []))).toEqual([
    'interrupted',
  ]);
});
