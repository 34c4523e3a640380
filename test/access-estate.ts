import {
  emulator,
  type Emulator,
  guidOf,
  managedHsmBody,
  type Tenant,
  vaultBody,
} from '../emulator/index.ts';
import { type BuiltInRoleName, builtInRoles } from '../emulator/rights/built-in-roles.ts';
import {
  customRoleBody,
  denyAssignmentBody,
  roleAssignmentBody,
  tenantId,
} from '../emulator/tenants/bodies.ts';
import type { EmulatorOptions } from '../emulator/index.ts';
import type { JsonObject } from '../src/model/json.ts';
import { fakeClock } from './azure/fake-clock.ts';
import { run, type Outcome } from './cli/run.ts';

export const ids = { pay: guidOf('pay'), data: guidOf('data') };
export const groups = '/providers/Microsoft.Management/managementGroups';
export const pay = `/subscriptions/${ids.pay}`;
export const data = `/subscriptions/${ids.data}`;
export const people = {
  admin: guidOf('admin'),
  contributor: guidOf('contributor'),
  operator: guidOf('operator'),
  officer: guidOf('officer'),
  custom: guidOf('custom'),
  policy: guidOf('policy'),
  reader: guidOf('reader'),
  eligible: guidOf('eligible'),
};

export function vaultId(scope: string, name: string): string {
  return `${scope}/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/${name}`;
}

const hidden = customRoleBody('Janitor', { actions: ['*/action'] });

function holds(principalId: string, role: BuiltInRoleName, scope: string, more: JsonObject = {}): JsonObject {
  return roleAssignmentBody({ scope, role: builtInRoles[role].id, principalId }, more);
}

/**
 * Two subscriptions under a root, with two vaults each, one of them with access policies, and a managed HSM. Roles are held
 * at `/`, at the root, in a group, in subscriptions and on a vault, and one is hidden behind a wildcard.
 */
export function accessTenant(changes: Partial<Tenant> = {}): Tenant {
  const at = (subscriptionId: string, name: string) => {
    return { subscriptionId, name, resourceGroup: 'rg-a', location: 'westeurope' };
  };
  const policies = [
    { tenantId, objectId: people.policy, permissions: { secrets: ['get', 'Purge'], keys: ['all'] } },
  ];
  return {
    tenantId,
    managementGroups: [
      { id: 'root', displayName: 'Root' },
      { id: 'production', displayName: 'Production', parent: 'root' },
    ],
    subscriptions: [
      { id: ids.pay, name: 'Payments', managementGroup: 'production' },
      { id: ids.data, name: 'Data', managementGroup: 'root' },
    ],
    resources: [
      vaultBody(at(ids.pay, 'kv-pay'), { properties: { enablePurgeProtection: true } }),
      vaultBody(at(ids.pay, 'kv-old'), {
        properties: { enableRbacAuthorization: undefined, accessPolicies: policies },
      }),
      vaultBody(at(ids.data, 'kv-data')),
      managedHsmBody(at(ids.data, 'hsm-data')),
    ],
    directory: {
      roleDefinitions: [hidden],
      roleAssignments: [
        holds(people.admin, 'Owner', '/'),
        holds(people.reader, 'Reader', `${groups}/root`),
        holds(people.operator, 'Key Vault Purge Operator', `${groups}/production`, {
          principalType: 'Group',
        }),
        holds(people.contributor, 'Contributor', data, { condition: "@Resource[x] StringEquals 'y'" }),
        holds(people.officer, 'Key Vault Secrets Officer', vaultId(pay, 'kv-pay'), {
          principalType: 'ServicePrincipal',
        }),
        roleAssignmentBody({ scope: pay, role: guidOf('custom role Janitor'), principalId: people.custom }),
      ],
    },
    ...changes,
  };
}

/** Denies everybody to purge in the subscription of payments, but for the group of operators. */
export const denial = denyAssignmentBody(
  pay,
  { actions: ['Microsoft.KeyVault/locations/deletedVaults/purge/action'] },
  { excludePrincipals: [{ id: people.operator, type: 'User' }] },
);

/** A role that somebody may activate in the subscription of data. */
export const eligible = {
  ...holds(people.eligible, 'Owner', data, {
    expandedProperties: { principal: { displayName: 'Eve', type: 'User' } },
  }),
  type: 'Microsoft.Authorization/roleEligibilityScheduleInstances',
};

interface RunOptions {
  readonly options?: EmulatorOptions;
  readonly prepare?: (azure: Emulator) => void;
  readonly signal?: AbortSignal;
}

/** Runs a command on an emulator of such a tenant. */
export async function runOn(
  tenant: Tenant,
  argv: readonly string[],
  { options = {}, prepare, signal }: RunOptions = {},
): Promise<Outcome & { readonly azure: Emulator }> {
  const clock = fakeClock();
  const azure = emulator(tenant, { quota: 'unlimited', pageSizes: { permissions: 2 }, ...options });
  prepare?.(azure);
  const { credential, httpClient } = azure;
  const setting = { azure: { credential, httpClient, clock }, ...(signal === undefined ? {} : { signal }) };
  return { ...(await run(argv, setting)), azure };
}
