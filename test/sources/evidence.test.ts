import { describe, expect, test } from 'vitest';

import { guidOf, managedHsmBody, type Fault, type Tenant } from '../../emulator/index.ts';
import { roles } from '../../emulator/rights/role.ts';
import type { Json } from '../../src/model/json.ts';
import { vault } from '../../src/resource-types/vault.ts';
import { liveSource, type LiveOptions } from '../../src/sources/live.ts';
import { estate, tenantOf, type Estate } from '../azure/estate.ts';
import { listen, type ReadResult } from './source-contract.ts';

const everything = { subscriptions: [], managementGroups: [] };
const permissions = /Microsoft\.Authorization\/permissions$/;
const hsmRead = 'Microsoft.KeyVault/managedHSMs/read';
const group = (id: string): string => `/providers/Microsoft.Management/managementGroups/${id}`;
const subscription = (name: string): string => `/subscriptions/${guidOf(name)}`;

/** Two groups below a root, with two subscriptions of two vaults each; and one subscription that another tenant delegated. */
function twoGroups(assignments: Tenant['roleAssignments'], changes: Partial<Tenant> = {}): Tenant {
  const tenant = tenantOf({ a1: 2, a2: 2, b1: 2, b2: 2, away: 1 });
  return {
    ...tenant,
    managementGroups: [
      { id: 'root', displayName: 'Tenant Root Group' },
      { id: 'mg-a', displayName: 'A', parent: 'root' },
      { id: 'mg-b', displayName: 'B', parent: 'root' },
    ],
    subscriptions: tenant.subscriptions.map(({ id, name }) => {
      if (name === 'away') return { id, name };
      return { id, name, managementGroup: name.startsWith('a') ? 'mg-a' : 'mg-b' };
    }),
    roleAssignments: assignments ?? [],
    ...changes,
  };
}

function read(from: Estate, options: Partial<LiveOptions> = {}): Promise<ReadResult> {
  return listen(liveSource({ connection: from.connection, ...everything, ...options }));
}

function states({ coverage }: ReadResult): Record<string, string> {
  return Object.fromEntries((coverage?.subscriptions ?? []).map(({ name, state }) => [name, state]));
}

/** What was asked of ARM about rights: the last part of each scope, and the vaults that were tried. */
function asked({ azure }: Estate): readonly string[] {
  const names = new Map(azure.tenant.subscriptions.map(({ id, name }) => [id, name]));
  return azure.requests.flatMap(({ path }) => {
    if (path.endsWith('/vaults/purgeproof-none')) return ['a vault'];
    if (!permissions.test(path)) return [];
    const scope = path.split('/providers/Microsoft.Authorization/')[0]?.split('/').at(-1) ?? '';
    return [names.get(scope) ?? scope];
  });
}

const away = { scope: subscription('away'), role: roles.reader };

describe('rights are asked for where they may be held for many', () => {
  test('held at the root: once for the tenant, and once for what is not below it', async () => {
    const azure = estate(twoGroups([{ scope: group('root'), role: roles.reader }, away]));
    const result = await read(azure);
    expect(result.unreadable).toEqual([]);
    expect(asked(azure)).toEqual(['root', 'away']);
  });

  test('held at a group below the root: twice, and once for each that is not below that', async () => {
    const azure = estate(twoGroups([{ scope: group('mg-a'), role: roles.reader }, away]));
    const result = await read(azure);
    expect(states(result)).toEqual({ a1: 'read', a2: 'read', away: 'read' });
    expect(asked(azure)).toEqual(['root', 'mg-a', 'away']);
  });

  test('held nowhere above: at most two more than there are subscriptions', async () => {
    const each = ['a1', 'a2', 'b1', 'b2', 'away'].map((name) => ({
      scope: subscription(name),
      role: roles.reader,
    }));
    const azure = estate(twoGroups(each));
    const result = await read(azure);
    expect(result.unreadable).toEqual([]);
    expect(asked(azure).toSorted()).toEqual(['a1', 'a2', 'away', 'b1', 'b2', 'mg-a', 'root']);
  });

  test.for<[string, Partial<LiveOptions>, readonly string[]]>([
    ['a named group', { managementGroups: ['MG-A'] }, ['MG-A']],
    ['two named groups', { managementGroups: ['mg-a', 'mg-b'] }, ['mg-a', 'mg-b']],
    ['a named group by its display name', { managementGroups: ['Tenant Root Group'] }, ['root']],
    ['a named subscription', { subscriptions: ['a1'] }, ['a1']],
  ])('%s', async ([, named, expected]) => {
    const azure = estate(twoGroups([{ scope: group('root'), role: roles.reader }]));
    const result = await read(azure, named);
    expect(result.unreadable).toEqual([]);
    expect(asked(azure)).toEqual(expected);
  });

  test('nothing where no rule is about what is read', async () => {
    const azure = estate(twoGroups([{ scope: group('root'), role: roles.costManagementReader }]));
    expect((await read(azure, { judgedTypes: [] })).unreadable).toEqual([]);
    expect(asked(azure)).toEqual([]);
  });
});

