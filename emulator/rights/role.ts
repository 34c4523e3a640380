import { builtInRoles } from './built-in-roles.ts';

/** What a role grants, in Azure's patterns. */
export interface Role {
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  /** Rights on what is in a vault, which no action gives. */
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

/** Roles for tests: built-in ones, and one that reads costs. Source: the page of built-in roles for management and governance. */
export const roles = {
  owner: builtInRoles.Owner,
  reader: builtInRoles.Reader,
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
  keyVaultReader: builtInRoles['Key Vault Reader'],
  keyVaultSecretsOfficer: builtInRoles['Key Vault Secrets Officer'],
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
