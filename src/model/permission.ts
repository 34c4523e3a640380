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

/** The right to read who holds roles. */
export const roleAssignmentsRead = 'Microsoft.Authorization/roleAssignments/read';

/** The right to read what roles grant. */
export const roleDefinitionsRead = 'Microsoft.Authorization/roleDefinitions/read';

/** The right to ask Azure what one may do at a scope. */
export const permissionsRead = 'Microsoft.Authorization/permissions/read';

/** The right to read the exemptions of Azure Policy. */
export const policyExemptionsRead = 'Microsoft.Authorization/policyExemptions/read';

/** The right to read what Azure Policy assigns, and where. */
export const policyAssignmentsRead = 'Microsoft.Authorization/policyAssignments/read';

/** The right to read which policy definitions are in an initiative. */
export const policySetsRead = 'Microsoft.Authorization/policySetDefinitions/read';

/** The right to read management locks. */
export const locksRead = 'Microsoft.Authorization/locks/read';

/** The right for which Resource Graph shows a subscription. */
export const subscriptionsRead = 'Microsoft.Resources/subscriptions/read';

/** The right to read a resource group, which shows that it exists. */
export const resourceGroupsRead = 'Microsoft.Resources/subscriptions/resourceGroups/read';

/** The right to find a management group by its display name. */
export const managementGroupsRead = 'Microsoft.Management/managementGroups/read';

/** The right to list what is below a management group. */
export const descendantsRead = 'Microsoft.Management/managementGroups/descendants/read';

/** Rights in Azure's actions; `dataActions` are about what is in a vault. */
export interface RoleRights {
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
}

/** One thing that a command asks of Azure, and the rights that it takes, all of them. */
export interface Operation {
  /** Begins with a verb: `list deleted vaults of a subscription`. */
  readonly what: string;
  readonly actions: readonly string[];
  /** Held on a vault that uses RBAC. */
  readonly dataActions?: readonly string[];
  /** Held in an access policy instead, where the vault uses those: `secrets: list`. */
  readonly permissions?: readonly string[];
  /** The consequence of not holding them, for those that are optional: the command works, and names what it lacks. */
  readonly otherwise?: string;
}

/** The rights that some operations take, as a custom role. */
export interface LeastRole {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
  readonly rights: RoleRights;
  /** The optional operations that the rights do not cover. */
  readonly leftOut: readonly Operation[];
  /** The ARM ids of the places where it may be assigned. */
  readonly assignableScopes: readonly string[];
}
