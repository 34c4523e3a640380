import type { JsonObject } from './json.ts';
import type { DeletedVault } from './recycle-bin.ts';
import type { Refusal } from './refusal.ts';
import type { VaultAddress } from './vault-reader.ts';

/** The kinds of write. */
export const writeKinds = ['patch', 'recover', 'purge'] as const;

/**
 * A write to Azure, and all that is sent. A `patch` changes a live vault, which is read back and judged by the rules. A
 * `recover` takes one out of the recycle bin; it is read back from ARM. A `purge` destroys one in the recycle bin, which
 * nobody can undo; its operation is followed to the end, and the bin is listed again.
 */
export type WriteAction =
  | { readonly kind: 'patch'; readonly vault: VaultAddress; readonly body: JsonObject }
  | { readonly kind: 'recover'; readonly deleted: DeletedVault; readonly body: JsonObject }
  | { readonly kind: 'purge'; readonly deleted: DeletedVault };

/** The body of a request; a purge has none. */
export function bodyOf(action: WriteAction): JsonObject {
  return action.kind === 'purge' ? {} : action.body;
}

/**
 * The outcome of a request. A long-running operation is answered when it has ended: `failedLater` when Azure accepted
 * it, and says that it has failed. Where it could not be followed to its end, the vault must tell.
 */
export type WriteAnswer =
  | { readonly kind: 'accepted'; readonly requestId: string; readonly followed: boolean }
  | { readonly kind: 'failedLater'; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Sends writes, each once; whether to try again is the caller's decision. Never throws for what Azure refuses. */
export interface WriteSender {
  /** A write in flight is seen through; `signal` only ends the waiting for what Azure has accepted. */
  send(action: WriteAction, signal: AbortSignal): Promise<WriteAnswer>;
}
