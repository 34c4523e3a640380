import type { JsonObject } from './json.ts';
import type { PlanVault } from './plan.ts';
import type { Refusal } from './refusal.ts';
import type { Resource } from './resource.ts';

/** The current state of a vault in ARM. */
export type VaultRead =
  | { readonly kind: 'found'; readonly resource: Resource }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

/**
 * The outcome of a PATCH request. A long-running operation is answered when it has ended: `failedLater` when Azure
 * accepted it, and says that it has failed. Where it could not be followed to its end, the vault must tell.
 */
export type PatchAnswer =
  | { readonly kind: 'accepted'; readonly requestId: string; readonly followed: boolean }
  | { readonly kind: 'failedLater'; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The part of a vault that says where it is. */
export type VaultAddress = Pick<PlanVault, 'id' | 'type' | 'subscriptionId' | 'resourceGroup' | 'name'>;

/** Reads single vaults and managed HSMs from ARM, never from Resource Graph, which lags. Never throws for Azure's no. */
export interface VaultReader {
  readVault(vault: VaultAddress, signal: AbortSignal): Promise<VaultRead>;
}

/** Changes a live vault: one PATCH, sent once; whether to try again is the caller's decision. */
export interface VaultWriter extends VaultReader {
  /** A write in flight is seen through; `signal` only ends the waiting for what Azure has accepted. */
  patchVault(vault: VaultAddress, body: JsonObject, signal: AbortSignal): Promise<PatchAnswer>;
}
