import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  guidOf,
  managedHsmBody,
  vaultBody,
  type EmulatorOptions,
  type Tenant,
} from '../../emulator/index.ts';
import { roles, type Role } from '../../emulator/rights/role.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { scannedTypes } from '../../src/resource-types/known-type.ts';
import { pushDown } from '../../src/rules/kql/push-down.ts';
import { liveSource } from '../../src/sources/live.ts';
import { scan } from '../../src/usecases/scan.ts';
import { estate } from '../azure/estate.ts';
import { runs } from '../runs.ts';
import { shippedRules } from '../shipped-rules.ts';

const ruleSets = [['AKV002', 'AKV101'], ['AKV002'], ['AKV101']].map((ids) => shippedRules(ids));
const names = ['one', 'two', 'three'] as const;

interface Assignment {
  readonly scope: string;
  readonly role: Role;
}

/** What becomes of one of the identity's roles. */
type Removal =
  | { readonly kind: 'drop' }
  | { readonly kind: 'except'; readonly actions: readonly string[] }
  | { readonly kind: 'replace'; readonly role: Role }
  | { readonly kind: 'lower' };

/** Where and when a role is narrowed: before request number `at` of the scan, counted from 1; before it begins when 0. */
interface Change {
  readonly removal: Removal;
  readonly index: number;
  readonly at: number;
}

const groups = ['root', 'mg-a', 'mg-b'].map((id) => `/providers/Microsoft.Management/managementGroups/${id}`);
const subscriptions = names.map((name) => `/subscriptions/${guidOf(name)}`);
const resourceGroups = subscriptions.flatMap((scope) =>
  [0, 1].map((index) => `${scope}/resourceGroups/rg-${index}`),
);

/** Two groups, three subscriptions, six resource groups; in each a vault that fails, and in some an HSM that does. */
function tenantOf(roleAssignments: Assignment[], innerWildcard: Tenant['innerWildcard']): Tenant {
  const places = names.flatMap((name) => [0, 1].map((index) => ({ name, index })));
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [
      { id: 'root', displayName: 'Root' },
      { id: 'mg-a', displayName: 'A', parent: 'root' },
      { id: 'mg-b', displayName: 'B', parent: 'root' },
    ],
    subscriptions: names.map((name) => ({
      id: guidOf(name),
      name,
      managementGroup: name === 'three' ? 'mg-b' : 'mg-a',
    })),
    resources: places.flatMap(({ name, index }) => {
      const place = { subscriptionId: guidOf(name), resourceGroup: `rg-${index}`, location: 'westeurope' };
      const vault = vaultBody({ ...place, name: `kv-${name}-${index}` });
      return index === 0 ? [vault, managedHsmBody({ ...place, name: `hsm-${name}` })] : [vault];
    }),
    roleAssignments,
    ...(innerWildcard === undefined ? {} : { innerWildcard }),
  };
}

const basics = ['Microsoft.Authorization/*/read', 'Microsoft.Resources/subscriptions/read'];
const anyRole: fc.Arbitrary<Role> = fc.constantFrom<Role>(
  roles.owner,
  roles.reader,
  roles.costManagementReader,
  roles.keyVaultReader,
  { actions: ['Microsoft.KeyVault/vaults/read'] },
  { actions: [...basics, 'Microsoft.KeyVault/*/read'] },
  { actions: [...basics, 'Microsoft.KeyVault/vaults/*'] },
  { actions: ['*'], notActions: ['Microsoft.KeyVault/managedHSMs/*'] },
);
const anyRemoval: fc.Arbitrary<Removal> = fc.oneof(
  fc.constant<Removal>({ kind: 'drop' }),
  fc.constant<Removal>({ kind: 'lower' }),
  fc
    .subarray(
      [
        'Microsoft.KeyVault/*',
        'Microsoft.KeyVault/vaults/read',
        'Microsoft.KeyVault/managedHSMs/*',
        'Microsoft.Authorization/*',
        'Microsoft.Resources/subscriptions/read',
        '*/read',
      ],
      { minLength: 1 },
    )
    .map((actions): Removal => ({ kind: 'except', actions })),
  anyRole.map((role): Removal => ({ kind: 'replace', role })),
);
const anyAssignment = fc.record({
  scope: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...groups, ...subscriptions) },
    { weight: 1, arbitrary: fc.constantFrom(...resourceGroups) },
  ),
  role: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Role>(roles.reader) },
    { weight: 3, arbitrary: anyRole },
  ),
});
const setting = fc.record({
  innerWildcard: fc.constantFrom<Tenant['innerWildcard']>('mayBeNothing', 'isSomething'),
  partlyReadable: fc.constantFrom<NonNullable<EmulatorOptions['partlyReadable']>>('shows', 'hidden'),
  full: fc.boolean(),
  rules: fc.constantFrom(...ruleSets),
  named: fc.constantFrom<'subscriptions' | 'group'>('subscriptions', 'group'),
});
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

