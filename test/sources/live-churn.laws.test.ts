import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { guidOf, vaultBody, type Tenant } from '../../emulator/index.ts';
import type { Unaccepted } from '../../emulator/resource-graph/unaccepted.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { estate, type Estate } from '../azure/estate.ts';
import { runs } from '../runs.ts';
import { shippedRules } from '../shipped-rules.ts';
import { scanEstate } from '../usecases/scan-estate.ts';

const rules = shippedRules(['AKV002']);
const names = ['retail', 'payments', 'data'] as const;
const firstVaults = { retail: 8, payments: 7, data: 5 };

/** Something that happens in Azure, before Resource Graph answers its request number `before`. */
interface Change {
  readonly before: number;
  readonly kind: 'delete' | 'create' | 'destroy' | 'spoil' | 'repair' | 'grant' | 'deny';
  readonly subscription: (typeof names)[number];
  /** Which vault: those that are created, and destroyed again, are called by it too, and sort before or after all others. */
  readonly index: number;
}

/** An estate whose vaults come in pages of about five. Purge protection is on in every other vault. */
function open({ unaccepted = {}, latencyMs = 0 }: Pick<Reading, 'unaccepted' | 'latencyMs'>): Estate {
  const tenant: Tenant = {
    tenantId: guidOf('tenant'),
    managementGroups: [],
    subscriptions: names.map((name) => ({ id: guidOf(name), name })),
    resources: names.flatMap((name) =>
      Array.from({ length: firstVaults[name] }, (_, index) =>
        vault(name, `kv-m${index}`, { sound: index % 2 === 0 }),
      ),
    ),
  };
  return estate(tenant, {
    quota: 'unlimited',
    payloadLimit: 4_000,
    unaccepted,
    ...(latencyMs > 0 && { latencyMs }),
  });
}

function vault(subscription: string, name: string, { sound }: { readonly sound: boolean }): JsonObject {
  const place = { subscriptionId: guidOf(subscription), resourceGroup: 'rg', name, location: 'westeurope' };
  return vaultBody(place, sound ? { properties: { enablePurgeProtection: true } } : {});
}

function listed({ resources }: Tenant): JsonObject[] {
  if (typeof resources === 'function') throw new Error('this tenant lists its resources');
  return [...resources];
}

function make({ kind, subscription, index }: Change, tenant: Tenant): void {
  const vaults = listed(tenant);
  const find = (name: string): number =>
    vaults.findIndex(({ id }) => id === vault(subscription, name, { sound: true })['id']);
  const at = find(`kv-m${index}`);
  const added = index % 2 === 0 ? `kv-a${index}` : `kv-z${index}`;
  const known = tenant.subscriptions.find(({ name }) => name === subscription);
  if (isRight(kind)) {
    if (known !== undefined) known.access = kind === 'grant' ? 'full' : 'denied';
  } else if (kind === 'create') {
    if (find(added) === -1) vaults.push(vault(subscription, added, { sound: index % 3 === 0 }));
  } else if (kind === 'destroy') {
    if (find(added) !== -1) vaults.splice(find(added), 1);
  } else if (at !== -1) {
    if (kind === 'delete') vaults.splice(at, 1);
    else vaults[at] = vault(subscription, `kv-m${index}`, { sound: kind === 'repair' });
  }
  tenant.resources = vaults;
}

function isRight(kind: Change['kind']): boolean {
  return kind === 'grant' || kind === 'deny';
}

interface Outcome {
  readonly report: ScanReport;
  /** Ids of vaults that could be seen, and failed, at every moment. */
  readonly failing: readonly string[];
  /** How many vaults there were at every moment, and at any. */
  readonly always: number;
  readonly ever: number;
}

interface Reading {
  readonly full: boolean;
  readonly unaccepted?: Unaccepted;
  /** Requests that are sent together are under way together. */
  readonly latencyMs?: number;
  /** The number of the query with a hash from which on they are refused. */
  readonly refusedFrom?: number;
}

