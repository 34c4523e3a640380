import type { VaultAddress } from './arm-ports.ts';
import type { Unreadable } from './coverage.ts';

/** A resource that would lose something with a vault. */
export interface Dependant {
  readonly id: string;
  /** As Azure writes it. */
  readonly type: string;
  /** The property that names the vault, as a path: `properties.encryption.keyVaultProperties.keyVaultUri`. */
  readonly property: string;
  /** True where the property is known to name the key by which Azure encrypts it. */
  readonly isEncrypted: boolean;
  /** The disk encryption set through which it depends on the vault. */
  readonly through?: string;
}

/** The dependants of a vault, and what of the tenant could not be searched: with gaps, none found is not none. */
export interface DependantsFound {
  readonly dependants: readonly Dependant[];
  readonly gaps: readonly Unreadable[];
}

/** Searches everything that the identity can see for what depends on a vault or managed HSM. Never throws for what Azure refuses. */
export interface DependantSearch {
  find(vault: VaultAddress, signal: AbortSignal): Promise<DependantsFound>;
}
