import type { Kit } from './kit.ts';
import type { RoleRights } from './permission.ts';
import type { ObjectType } from './vault-plane.ts';

/** The place of a vault whose rights are granted. */
export interface GrantVault {
  /** The ARM id. */
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** The tenant of the vault; empty where it was not read. */
  readonly tenantId: string;
}

/** The permissions of an access policy for one type of object, now and with what is granted. */
export interface GrantedList {
  readonly type: ObjectType;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Rights that are granted in the access policies of a vault. */
export interface PolicyGrant {
  readonly kind: 'policy';
  readonly lists: readonly GrantedList[];
  /** True where the principal has an access policy already, of which everything else is kept. */
  readonly isKnown: boolean;
}

/** A custom role that is made for a grant, and the scope at which it is assigned. */
export interface RoleGrant {
  readonly kind: 'role';
  readonly roleName: string;
  readonly description: string;
  readonly rights: RoleRights;
  readonly scope: 'vault' | 'resourceGroup' | 'subscription';
}

/** Rights to recover or purge, for one principal, and what could not be decided. */
export interface Grants {
  readonly schemaVersion: Kit['schemaVersion'];
  readonly complete: boolean;
  readonly action: 'recover' | 'purge';
  readonly principalId: string;
  readonly vault: GrantVault;
  readonly permissionModel: 'rbac' | 'accessPolicy' | 'unknown';
  readonly grants: readonly (PolicyGrant | RoleGrant)[];
  readonly notes: readonly string[];
  readonly unreadable: readonly { readonly scope: string; readonly reason: string; readonly hint: string }[];
}
