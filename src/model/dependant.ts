import type { VaultAddress } from './arm-ports.ts';
import type { NotLookedAt, Unreadable } from './coverage.ts';

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

/** The live resources that have the names of vaults: their ids, by type and name in lower case, such as `type/name`. */
interface NamesakesFound {
  readonly live: ReadonlyMap<string, readonly string[]>;
  readonly gaps: readonly Unreadable[];
  /** The subscriptions in which they would not have been seen. */
  readonly notLookedAt: readonly NotLookedAt[];
}

/** Searches everything that the identity can see, by Resource Graph. Never throws for what Azure refuses. */
export interface DependantSearch {
  /** Finds what depends on a vault or managed HSM. */
  find(vault: VaultAddress, signal: AbortSignal): Promise<DependantsFound>;
  /** Finds what is live under the names of deleted ones: Azure lags, or someone has just recovered it. */
  namesakes(vaults: readonly VaultAddress[], signal: AbortSignal): Promise<NamesakesFound>;
}
