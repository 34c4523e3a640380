/** The number of resources that keep what is deleted in them for so many days. */
interface RetentionCount {
  readonly days: number;
  readonly resources: number;
}

/** A part of an estate: how much is in it, and how long that keeps what is deleted, the shortest time first. */
export interface EstatePart {
  readonly resources: number;
  readonly retention: readonly RetentionCount[];
}

/** A subscription or a management group, by id and display name. */
interface NamedPart extends EstatePart {
  readonly id: string;
  readonly name: string;
}

/** A tag that tells of an environment, with one of its values. */
interface TaggedPart extends EstatePart {
  readonly tag: string;
  readonly value: string;
}

/** The vaults and managed HSMs that there are, as far as they could be read. */
export interface EstateSurvey extends EstatePart {
  /** The inventory that was read; Azure where it is absent. */
  readonly inventory?: string;
  readonly vaults: number;
  readonly hsms: number;
  /** Those without purge protection. */
  readonly unprotected: number;
  /** Most resources first. */
  readonly subscriptions: readonly NamedPart[];
  readonly managementGroups: readonly NamedPart[];
  readonly tags: readonly TaggedPart[];
  /** The number of things that could not be read. */
  readonly gaps: number;
}
