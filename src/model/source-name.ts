/** The name of a part: something that a scan reads besides the resources of subscriptions. */
export type CoveragePartName = 'deleted' | 'objects' | 'access' | 'template' | 'plan';

/** The name of a source: the kind of target that it reads, or the part of a scan that it adds. */
export type SourceName = 'live' | 'inventory' | CoveragePartName;
