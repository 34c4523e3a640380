/** The parts that `--include` may add to a live scan; those without a source are for later versions. */
export const partsToInclude = ['deleted', 'objects', 'access'] as const;

/** The names of all parts: what a scan may read besides the resources of subscriptions. */
export const partNames = [...partsToInclude, 'template', 'plan'] as const;

/** The name of a part. */
export type CoveragePartName = (typeof partNames)[number];

/** The name of a source: the kind of target that it reads, or the part of a scan that it adds. */
export type SourceName = 'live' | 'inventory' | CoveragePartName;
