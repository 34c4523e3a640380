import type { Refusal } from './refusal.ts';
import type { Resource } from './resource.ts';

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
