import type { RunReport } from './apply.ts';
import type { VaultAddress } from './arm-ports.ts';
import type { NotLookedAt, Unreadable } from './coverage.ts';
import type { Location } from './location.ts';
import type { ObjectType } from './vault-plane.ts';

/** The results of recovering or purging, for people and scripts. */
export interface DeletedReport extends RunReport {
  readonly action: 'recover' | 'purge';
}

/** A deleted vault or managed HSM that a recovery of everything is about; `obstacle` says why it cannot be recovered. */
export interface RecoveryStep {
  readonly vault: VaultAddress;
  readonly deletionDate: string;
  readonly obstacle?: string;
}

/** A deleted vault or managed HSM. `type` is that of its entry; dates are as Azure writes them, empty where it gives none. */
export interface DeletedItem {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly location: string;
  /** The id that it had, and has again once it is recovered. */
  readonly resourceId: string;
  readonly deletionDate: string;
  readonly scheduledPurgeDate: string;
  /** Whole days until Azure purges it, rounded down; null where Azure gives no date. */
  readonly daysToPurge: number | null;
  readonly purgeProtection: boolean;
  /** True where someone with the right to could purge it now. */
  readonly purgeable: boolean;
  /** The claims on its name, which nothing else can have until it is purged. Code is read only where asked for. */
  readonly wantedBy: readonly NameClaim[];
}

/** A live resource of a name, by its id, or a declaration of it in infrastructure code. */
export type NameClaim =
  | { readonly kind: 'resource'; readonly id: string }
  | ({ readonly kind: 'declaration' } & Location);

/** The recycle bins of some subscriptions. */
export interface DeletedList {
  readonly schemaVersion: '1.0';
  /** False when a recycle bin could not be read: nothing is known about it. */
  readonly complete: boolean;
  /** Those that can be lost first come first: purgeable, then by the days that are left. */
  readonly deleted: readonly DeletedItem[];
  readonly unreadable: readonly Unreadable[];
  /** The places in which something live that has a deleted name would not have been seen; absent where there are none. */
  readonly notLookedAt?: readonly NotLookedAt[];
}

/** A deleted key, secret or certificate. Dates are ISO 8601 UTC, empty where Azure gives none. */
export interface DeletedObjectItem {
  readonly name: string;
  readonly type: ObjectType;
  /** One of the seven, as Azure writes it; empty where it gives none. */
  readonly recoveryLevel: string;
  readonly deletedDate: string;
  readonly scheduledPurgeDate: string;
  /** Whole days until Azure purges it, rounded down; null where Azure gives no date. */
  readonly daysToPurge: number | null;
}

/** The deleted objects of one vault. The key and the secret of a certificate count as part of it. */
export interface DeletedObjectList {
  readonly schemaVersion: '1.0';
  /** False where something could not be listed: nothing is known about it. */
  readonly complete: boolean;
  /** Those that can be lost first come first: purgeable, then by the days that are left. */
  readonly objects: readonly DeletedObjectItem[];
  readonly unreadable: readonly Unreadable[];
}
