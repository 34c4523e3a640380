/** What a role grants, in Azure's patterns. */
export interface Role {
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  /** Rights on what is in a vault, which no action gives. */
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

/** Built-in roles, as far as they are about reading. Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const roles = {
  owner: { actions: ['*'] },
  reader: { actions: ['*/read'] },
  costManagementReader: {
    actions: [
      'Microsoft.Consumption/*/read',
      'Microsoft.CostManagement/*/read',
      'Microsoft.Billing/billingPeriods/read',
      'Microsoft.Resources/subscriptions/read',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Support/*',
      'Microsoft.Management/managementGroups/read',
    ],
  },
  keyVaultReader: {
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.Insights/alertRules/*',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Support/*',
      'Microsoft.KeyVault/checkNameAvailability/read',
      'Microsoft.KeyVault/deletedVaults/read',
      'Microsoft.KeyVault/locations/*/read',
      'Microsoft.KeyVault/vaults/*/read',
      'Microsoft.KeyVault/operations/read',
    ],
    dataActions: [
      'Microsoft.KeyVault/vaults/*/read',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  },
  keyVaultSecretsOfficer: {
    actions: ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/deletedVaults/read'],
    dataActions: ['Microsoft.KeyVault/vaults/secrets/*'],
  },
} satisfies Record<string, Role>;

/** How a wildcard between two slashes is read: whether `vaults/*\/read` includes `vaults/read`. */
export type InnerWildcard = 'mayBeNothing' | 'isSomething';

/** Whether a role grants an action. */
export function grants(
  { actions, notActions = [] }: Role,
  action: string,
  inner: InnerWildcard = 'mayBeNothing',
): boolean {
  const matches = (pattern: string): boolean => regexOf(pattern, inner).test(action);
  return actions.some(matches) && !notActions.some(matches);
}

/** Whether a role grants a right on what is in a vault. */
export function grantsData(
  { dataActions = [], notDataActions = [] }: Role,
  action: string,
  inner?: InnerWildcard,
): boolean {
  return grants({ actions: dataActions, notActions: notDataActions }, action, inner);
}

const known = new Map<string, RegExp>();

function regexOf(pattern: string, inner: InnerWildcard): RegExp {
  const key = `${inner} ${pattern}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  const spanning = inner === 'mayBeNothing' ? escaped.replaceAll('/*/', '(?:/.*)?/') : escaped;
  const regex = new RegExp(`^${spanning.replaceAll(/(?<!\.)\*/g, '.*')}$`, 'i');
  known.set(key, regex);
  return regex;
}