/** Scans while changes happen. */
async function scanAmid(changes: readonly Change[], how: Reading): Promise<Outcome> {
  const azure = open(how);
  if (how.refusedFrom !== undefined) {
    const match = { query: /hash\(/, nth: how.refusedFrom };
    azure.azure.inject({ kind: 'status', status: 400, code: 'InvalidQuery', times: 999, match });
  }
  const { tenant } = azure.azure;
  for (const { subscription } of changes.filter(({ kind }) => kind === 'grant'))
    Object.assign(tenant.subscriptions.find(({ name }) => name === subscription) ?? {}, { access: 'denied' });
  const moments: (readonly JsonObject[])[] = [listed(tenant)];
  for (const change of changes) {
    const run = (changed: Tenant): void => {
      make(change, changed);
      moments.push(listed(changed));
    };
    azure.azure.inject({ kind: 'hook', run, match: { path: /ResourceGraph/i, nth: change.before } });
  }
  const report = await scanEstate(azure, rules, { ...how, subscriptions: names.map(guidOf) });
  const idsOf = (bodies: readonly JsonObject[]): readonly string[] =>
    bodies.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  const always = (all: readonly (readonly string[])[]): readonly string[] =>
    (all[0] ?? []).filter((id) => all.every((ids) => ids.includes(id)));
  return {
    report,
    failing: always(moments.map((bodies) => idsOf(bodies.filter((body) => !isSound(body))))),
    always: always(moments.map(idsOf)).length,
    ever: new Set(moments.flatMap(idsOf)).size,
  };
}

function isSound({ properties }: JsonObject): boolean {
  return JSON.stringify(properties).includes('"enablePurgeProtection":true');
}

function expectNoFalseGreen({ report, failing, always, ever }: Outcome): void {
  expect(report.complete).toBe(isWhollyCovered(report));
  if (!report.complete) return;
  const found = report.findings.map(({ resource }) => resource.id);
  expect(found).toEqual(expect.arrayContaining([...failing]));
  expect(report.summary.resources).toBeGreaterThanOrEqual(always);
  expect(report.summary.resources).toBeLessThanOrEqual(ever);
}

const kinds = ['delete', 'create', 'spoil', 'repair', 'grant', 'deny'] as const;
const flaps = [
  ['create', 'destroy'],
  ['spoil', 'repair'],
  ['repair', 'spoil'],
  ['deny', 'grant'],
] as const;

/** What the coverage alone says of a report. */
function isWhollyCovered({ coverage }: ScanReport): boolean {
  return coverage.subscriptions.every(({ state }) => ['read', 'empty', 'disabled'].includes(state));
}

const reads = [
  ['a full read', { full: true }],
  ['a read that is pushed down', { full: false }],
] as const;

/** Changes of which the last may come before that request. */
function changesUpTo(last: number): fc.Arbitrary<readonly Change[]> {
  const place = {
    before: fc.integer({ min: 1, max: last }),
    subscription: fc.constantFrom(...names),
    index: fc.integer({ min: 0, max: 8 }),
  };
  const change = fc.record({ ...place, kind: fc.constantFrom(...kinds) }).map((one) => [one]);
  const thereAndBack = fc
    .tuple(fc.record(place), fc.constantFrom(...flaps), fc.integer({ min: 1, max: 4 }))
    .map(([at, [there, back], later]) => [
      { ...at, kind: there },
      { ...at, kind: back, before: at.before + later },
    ]);
  return fc.array(fc.oneof(change, thereAndBack), { minLength: 1, maxLength: 5 }).map((all) =>
    // One subscription can be seen all the time: else there may be nothing to read.
    all.flat().filter(({ kind, subscription }) => subscription !== 'retail' || !isRight(kind)),
  );
}

/** Three reads in five are complete: of 1,000, 606 to 674. Five standard deviations fewer are no chance. */
function fewestOf(reads: number): number {
  return 0.6 * reads - 5 * Math.sqrt(reads * 0.6 * 0.4);
}

describe.for<readonly [string, Reading]>([
  ['every query with a hash', { full: false, unaccepted: { words: ['hash()'] } }],
  ['every union', { full: true, unaccepted: { words: ['| union'] } }],
  ['the filter', { full: false, unaccepted: { words: ['bag_keys()'] } }],
  ['what it accepted before, from the second query on', { full: false, refusedFrom: 2 }],
  ['what it accepted before, from the fourth query on', { full: true, refusedFrom: 4 }],
])('Azure changes while it refuses %s', ([, how]) => {
  test('no vault is missed, or counted twice, in a read that calls itself complete', async () => {
    let complete = 0;
    await fc.assert(
      fc.asyncProperty(changesUpTo(18), async (changes) => {
        const outcome = await scanAmid(changes, how);
        complete += Number(outcome.report.complete);
        expectNoFalseGreen(outcome);
      }),
      { numRuns: runs(200) },
    );
    // A read that is never complete would never be wrong. A few runs may all happen to be disturbed.
    const { report } = await scanAmid([], how);
    expect(report.complete).toBe(true);
    expect(complete).toBeGreaterThanOrEqual(fewestOf(runs(200)));
  });
});

describe.for(reads)('Azure changes while requests of %s overlap', ([, how]) => {
  test('no vault is missed, or counted twice, in a read that calls itself complete', async () => {
    let complete = 0;
    await fc.assert(
      fc.asyncProperty(changesUpTo(9), async (changes) => {
        const outcome = await scanAmid(changes, { ...how, latencyMs: 1 });
        complete += Number(outcome.report.complete);
        expectNoFalseGreen(outcome);
      }),
      { numRuns: runs(200) },
    );
    expect(complete).toBeGreaterThan(0);
  });
});

describe.for(reads)('Azure changes between the requests of %s', ([, how]) => {
  test('whatever happens: no vault is missed, or counted twice, in a read that calls itself complete', async () => {
    await fc.assert(
      fc.asyncProperty(changesUpTo(9), async (changes) => {
        expectNoFalseGreen(await scanAmid(changes, how));
      }),
      { numRuns: runs(300) },
    );
    expect.hasAssertions();
  });

  test.for<[string, Change['kind'], Change['kind']]>([
    ['another is created further on', 'delete', 'create'],
    ['another is gone again that had come before it', 'create', 'destroy'],
    ['another is repaired again that had gone bad', 'spoil', 'repair'],
  ])('no vault slides unread to a page that has been read when %s', async ([, one, other]) => {
    const at = { subscription: 'retail', index: one === 'delete' ? 1 : 0 } as const;
    const outcome = await scanAmid(
      [
        { ...at, before: one === 'delete' ? 3 : 2, kind: one },
        { ...at, before: 3, kind: other },
      ],
      how,
    );
    expectNoFalseGreen(outcome);
    expect(outcome.report.complete).toBe(true);
  });

  test.for([2, 3, 4])('a right that comes before request %i makes no empty subscription', async (before) => {
    const { report } = await scanAmid([{ before, kind: 'grant', subscription: 'data', index: 0 }], how);
    const data = report.coverage.subscriptions.find(({ id }) => id === guidOf('data'));
    expect(data?.state).toBe('partial');
    expect(report.unreadable).toMatchObject([{ reason: expect.stringContaining('became visible') }]);
  });

  test.for(['spoil', 'repair'] as const)(
    'a vault that changes between count and read is counted once: %s',
    async (kind) => {
      const index = kind === 'spoil' ? 2 : 3;
      const { report } = await scanAmid([{ before: 2, kind, subscription: 'payments', index }], how);
      expect(report).toMatchObject({ complete: true, summary: { resources: 20 } });
    },
  );

  test('a vault that goes bad and is repaired again is counted once', async () => {
    for (const back of [3, 4, 5, 6]) {
      const flap = { subscription: 'data', index: 4 } as const;
      const { report } = await scanAmid(
        [
          { ...flap, before: 2, kind: 'spoil' },
          { ...flap, before: back, kind: 'repair' },
        ],
        how,
      );
      expect(report).toMatchObject({ complete: true, summary: { resources: 20 } });
    }
  });
});