function narrowed(assignments: readonly Assignment[], { removal, index }: Change): Assignment[] {
  return assignments.flatMap((one, at): readonly Assignment[] => {
    if (at !== index % assignments.length) return [one];
    switch (removal.kind) {
      case 'drop':
        return [];
      case 'lower':
        return [{ ...one, scope: lowerScope(one.scope) }];
      case 'replace':
        return [{ ...one, role: removal.role }];
      case 'except': {
        const { actions, notActions = [] }: Role = one.role;
        return [{ ...one, role: { actions, notActions: [...notActions, ...removal.actions] } }];
      }
    }
  });
}

function lowerScope(scope: string): string {
  if (groups.includes(scope)) return subscriptions[scope.endsWith('mg-b') ? 2 : 0] ?? scope;
  return subscriptions.includes(scope) ? `${scope}/resourceGroups/rg-0` : scope;
}

/** Scans what is named; `undefined` where nothing of it can be seen, and the scan says so instead of reporting. */
async function scanWith(
  assignments: readonly Assignment[],
  { innerWildcard, partlyReadable, full, rules, named }: Setting,
  changes: readonly Change[],
): Promise<ScanReport | undefined> {
  const early = changes.filter(({ at }) => at === 0).reduce<Assignment[]>(narrowed, [...assignments]);
  const azure = estate(tenantOf(early, innerWildcard), { quota: 'unlimited', partlyReadable });
  for (const change of changes.filter(({ at }) => at > 0)) {
    const run = (tenant: Tenant): void => {
      tenant.roleAssignments = narrowed(tenant.roleAssignments ?? [], change);
    };
    azure.azure.inject({ kind: 'hook', run, match: { nth: change.at } });
  }
  const pushedDown = full ? {} : { pushedDown: pushDown(rules, scannedTypes) };
  const source = liveSource({
    connection: azure.connection,
    subscriptions: named === 'subscriptions' ? names.map(guidOf) : [],
    managementGroups: named === 'group' ? ['root'] : [],
    query: { types: scannedTypes, ...pushedDown },
    judgedTypes: scannedTypes.filter((type) => rules.some(({ appliesTo }) => appliesTo(type))),
  });
  return scan({
    tool: { name: 'purgeproof', version: '0.0.0' },
    rules,
    sources: [source],
    exemptions: [],
    now: () => new Date('2026-11-24T12:00:00Z'),
    includeCompliant: false,
    signal: new AbortController().signal,
  }).catch(() => undefined);
}

function findingsOf({ findings }: ScanReport): readonly string[] {
  return findings.map(({ ruleId, resource }) => `${ruleId} ${resource.id}`);
}

/** What is wrong in the whole estate, whoever may see it. */
function truth({ rules }: Setting): number {
  const on = (id: string): boolean => rules.some(({ rule }) => rule.id === id);
  return (on('AKV002') ? 6 : 0) + (on('AKV101') ? 3 : 0);
}

const anyChange = fc.record({ removal: anyRemoval, index: fc.nat({ max: 5 }), at: fc.nat({ max: 9 }) });

/** Reader at the root, with managed HSMs taken away: complete at first. */
const wholeAtFirst: [Assignment[], Setting, Change[]] = [
  [{ scope: groups[0] ?? '', role: roles.reader }],
  {
    innerWildcard: 'mayBeNothing',
    partlyReadable: 'hidden',
    full: false,
    rules: ruleSets[0] ?? [],
    named: 'group',
  },
  [{ removal: { kind: 'except', actions: ['Microsoft.KeyVault/managedHSMs/*'] }, index: 0, at: 3 }],
];

test('whoever removes any right from the identity never turns a finding into a green', async () => {
  let wholes = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAssignment, { minLength: 1, maxLength: 4 }),
      setting,
      fc.array(anyChange, { minLength: 1, maxLength: 3 }),
      async (assignments, given, changes) => {
        const before = await scanWith(assignments, given, []);
        const after = await scanWith(assignments, given, changes);
        for (const report of [before, after]) {
          if (report?.complete !== true) continue;
          wholes += 1;
          expect(report.findings).toHaveLength(truth(given));
        }
        if (before === undefined || after?.complete !== true) return;
        expect(findingsOf(after)).toEqual(expect.arrayContaining([...findingsOf(before)]));
      },
    ),
    { numRuns: runs(300), examples: [wholeAtFirst] },
  );
  // A law about complete scans is empty where none is complete.
  expect(wholes).toBeGreaterThan(0);
});
