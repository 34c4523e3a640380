import type { AzureExemptionsRead } from './azure-exemption.ts';
import type { MatchDeployed } from './deployed.ts';
import type { Identity } from './identity.ts';
import type { JsonObject } from './json.ts';
import type { Coverage, CoveragePart, ReadCost, ReportScope, Unreadable } from './coverage.ts';
import type { Resource } from './resource.ts';
import type { CoveragePartName, SourceName } from './source-name.ts';

/** A management group. Its name is its id where its display name is not known. */
export interface ManagementGroup {
  readonly id: string;
  readonly name: string;
}

/** A subscription that a source knows, with the management groups above it, nearest first. */
export interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly managementGroups: readonly ManagementGroup[];
}

/** The scope of a read. Subscriptions are those expected, whether they can be read or not. */
export interface SourceScope {
  readonly scope: ReportScope;
  readonly subscriptions: readonly Subscription[];
  /** Subscriptions outside the scope, where they had to be known: a name can be theirs as well. */
  readonly others?: readonly Subscription[];
}

/**
 * Resources of a type that the source counted and did not return, since no rule can fail on them: each rule about
 * the type passes on every one of them, but for those to which it does not apply, which are counted by its id.
 */
export interface PassedResources {
  readonly type: string;
  readonly resources: number;
  readonly notApplicable: Readonly<Record<string, number>>;
  /** Those that may be in the scope of some parameters, by the place of these; absent where they were not counted. */
  readonly mayBeIn?: Readonly<Record<string, number>>;
}

/** Types of which something may be in a resource, and nothing could be read: what the rules say of it is unknown. */
export interface UnreadContents {
  readonly resource: Resource;
  readonly types: readonly string[];
}

/** The account with which a source ends: of subscriptions, or of the part of a scan that it reads. */
export type SourceCoverage = Coverage | PartCoverage;

/** The account of a part, and what it cost. */
export interface PartCoverage extends ReadCost {
  readonly part: CoveragePart;
}

/**
 * An event of a source while it reads. The order is the contract: `scope` first and once, then pages and gaps as they
 * come, `coverage` last and once. A source that ends without `coverage` was cut short. `subscriptions` are those that
 * the scope could not name yet, since only the rows of an inventory tell of them.
 */
export type SourceEvent =
  | ({ readonly kind: 'scope' } & SourceScope)
  | { readonly kind: 'subscriptions'; readonly subscriptions: readonly Subscription[] }
  | { readonly kind: 'resources'; readonly resources: readonly Resource[] }
  | { readonly kind: 'passed'; readonly passed: PassedResources }
  | { readonly kind: 'unread'; readonly contents: UnreadContents }
  | { readonly kind: 'unreadable'; readonly entry: Unreadable }
  | { readonly kind: 'coverage'; readonly coverage: SourceCoverage };

/** A source of resources: Resource Graph, an inventory file, a template. A scan joins the sources of a list. */
export interface ResourceSource {
  readonly name: SourceName;
  /** The resource types that it reads. It may return others, as they are in a file. */
  readonly types: readonly string[];
  /** Finds what is in Azure of the resources that it has read from code. */
  readonly matchDeployed?: MatchDeployed;
  /** Facts that are in the bodies already, since an archive keeps them with what they are about. */
  readonly holds?: readonly FactsHeld[];
  /**
   * Reads everything once. After `signal` aborts it stops soon, still with `coverage`, and never throws for it. `within`
   * is the scope of the sources before it in the list; empty for the first one, whose target decides it.
   */
  read(signal: AbortSignal, within: SourceScope): AsyncIterable<SourceEvent>;
}

/** Facts about a resource in addition to its body. `gaps` are paths below the members that could not be read. */
export interface ResourceFacts {
  readonly members: JsonObject;
  readonly gaps: readonly string[];
}

/** Facts about resources of some types, by the names of the members that they are in. */
export interface FactsHeld {
  /** The resource types that the facts are about. */
  readonly types: readonly string[];
  /** The members of the body of a resource, for conditions to read. */
  readonly members: readonly string[];
}

/** A source of facts about resources that other sources return, such as who has access to them. They join by id. */
export interface FactSource extends FactsHeld {
  readonly name: CoveragePartName;
  /** Begins to read. `within` is the scope of the scan. */
  read(signal: AbortSignal, within: SourceScope): FactReader;
}

/** A read of facts. After its signal aborts it answers soon, with what it knows, and never throws for it. */
interface FactReader {
  /** The facts about each resource, by its id in lower case. One that is left out is unknown: its members are gaps. */
  factsOf(resources: readonly Resource[]): Promise<ReadonlyMap<string, ResourceFacts>>;
  /** Ends the read. Gaps make the scan incomplete. */
  close(): Promise<{ readonly unreadable: readonly Unreadable[]; readonly coverage: PartCoverage }>;
}

/** A source of the exemptions of Azure Policy. What Azure refuses is a gap, and is not thrown; it ends soon after its signal aborts. */
export interface AzureExemptionSource {
  read(signal: AbortSignal, within: SourceScope): Promise<AzureExemptionsRead>;
}

/** The sources of one scan: that of its target, and those of the parts that it includes. */
export interface ScanSources {
  readonly sources: readonly [ResourceSource, ...ResourceSource[]];
  readonly facts?: readonly FactSource[];
  /** The exemptions of Azure Policy; absent where they do not count. */
  readonly azureExemptions?: AzureExemptionSource;
  /** The identity that has read Azure so far. */
  readonly identity?: () => Identity | undefined;
  /** The end of the read, where it was over before this scan. */
  readonly finishedAt?: Date;
  /**
   * Lets requests that are due be sent, and answers that have come be taken, before more is judged. Absent where nothing
   * is requested.
   */
  readonly letRequestsPass?: () => Promise<void>;
}

/** The scope before any source has reported one. */
export const emptyScope: SourceScope = {
  scope: { subscriptions: [], managementGroups: [] },
  subscriptions: [],
};

/** The progress of a live read, for a person at a terminal. */
export interface ReadProgress {
  readonly subscriptions: number;
  readonly pages: number;
  readonly resources: number;
  /** Milliseconds that the read is about to wait because Azure throttles it; 0 when it is not waiting. */
  readonly waitingMs: number;
  /** Vaults of which the contents were read, or could not be; absent while none are read. */
  readonly lookedInto?: number;
}

/** The present work of a scan, for a person at a terminal. */
export type ScanActivity =
  | { readonly kind: 'signIn' | 'findScope' | 'code' }
  | (ReadProgress & { readonly kind: 'read' })
  | {
      readonly kind: 'inventory';
      readonly file: string;
      /** Read so far. */
      readonly bytes: number;
      /** Of the whole file; absent where that is not known. */
      readonly totalBytes?: number;
    };

/** Finds the names of subscriptions, and the management groups above them. */
export interface SubscriptionLookup {
  /** By id in lower case; one of which nothing could be read is absent. Never throws for Azure's no. */
  find(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Subscription>>;
}
