/**
 * The resources that a scan is limited to, as written: they match one value of each list that is there. Of `tags`, those of
 * one name are alternatives, and of different names all are needed.
 */
export interface ScanFilter {
  /** Names, in which `*` stands for any run of characters, or `/subscriptions/…/resourceGroups/…`. */
  readonly resourceGroups?: readonly string[];
  /** Names of vaults and managed HSMs, in which `*` stands for any run of characters, or their ARM ids. */
  readonly vaults?: readonly string[];
  /** `NAME=VALUE`, or `NAME` for any value. */
  readonly tags?: readonly string[];
}

/** A tag of a filter. The language of conditions has no spelling for an apostrophe in the name of a tag. */
export const tagPattern = "^[^=']+(=.*)?$";

/** One filter over another, list by list; `undefined` where all lists are empty. */
export function mergeFilters(under: ScanFilter, over: ScanFilter): ScanFilter | undefined {
  const filter = { ...listsOf(under), ...listsOf(over) };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

/** The lists of a filter that are not empty. */
function listsOf({ resourceGroups = [], vaults = [], tags = [] }: ScanFilter): ScanFilter {
  return {
    ...(resourceGroups.length === 0 ? {} : { resourceGroups }),
    ...(vaults.length === 0 ? {} : { vaults }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}
