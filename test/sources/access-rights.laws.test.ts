import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tenant } from '../../emulator/index.ts';
import { type Role, roles } from '../../emulator/rights/role.ts';
import { accessTenant, data, denial, groups, ids, pay, people, runOn, vaultId } from '../access-estate.ts';
import { readReport } from '../cli/run.ts';
import { runs } from '../runs.ts';

const provider = 'Microsoft.Authorization';
const rights = ['roleAssignments', 'roleDefinitions', 'denyAssignments', 'permissions']
  .map((type) => `${provider}/${type}/read`)
  .concat('Microsoft.KeyVault/vaults/read', 'Microsoft.Resources/subscriptions/read');
const scopes = [
  `${groups}/root`,
  `${groups}/production`,
  pay,
  data,
  `${pay}/resourceGroups/rg-a`,
  vaultId(pay, 'kv-pay'),
];

const anyRole: fc.Arbitrary<Role> = fc.oneof(
  fc.constantFrom<Role>(roles.reader, roles.owner, roles.keyVaultReader, roles.costManagementReader),
  fc.subarray(rights).map((notActions) => ({ actions: ['*/read'], notActions })),
  fc.subarray(rights).map((actions) => ({ actions })),
);

/**
 * The roles of the identity that scans, and rights that those at a scope lose before some request of the scan. Only a deny
 * assignment takes away below a scope what a role grants there: that stays invisible, as decision 10 says.
 */
const anyIdentity = fc.record({
  roleAssignments: fc.array(fc.record({ scope: fc.constantFrom(...scopes), role: anyRole }), {
    maxLength: 4,
  }),
  lost: fc.array(
    fc.record({ action: fc.constantFrom(...rights), scope: fc.constantFrom(...scopes), nth: fc.nat(20) }),
    { maxLength: 3 },
  ),
  inheritedAssignments: fc.constantFrom('shown', 'hidden'),
  partlyReadable: fc.constantFrom('shows', 'hidden'),
});

function without({ actions, notActions = [], ...role }: Role, action: string): Role {
  return { ...role, actions, notActions: [...notActions, action] };
}

type Identity = typeof anyIdentity extends fc.Arbitrary<infer T> ? T : never;

// What is not named and not visible is not missed, as decision 10 says.
const named = ['--subscription', ids.pay, '--subscription', ids.data];

/** Verdicts of AKV401 by the name of the vault; a vault that the scan did not see is left out. */
async function verdictsOf(
  tenant: Tenant,
  forbidden: string,
  { lost = [], inheritedAssignments = 'hidden', partlyReadable = 'hidden' }: Partial<Identity> = {},
): Promise<{ readonly isComplete: boolean; readonly verdicts: ReadonlyMap<string, string> }> {
  const allowed = Object.values(people).filter((id) => id !== forbidden);
  const argv = [
    '--rule',
    'AKV401',
    '--param',
    `allowedPrincipals=${JSON.stringify(allowed)}`,
    '--include-compliant',
  ];
  const { stdout, stderr, code } = await runOn(
    tenant,
    ['scan', '--include', 'access', '--output', 'json', '--quiet', ...named, ...argv],
    {
      options: { inheritedAssignments, partlyReadable },
      prepare: ({ inject }) => {
        for (const { action, scope, nth } of lost)
          inject({
            kind: 'hook',
            match: { nth: nth + 1 },
            run: (now) => {
              now.roleAssignments = (now.roleAssignments ?? []).map((one) =>
                one.scope === scope ? { scope, role: without(one.role, action) } : one,
              );
            },
          });
      },
    },
  );
  // Nothing of it may be seen: the scan is refused, and reports nothing.
  if (stdout === '' && code === 2) return { isComplete: false, verdicts: new Map() };
  if (stdout === '') throw new Error(stderr);
  const { findings, complete } = readReport(stdout);
  return {
    isComplete: complete,
    verdicts: new Map(findings.map(({ resource, compliance }) => [resource.name, compliance])),
  };
}

function tenantWith(changes: Partial<Tenant> = {}): Tenant {
  const { directory, ...rest } = accessTenant();
  return { ...rest, directory: { ...directory, denyAssignments: [denial] }, ...changes };
}

test('whoever removes any right from the identity never turns a finding about who may purge into a green', async () => {
  const everything = new Map<string, ReadonlyMap<string, string>>();
  for (const id of Object.values(people)) everything.set(id, (await verdictsOf(tenantWith(), id)).verdicts);
  const kinds = new Set([...everything.values()].flatMap((verdicts) => Array.from(verdicts.values())));
  expect(kinds).toEqual(new Set(['compliant', 'nonCompliant']));
  await fc.assert(
    fc.asyncProperty(anyIdentity, fc.constantFrom(...Object.values(people)), async (identity, forbidden) => {
      const tenant = tenantWith({ roleAssignments: identity.roleAssignments });
      const { isComplete, verdicts } = await verdictsOf(tenant, forbidden, identity);
      const failing = [...(everything.get(forbidden) ?? [])].filter(
        ([, verdict]) => verdict === 'nonCompliant',
      );
      const green = failing.filter(([vault]) => {
        const now = verdicts.get(vault);
        return now === 'compliant' || (now === undefined && isComplete);
      });
      expect(green).toEqual([]);
    }),
    { numRuns: runs(400) },
  );
});