describe('vaults and managed HSMs are two rights', () => {
  const reader = { scope: group('root'), role: roles.reader };
  const hsm = managedHsmBody({
    subscriptionId: guidOf('a1'),
    resourceGroup: 'rg',
    name: 'hsm',
    location: 'x',
  });
  const vaultsOnly = {
    actions: [
      'Microsoft.KeyVault/vaults/read',
      'Microsoft.Resources/*/read',
      'Microsoft.Authorization/*/read',
    ],
  };

  test('of which one is missing: HSMs are a gap, and named', async () => {
    const result = await read(estate(twoGroups([{ scope: subscription('a1'), role: vaultsOnly }])));
    expect(states(result)).toEqual({ a1: 'partial' });
    expect(result.resources).toHaveLength(2);
    const [gap] = result.unreadable;
    expect(gap?.reason).toContain(hsmRead);
    expect(gap?.reason).not.toContain('vaults/read');
  });

  test('of which one is missing in a subscription without vaults: it was read in part', async () => {
    const tenant = twoGroups([{ scope: subscription('a1'), role: vaultsOnly }], { resources: [hsm] });
    expect(states(await read(estate(tenant)))).toEqual({ a1: 'partial' });
  });

  test('unless no rule judges HSMs', async () => {
    const azure = estate(twoGroups([{ scope: subscription('a1'), role: vaultsOnly }]));
    const result = await read(azure, { judgedTypes: [vault.type] });
    expect([states(result), result.unreadable]).toEqual([{ a1: 'read' }, []]);
  });

  test('that may be held in different places', async () => {
    const hsmsOnly = { actions: [hsmRead] };
    const result = await read(
      estate(
        twoGroups([
          { scope: subscription('a1'), role: vaultsOnly },
          { scope: group('root'), role: hsmsOnly },
          { scope: group('mg-b'), role: roles.reader },
        ]),
      ),
    );
    expect(states(result)).toMatchObject({ a1: 'read', b1: 'read', b2: 'read' });
    expect(reader.role.actions).toEqual(['*/read']);
  });
});

describe('a pattern that may be read in two ways is tried once', () => {
  const keyVaultReader = {
    ...roles.keyVaultReader,
    actions: [...roles.keyVaultReader.actions, 'Microsoft.Resources/subscriptions/read'],
  };
  const onlyVaults = { judgedTypes: [vault.type] };

  test.for([
    ['mayBeNothing', 'read'],
    ['isSomething', 'partial'],
  ] as const)('where a wildcard between slashes %s, on a subscription', async ([innerWildcard, state]) => {
    const assignments = ['a1', 'a2'].flatMap((name) => [
      { scope: subscription(name), role: keyVaultReader },
      { scope: `${subscription(name)}/resourceGroups/rg-0`, role: roles.reader },
    ]);
    const azure = estate(twoGroups(assignments, { innerWildcard }));
    expect(states(await read(azure, onlyVaults))).toEqual({ a1: state, a2: state });
    expect(asked(azure).filter((one) => one === 'a vault')).toHaveLength(1);
  });

  test('on a management group, where one subscription below it has the right by another role', async () => {
    const assignments = [
      { scope: group('root'), role: keyVaultReader },
      { scope: subscription('a1'), role: roles.reader },
    ];
    const azure = estate(twoGroups(assignments, { innerWildcard: 'isSomething' }));
    expect(states(await read(azure, onlyVaults))).toEqual({
      a1: 'read',
      a2: 'denied',
      b1: 'denied',
      b2: 'denied',
    });
    const generous = estate(twoGroups(assignments, { innerWildcard: 'mayBeNothing' }));
    expect(new Set(Object.values(states(await read(generous, onlyVaults))))).toEqual(new Set(['read']));
  });
});

test('a disabled subscription is read where it can be read, and a gap where it cannot', async () => {
  const tenant = twoGroups([
    { scope: subscription('a1'), role: roles.reader },
    { scope: subscription('a2'), role: roles.costManagementReader },
  ]);
  for (const one of tenant.subscriptions) one.state = 'Disabled';
  const result = await read(estate(tenant));
  expect(states(result)).toEqual({ a1: 'disabled', a2: 'denied' });
  expect(result.resources).toHaveLength(2);
  expect(result.unreadable.map(({ scope }) => scope)).toEqual([subscription('a2')]);
});

