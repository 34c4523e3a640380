import type { JsonObject } from './json.ts';
import type { Refusal } from './refusal.ts';

/** The types of what is in a vault. */
export const objectTypeNames = ['secret', 'key', 'certificate'] as const;

/** The type of an object in a vault. */
export type ObjectType = (typeof objectTypeNames)[number];

/** The collections of a data plane, as it spells them. */
export type ObjectCollection = `${'' | 'deleted'}${ObjectType}s`;

/** A vault, and the address of its data plane: `properties.vaultUri` as ARM has it. */
export interface PlaneAddress {
  /** The ARM id. */
  readonly id: string;
  readonly name: string;
  readonly uri: string;
}

/** An object by what says where it is. */
export interface ObjectAddress {
  readonly plane: PlaneAddress;
  readonly type: ObjectType;
  readonly name: string;
}

/** A deleted object, as the data plane of its vault shows it. Dates are ISO 8601 UTC, empty where it gives none. */
export interface DeletedObject extends ObjectAddress {
  /** The id that roles and logs give it when it is live: that of its vault, then `/secrets/NAME`. */
  readonly id: string;
  /** One of the seven, as Azure writes it; empty where it gives none. */
  readonly recoveryLevel: string;
  readonly deletedDate: string;
  readonly scheduledPurgeDate: string;
  /** True for the key and the secret of a certificate, which go with it. */
  readonly managed: boolean;
}

/** The metadata of one object, as its data plane wrote it. */
export type ObjectRead =
  | { readonly kind: 'found'; readonly row: JsonObject }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

/**
 * Reads the data planes of vaults, by requests that return metadata alone: never a secret, a private key, or the private part
 * of a certificate. A data plane that cannot be reached fails once, after seconds.
 */
export interface VaultPlane {
  /**
   * Every row of a collection, as the data plane wrote it, but without a `value`. Throws `AzureError`; `status` 0 where the
   * data plane was not reached.
   */
  list(
    plane: PlaneAddress,
    collection: ObjectCollection,
    signal: AbortSignal,
  ): Promise<readonly JsonObject[]>;
  /** The entry of a deleted object. Never throws for what Azure refuses. */
  readDeleted(object: ObjectAddress, signal: AbortSignal): Promise<ObjectRead>;
  /** The newest version of a live object. Never throws for what Azure refuses. */
  readLive(object: ObjectAddress, signal: AbortSignal): Promise<ObjectRead>;
}
