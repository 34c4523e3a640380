import type { JsonObject } from './json.ts';
import type { PlanVault } from './plan.ts';
import type { Resource } from './resource.ts';

/** Who is signed in: directory and object id, from the token. */
export interface Identity {
  readonly tenantId: string;
  readonly objectId: string;
}

/** Azure's answer when it would not do what was asked. `status` is 0 when no answer came. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  /** How long Azure asks to wait; absent when it does not say. */
  readonly retryAfterMs?: number;
  /** Names of the policies that deny the request. */
  readonly policies: readonly string[];
}

/** What ARM says of a vault now. */
export type VaultRead =
  | { readonly kind: 'found'; readonly resource: Resource }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

/**
 * What became of a PATCH request. A long-running operation is answered when it has ended: `failedLater` when Azure
 * accepted it, and says that it has failed. Where it could not be
 * followed to its end, the vault must tell.
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

/** A management lock. `scope` is what it stands on: a subscription, a resource group or a resource. */
export interface Lock {
  readonly scope: string;
  readonly name: string;
  readonly level: 'ReadOnly' | 'CanNotDelete';
}

/** What the caller may do somewhere, in Azure's patterns. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** What would make Azure refuse a write, where it can be read; `undefined` where it cannot. */
export interface Preconditions {
  locks(subscriptionId: string, signal: AbortSignal): Promise<readonly Lock[] | undefined>;
  permissions(vaultId: string, signal: AbortSignal): Promise<readonly Permission[] | undefined>;
}

/** Time, as an argument. */
export interface Clock {
  now(): Date;
  /** Waits; ends early, without an error, when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
