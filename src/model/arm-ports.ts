import type { Unreadable } from './coverage.ts';
import type { JsonObject } from './json.ts';
import type { Refusal } from './refusal.ts';
import type { Resource } from './resource.ts';
import type { DeletedObject } from './vault-plane.ts';

/** The current state of a vault in ARM. */
export type VaultRead =
  | { readonly kind: 'found'; readonly resource: Resource }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

/** The part of a vault that says where it is. */
export type VaultAddress = Pick<Resource, 'id' | 'type' | 'subscriptionId' | 'resourceGroup' | 'name'>;

/** Reads single vaults and managed HSMs from ARM, never from Resource Graph, which lags. Never throws for what Azure refuses. */
export interface VaultReader {
  readVault(vault: VaultAddress, signal: AbortSignal): Promise<VaultRead>;
}

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
  readonly found: readonly { readonly id: string; readonly name: string; readonly isDisabled?: true }[];
  readonly unknown: readonly string[];
  /** A question after the subscription that may be meant by a name or an id, with a space before it; empty where none is near. */
  readonly suggest: (written: string) => Promise<string>;
  /** The management groups whose subscriptions could not be listed. */
  readonly gaps: readonly Unreadable[];
}

/** The kinds of write. */
export const writeKinds = ['patch', 'recover', 'purge', 'recoverObject', 'purgeObject'] as const;

/**
 * A write to Azure, and all that is sent. A `patch` changes a live vault, which is read back and judged by the rules. A
 * `recover` takes one out of the recycle bin; it is read back from ARM. A `purge` destroys one in the recycle bin, which
 * nobody can undo; its operation is followed to the end, and the bin is listed again. The last two do the same with a key, a
 * secret or a certificate in a live vault, through its data plane.
 */
export type WriteAction =
  | { readonly kind: 'patch'; readonly vault: VaultAddress; readonly body: JsonObject }
  | { readonly kind: 'recover'; readonly deleted: DeletedVault; readonly body: JsonObject }
  | { readonly kind: 'purge'; readonly deleted: DeletedVault }
  | { readonly kind: 'recoverObject' | 'purgeObject'; readonly object: DeletedObject };

/** The body of a request; empty for one that has none. */
export function bodyOf(action: WriteAction): JsonObject {
  return 'body' in action ? action.body : {};
}

/** The id of what a write changes, as it is or was when live. */
export function targetOf(action: WriteAction): string {
  if ('object' in action) return action.object.id;
  return 'deleted' in action ? action.deleted.vault.id : action.vault.id;
}

/**
 * The outcome of a request. A long-running operation is answered when it has ended: `failedLater` when Azure accepted
 * it, and says that it has failed. Where it could not be followed to its end, the vault must tell; `denied` is what Azure
 * said where it was a right that is missing.
 */
export type WriteAnswer =
  | {
      readonly kind: 'accepted';
      readonly requestId: string;
      readonly followed: boolean;
      readonly denied?: Refusal;
    }
  | { readonly kind: 'failedLater'; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Sends writes, each once; whether to try again is the caller's decision. Never throws for what Azure refuses. */
export interface WriteSender {
  /** A write in flight is seen through; `signal` only ends the waiting for what Azure has accepted. */
  send(action: WriteAction, signal: AbortSignal): Promise<WriteAnswer>;
}
