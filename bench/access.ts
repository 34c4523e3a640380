import { builtInRoleBodies, builtInRoles } from '../emulator/rights/built-in-roles.ts';
import { guidOf, vaultBody } from '../emulator/tenants/bodies.ts';
import { customRoleBody, roleAssignmentBody } from '../emulator/tenants/bodies.ts';
import type * as Rows from '../src/access/authorization-rows.ts';
import type * as VaultAccess from '../src/access/vault-access.ts';
import { isJsonObject, type JsonObject } from '../src/model/json.ts';
import { built } from './built.ts';
import { growthExponent } from './growth-exponent.ts';
import { best } from './judging.ts';
import { judged, type Section, times } from './section.ts';

interface Size {
  readonly vaults: number;
  readonly assignments: number;
}

/** The directory and the vaults of a tenant, as Resource Graph and ARM give them. */
interface Estate {
  readonly vaults: readonly JsonObject[];
  readonly definitions: readonly JsonObject[];
  readonly assignments: readonly JsonObject[];
}

const whole: Size = { vaults: 100_000, assignments: 50_000 };
const scopes = 2000;
const [subscriptions, groupsEach] = [200, 100];
const [mostTimes, mostGrowth] = [3, 1.1];
const runs = 5;

/** The time that it takes to decide who can purge, beside that of parsing what it is decided from. */
export async function access(): Promise<Section> {
  const rows = await built<typeof Rows>('access/authorization-rows');
  const { vaultAccess } = await built<typeof VaultAccess>('access/vault-access');
  const decide = ({ vaults, definitions, assignments }: Estate): number => {
    const answer = vaultAccess({
      definitions: definitions.flatMap((row) => rows.toRoleDefinition(row) ?? []),
      assignments: assignments.flatMap((row) => rows.toRoleAssignment(row) ?? []),
      inSubscription: () => ({ scopesAbove: ['/', groupScope(0)] }),
    });
    let purgers = 0;
    for (const { id, type, properties } of vaults) {
      if (typeof id !== 'string' || typeof type !== 'string' || !isJsonObject(properties)) continue;
      const { principals } = answer({ id, type, properties });
      for (const { canPurgeVault, canPurgeObjects } of principals)
        if (canPurgeVault || canPurgeObjects === true) purgers += 1;
    }
    return purgers;
  };
  const measure = (size: Size) => {
    const text = JSON.stringify(estate(size));
    const parsed: Estate = JSON.parse(text);
    return { parse: best(runs, () => void JSON.parse(text)), decide: best(runs, () => void decide(parsed)) };
  };
  const [all, fewerVaults, fewerAssignments] = [
    measure(whole),
    measure({ ...whole, vaults: whole.vaults / 10 }),
    measure({ ...whole, assignments: whole.assignments / 10 }),
  ];
  const exponent = (small: number, factor: keyof Size): string => {
    const [from, to] = [
      { size: whole[factor] / 10, value: small },
      { size: whole[factor], value: all.decide },
    ];
    const grown = growthExponent(from, to);
    return `${grown.toFixed(2)}, target ${mostGrowth}: ${judged(grown <= mostGrowth)}`;
  };
  const ratio = all.decide / all.parse;
  return {
    title: 'Who can purge',
    text: [
      `${whole.vaults.toLocaleString('en')} vaults, a third of them with access policies, and ${whole.assignments.toLocaleString('en')} ` +
        `role assignments over ${scopes.toLocaleString('en')} scopes, from the root to single vaults. Time to decide who can purge each vault ` +
        'from the rows, over that of a plain `JSON.parse` of the same rows; exponents are slopes on logarithmic axes, from a tenth of ' +
        `the vaults, or of the assignments, to all. The best of ${runs} runs.`,
    ],
    head: ['deciding ÷ parsing', 'growth in vaults', 'growth in assignments'],
    rows: [
      [
        `${times(ratio)}, target ${mostTimes} ×: ${judged(ratio <= mostTimes)}`,
        exponent(fewerVaults.decide, 'vaults'),
        exponent(fewerAssignments.decide, 'assignments'),
      ],
    ],
  };
}

function groupScope(index: number): string {
  return `/providers/Microsoft.Management/managementGroups/group-${index}`;
}

/** Vaults are spread over resource groups, and assignments over scopes: few at the top, most on groups and vaults. */
function estate({ vaults, assignments }: Size): Estate {
  const roles = [
    ...Object.values(builtInRoles).map(({ id }) => id),
    ...customNames.map((name) => guidOf(`custom role ${name}`)),
  ];
  const bodies = Array.from({ length: vaults }, (_, index) => vaultAt(index));
  return {
    vaults: bodies,
    definitions: [...builtInRoleBodies(), ...customRoles],
    assignments: Array.from({ length: assignments }, (_, index) =>
      roleAssignmentBody({
        scope: scopeAt(index % scopes, bodies),
        role: roles[(index * 7) % roles.length] ?? '',
        principalId: guidOf(`principal ${index % 3001}`),
      }),
    ),
  };
}

const customNames = Array.from({ length: 40 }, (_, index) => `Custom ${index}`);
const customRoles = customNames.map((name) =>
  customRoleBody(name, {
    actions: ['Microsoft.KeyVault/*', '*/read'],
    notActions: [`Microsoft.KeyVault/vaults/${name}/*`],
  }),
);

function scopeAt(index: number, vaults: readonly JsonObject[]): string {
  if (index === 0) return '/';
  if (index === 1) return groupScope(0);
  const subscription = `/subscriptions/${guidOf(`subscription ${index % subscriptions}`)}`;
  if (index < 2 + subscriptions) return subscription;
  if (index % 3 > 0) return `${subscription}/resourceGroups/rg-${index % groupsEach}`;
  const id = vaults[(index * 37) % vaults.length]?.['id'];
  return typeof id === 'string' ? id : subscription;
}

function vaultAt(index: number): JsonObject {
  const place = {
    subscriptionId: guidOf(`subscription ${index % subscriptions}`),
    resourceGroup: `rg-${Math.floor(index / subscriptions) % groupsEach}`,
    name: `kv-${index}`,
    location: 'westeurope',
  };
  const accessPolicies = Array.from({ length: 4 }, (_, policy) => {
    const secrets = policy === 0 ? ['get', 'purge'] : ['get', 'list'];
    return {
      objectId: guidOf(`principal ${(index + policy) % 3001}`),
      permissions: { secrets, keys: ['all'] },
    };
  });
  return index % 3 === 0
    ? vaultBody(place, { properties: { enableRbacAuthorization: false, accessPolicies } })
    : vaultBody(place);
}
