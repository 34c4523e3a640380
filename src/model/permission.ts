/** The rights that a role grants at some scope, as Azure's patterns: `actions` without those that match `notActions`. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/**
 * The right that Azure requires in addition to the write when the permission model of a vault is switched.
 * Source: https://learn.microsoft.com/azure/key-vault/general/rbac-guide#enable-azure-rbac-permissions-on-key-vault
 */
export const roleAssignmentsWrite = 'Microsoft.Authorization/roleAssignments/write';
