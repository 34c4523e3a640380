import type { JsonObject } from './json.ts';
import type { Refusal } from './refusal.ts';

/** The types of what is in a vault. */
const vaultObjectTypes = ['secret', 'key', 'certificate'] as const;

/** The type of an object in a vault. */
export type ObjectType = (typeof vaultObjectTypes)[number];

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