describe('an answer that cannot be understood is no evidence', () => {
  const entry = { actions: ['*'], notActions: [], dataActions: [], notDataActions: [] };
  const bodies: readonly (readonly [string, Json])[] = [
    ['no entries', { value: [] }],
    ['no list', {}],
    ['a list that is none', { value: 'none' }],
    ['an entry that is none', { value: ['*'] }],
    ['actions as a text', { value: [{ ...entry, actions: '*' }] }],
    ['actions with something else among them', { value: [{ ...entry, actions: ['*', 7] }] }],
    ['no actions', { value: [{ notActions: [] }] }],
    ['exceptions as a text', { value: [{ ...entry, notActions: 'Microsoft.KeyVault/*' }] }],
    ['a condition', { value: [{ ...entry, condition: "@Resource[x] StringEquals 'y'" }] }],
    ['rights on data only', { value: [{ ...entry, actions: [], dataActions: ['*'] }] }],
    ['a next page on another host', { value: [entry], nextLink: 'https://elsewhere.example/x' }],
  ];
  const statuses = [400, 403, 404, 500, 503].map((status): readonly [string, Fault] => [
    String(status),
    { kind: 'status', status },
  ]);

  test.for([
    ...bodies.map(([name, body]): readonly [string, Fault] => [name, { kind: 'status', status: 200, body }]),
    ...statuses,
    ['resets', { kind: 'resetBeforeHeaders' }] as const,
    ['broken bodies', { kind: 'truncatedBody' }] as const,
    ['throttling without end', { kind: 'status', status: 429 }] as const,
  ])('%s', async ([, fault]) => {
    const azure = estate(twoGroups([{ scope: subscription('a1'), role: roles.reader }]));
    azure.azure.inject({ ...fault, times: 1e6, match: { path: permissions } });
    const result = await read(azure);
    expect(states(result)).toEqual({ a1: 'partial' });
    expect(result.resources).toHaveLength(2);
    expect(result.unreadable).toMatchObject([{ scope: subscription('a1'), kind: 'subscription' }]);
    expect(result.unreadable[0]?.hint).not.toBe('');
  });

  test.for<[string, Json]>([
    ['exceptions that are left out', { value: [{ actions: ['*/read'] }] }],
    ['exceptions that are null', { value: [{ ...entry, notActions: null }] }],
    ['an empty condition', { value: [{ ...entry, condition: '' }] }],
    ['an odd entry beside a whole one', { value: [{ actions: 7 }, entry] }],
  ])('and %s are understood', async ([, body]) => {
    const azure = estate(twoGroups([{ scope: subscription('a1'), role: roles.reader }]));
    azure.azure.inject({ kind: 'status', status: 200, body, times: 1e6, match: { path: permissions } });
    expect(states(await read(azure))).toEqual({ a1: 'read' });
  });

  test('every page of it counts', async () => {
    const nothing = { scope: subscription('a1'), role: { actions: ['Microsoft.Authorization/*/read'] } };
    const tenant = twoGroups([nothing, nothing, nothing, { scope: subscription('a1'), role: roles.reader }]);
    expect(states(await read(estate(tenant, { pageSizes: { permissions: 2 } })))).toEqual({ a1: 'read' });
  });
});

describe('rights that are taken away while a subscription is read', () => {
  const snapshots = /summarize/;

  test.for([
    ['before the first page', { query: /project id, name, type, location/, nth: 1 }],
    ['before the rows are compared', { query: snapshots, nth: 2 }],
  ] as const)('%s: it is asked again, and is a gap', async ([, match]) => {
    const azure = estate(twoGroups([{ scope: group('root'), role: roles.reader }]));
    const run = (tenant: Tenant): void => {
      tenant.roleAssignments = [
        { scope: group('root'), role: { actions: ['*/read'], notActions: ['Microsoft.KeyVault/*'] } },
        { scope: subscription('a1'), role: roles.reader },
      ];
    };
    azure.azure.inject({ kind: 'hook', run, match });
    const result = await read(azure);
    expect(states(result)['a1']).toBe('read');
    for (const name of ['a2', 'b1', 'b2']) {
      const whole =
        result.resources.filter(({ subscriptionId }) => subscriptionId === guidOf(name)).length === 2;
      expect(whole || ['partial', 'denied'].includes(states(result)[name] ?? '')).toBe(true);
    }
  });

  test('before everything is read again by a plainer query: what was counted first is not forgotten', async () => {
    const azure = estate(twoGroups([{ scope: group('root'), role: roles.reader }]));
    const rows = { query: /project id, name, type, location/ };
    const run = (tenant: Tenant): void => {
      tenant.roleAssignments = [{ scope: group('root'), role: roles.costManagementReader }];
    };
    azure.azure.inject({ kind: 'hook', run, match: rows });
    azure.azure.inject({ kind: 'status', status: 400, code: 'InvalidQuery', match: rows });
    const result = await read(azure, {
      query: { types: [vault.type], pushedDown: { where: 'true', tallies: [] } },
    });
    expect(result.resources).toEqual([]);
    expect(new Set(Object.values(states(result)))).toEqual(new Set(['denied']));
  });

  test('vaults that are deleted meanwhile are not taken for it', async () => {
    const azure = estate(twoGroups([{ scope: group('root'), role: roles.reader }]));
    const run = (tenant: Tenant): void => {
      tenant.resources = [];
    };
    azure.azure.inject({ kind: 'hook', run, match: { query: snapshots, nth: 2 } });
    expect((await read(azure)).unreadable).toEqual([]);
  });
});

test('what a deny assignment hides stays invisible, as decision 10 says', async () => {
  const denied = twoGroups([{ scope: subscription('a1'), role: roles.reader }], {
    denyAssignments: [{ scope: subscription('a1'), actions: ['Microsoft.KeyVault/vaults/read'] }],
  });
  expect(states(await read(estate(denied)))).toEqual({ a1: 'empty' });
});
