import type { Location } from './location.ts';

/** Azure Policy's two reasons for an exemption. */
export type ExemptionCategory = 'waiver' | 'mitigated';

/** The scope of an exemption; every key that is given must match. */
export interface ExemptionScope {
  /** An ARM resource id. */
  readonly resource?: string;
  /** `/subscriptions/…/resourceGroups/…`, or the bare name of a resource group. */
  readonly resourceGroup?: string;
  /** A subscription id or display name. */
  readonly subscription?: string;
  /** A management group id or display name; holds for every subscription below it. */
  readonly managementGroup?: string;
  /** A pattern over the resource's name: `*` stands for any run of characters. */
  readonly name?: string;
  /** Tags that must all be there with these values. */
  readonly tag?: Readonly<Record<string, string>>;
}

/** An accepted risk: who accepted what, why, and until when. */
export interface Exemption {
  /** A rule id, or `*` for every rule. */
  readonly rule: string;
  readonly scope: ExemptionScope;
  readonly category: ExemptionCategory;
  readonly reason: string;
  readonly owner?: string;
  readonly ticket?: string;
  /** `YYYY-MM-DD`; holds to the end of that day, UTC. */
  readonly expiresOn: string;
  readonly location: Location;
}
