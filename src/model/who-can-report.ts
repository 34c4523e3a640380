import type { PermissionModel, PrincipalAccess } from './access.ts';
import type { NotLookedAt, Unreadable } from './coverage.ts';

/** The two ways to destroy that `who-can` asks about; a purge is that of a vault or of what is in it. */
export type WhoCanAction = 'delete' | 'purge';

/** A vault or managed HSM, and the principals that can do what was asked. */
export interface VaultAccessEntry {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly permissionModel: PermissionModel;
  readonly purgeProtection: boolean;
  /** False where somebody may be missing. */
  readonly complete: boolean;
  readonly principals: readonly PrincipalAccess[];
}

/** The answer to who can destroy which vaults, by rights as granted. */
export interface WhoCanReport {
  readonly schemaVersion: '1.0';
  readonly action: WhoCanAction;
  /** The object id that was asked about, in lower case: then only vaults are listed that it can do this to. */
  readonly principal?: string;
  /** The groups that can, and of which the principal may be a member: members are not looked up. */
  readonly groups?: readonly string[];
  readonly complete: boolean;
  readonly vaults: readonly VaultAccessEntry[];
  readonly unreadable: readonly Unreadable[];
  readonly notLookedAt: readonly NotLookedAt[];
}
