import type { Location } from '../../model/location.ts';
import type { NamePattern } from '../evaluation/name-pattern.ts';

/** A property as it is written for one vault. */
export interface DeclaredProperty {
  /** The line that gives this vault its value: an argument of a module call or parameter file, where one does. */
  readonly location: Location;
  /** The line of the property in the declaration itself. */
  readonly own: Location;
}

/** A vault or managed HSM that infrastructure code declares. */
export interface DeclaredVault {
  /** The resource type, in Azure's own spelling. */
  readonly type: string;
  /** Every name that it may have, in lower case. */
  readonly names: readonly NamePattern[];
  /** Ids of the subscription it may be in, in lower case; empty where none is written. */
  readonly subscriptions: readonly NamePattern[];
  /** Names of the resource group it may be in, in lower case; empty where none is written. */
  readonly resourceGroups: readonly NamePattern[];
  /** Locations that it may be in, as `westeurope`; empty where none is written. */
  readonly locations: readonly NamePattern[];
  /** Its tags whose values are written out, by their names in lower case. */
  readonly tags: ReadonlyMap<string, string>;
  /** ARM ids that an `import` block gives it, in lower case. */
  readonly resourceIds: readonly string[];
  /** True where a parameter file of the checkout says how it is deployed. */
  readonly isGiven: boolean;
  readonly declaration: Location;
  /** By canonical field path in lower case, such as `properties.enablepurgeprotection`. */
  readonly properties: ReadonlyMap<string, DeclaredProperty>;
}
