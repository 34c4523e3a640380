import type { Coverage, ReportScope, Unreadable } from './report.ts';
import type { Resource } from './resource.ts';

/** A management group; its id stands for a display name that is not known. */
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

/**
 * Resources of a type that the source looked at and did not hand over, since no rule can fail on them: each rule about
 * the type passes on every one of them, but for those to which it does not apply, which are counted by its id.
 */
export interface PassedResources {
  readonly type: string;
  readonly resources: number;
  readonly notApplicable: Readonly<Record<string, number>>;
}

/**
 * An event of a source while it reads. The order is the contract: `scope` first and once, then pages and gaps as they
 * come, `coverage` last and once. A source that ends without `coverage` was cut short.
 */
export type SourceEvent =
  | {
      readonly kind: 'scope';
      readonly scope: ReportScope;
      readonly subscriptions: readonly Subscription[];
      /** Subscriptions outside the scope, where they had to be known: a name can be theirs as well. */
      readonly others?: readonly Subscription[];
    }
  | { readonly kind: 'resources'; readonly resources: readonly Resource[] }
  | { readonly kind: 'passed'; readonly passed: PassedResources }
  | { readonly kind: 'unreadable'; readonly entry: Unreadable }
  | { readonly kind: 'coverage'; readonly coverage: Coverage };

/** A source of resources: Resource Graph, an inventory file, a template. */
export interface ResourceSource {
  /** Reads everything once. After `signal` aborts it stops soon, still with `coverage`, and never throws for it. */
  read(signal: AbortSignal): AsyncIterable<SourceEvent>;
}

/** The progress of a live read, for a person at a terminal. */
export interface ReadProgress {
  readonly subscriptions: number;
  readonly pages: number;
  readonly resources: number;
  /** Milliseconds that the read is about to wait because Azure throttles it; 0 when it is not waiting. */
  readonly waitingMs: number;
}
