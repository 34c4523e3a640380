import type { JsonObject } from './json.ts';
import type { Refusal } from './refusal.ts';
import type { VaultAddress } from './vault-reader.ts';

/** A deleted vault or managed HSM in the recycle bin of its subscription. Dates are ISO 8601 UTC, as Azure writes them. */
export interface DeletedVault {
  /** `/subscriptions/…/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-payments`. */
  readonly id: string;
  /** The address that it had, and has again once it is recovered. `type` is that of a live one. */
  readonly vault: VaultAddress;
  /** Azure's short name of the region. */
  readonly location: string;
  readonly deletionDate: string;
  readonly scheduledPurgeDate: string;
  readonly purgeProtection: boolean;
  readonly tags: JsonObject;
  /** Azure's `properties`, whole. */
  readonly properties: JsonObject;
}

/** The current entry of a vault in the recycle bin. */
export type DeletedRead =
  | { readonly kind: 'found'; readonly deleted: DeletedVault }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

/** Reads recycle bins from ARM: Resource Graph does not hold them. */
export interface RecycleBin {
  /** Every deleted resource of a live type in a subscription. Throws `AzureError`; `code` tells what was denied. */
  list(subscriptionId: string, type: string, signal: AbortSignal): Promise<readonly DeletedVault[]>;
  /** One entry, by what is known of it. */
  read(deleted: DeletedVault, signal: AbortSignal): Promise<DeletedRead>;
}

/** The subscriptions whose recycle bins are read, and the names that none of the visible ones has. */
export interface ExpectedSubscriptions {
  readonly found: readonly { readonly id: string; readonly name: string }[];
  readonly unknown: readonly string[];
}
