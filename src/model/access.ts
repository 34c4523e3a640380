import type { Unreadable } from './coverage.ts';
import type { Permission } from './permission.ts';
import type { Resource } from './resource.ts';
import type { PartCoverage } from './source.ts';

/** The ways to destroy a vault, as rights over it. `purgeVault` is about one that is deleted, `purgeObjects` about what is in it. */
export const destructions = ['delete', 'purgeVault', 'purgeObjects'] as const;

export type Destruction = (typeof destructions)[number];

/** A role definition: its rights are those of all its permissions. */
export interface RoleDefinition {
  /** The GUID at the end of its ARM id, in lower case: it is the same in every subscription. */
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly RolePermission[];
}

/** Patterns of Azure: `actions` without `notActions` in the control plane, `dataActions` without `notDataActions` in vaults. */
export interface RolePatterns extends Permission {
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** One permission of a role. */
interface RolePermission extends RolePatterns {
  /** True where it holds under a condition, which is not evaluated. */
  readonly isConditional: boolean;
}

/** A role that is assigned to a principal at a scope and below; `isEligible`: only once the principal activates it. */
export interface RoleAssignment {
  /** An ARM id: `/`, a management group, a subscription, a resource group, a resource, or something in it. */
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  /** `User`, `Group`, `ServicePrincipal`, …; empty where it is not told. */
  readonly principalType: string;
  /** The display name, where Azure tells it without Microsoft Graph. */
  readonly principalName?: string;
  readonly isConditional: boolean;
  readonly isEligible: boolean;
}

/** One that a deny assignment names; `type` is `SystemDefined` for everybody. */
export interface DeniedPrincipal {
  readonly id: string;
  readonly type: string;
}

/** A deny assignment in force. One that only audits, or that has a condition, takes nothing away for certain, and is none. */
export interface DenyAssignment {
  readonly scope: string;
  readonly permissions: readonly RolePatterns[];
  readonly principals: readonly DeniedPrincipal[];
  readonly excludedPrincipals: readonly DeniedPrincipal[];
  readonly doesNotApplyToChildScopes: boolean;
}

/**
 * The system that decides who may use a vault: Azure RBAC, its access policies, or the local RBAC of a managed HSM, which ARM does not
 * show.
 */
export type PermissionModel = 'rbac' | 'accessPolicy' | 'localRbac';

/** A role assignment or an access policy, and the destructive rights that it grants over a vault. */
export interface AccessGrant {
  readonly kind: 'role' | 'accessPolicy';
  /** The name of the role. */
  readonly role?: string;
  readonly roleDefinitionId?: string;
  readonly scope?: string;
  /** The application through which alone an access policy grants. */
  readonly applicationId?: string;
  /** Actions of Azure RBAC; for an access policy `keys/purge`. */
  readonly grants: readonly string[];
  /** It holds under a condition that is not evaluated. */
  readonly conditional?: true;
  /** It holds once the principal has activated it in Privileged Identity Management. */
  readonly eligible?: true;
}

/** A principal that can destroy a vault in some way, by rights as granted: purge protection is not considered. */
export interface PrincipalAccess {
  /** The object id. */
  readonly id: string;
  /** `User`, `Group`, `ServicePrincipal`, …; `Unknown` where only an access policy names it. */
  readonly type: string;
  readonly name?: string;
  readonly canDelete: boolean;
  readonly canPurgeVault: boolean;
  /** `null` for a managed HSM, whose local RBAC is not visible through ARM. */
  readonly canPurgeObjects: boolean | null;
  /** The rights among these that it holds under a condition only. */
  readonly conditional?: readonly Destruction[];
  /** The rights that it lacks, and has once it activates an eligible assignment. */
  readonly eligible?: readonly Destruction[];
  readonly via: readonly AccessGrant[];
}

/** The access to one vault. `unresolved`: roles that are assigned there, and whose rights could not be read. */
export interface VaultAccess {
  readonly permissionModel: PermissionModel;
  readonly principals: readonly PrincipalAccess[];
  readonly unresolved: readonly string[];
}

/** The access to a vault as far as it could be read; `isComplete` only where nobody can be missing. */
export interface KnownAccess {
  readonly access: VaultAccess;
  readonly isComplete: boolean;
}

/** A read of who has access. After its signal aborts it answers soon, with what it knows, and never throws for it. */
export interface AccessReader {
  /** The access to each vault or managed HSM, by id in lower case. One that is left out is unknown. */
  accessOf(resources: readonly Resource[]): Promise<ReadonlyMap<string, KnownAccess>>;
  /** The account of the read so far. */
  account(): {
    readonly unreadable: readonly Unreadable[];
    readonly coverage: PartCoverage;
  };
}
