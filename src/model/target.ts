import type { CoveragePartName } from './source-name.ts';

/** The target of a scan: one of these, never a mixture. */
export type Target = LiveTarget | InventoryTarget;

/** Azure as it is now. With nothing named it is everything that the identity sees. */
export interface LiveTarget {
  readonly kind: 'live';
  /** Ids in any letter case, or display names. */
  readonly subscriptions: readonly string[];
  /** Ids, or display names. */
  readonly managementGroups: readonly string[];
  /** The parts that are read in addition to the resources of the subscriptions. */
  readonly include: readonly CoveragePartName[];
}

/** A file that someone exported, always read in full. */
export interface InventoryTarget {
  readonly kind: 'inventory';
  /** A path; `-` is standard input. */
  readonly file: string;
  /** True if the user states that a bare list in it is complete. */
  readonly complete: boolean;
}
