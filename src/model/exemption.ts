import type { Location } from './location.ts';
import type { ResourceScope } from './resource-scope.ts';

/** Azure Policy's two reasons for an exemption. */
export type ExemptionCategory = 'waiver' | 'mitigated';

/** An accepted risk: who accepted what, why, and until when. */
export interface Exemption {
  /** A rule id, or `*` for every rule. */
  readonly rule: string;
  readonly scope: ResourceScope;
  readonly category: ExemptionCategory;
  readonly reason: string;
  readonly owner?: string;
  readonly ticket?: string;
  /** `YYYY-MM-DD`; holds to the end of that day, UTC. */
  readonly expiresOn: string;
  readonly location: Location;
}

/** An exemption of a file, and its state. */
export interface ListedExemption {
  readonly exemption: Exemption;
  readonly state: 'inForce' | 'endsSoon' | 'expired';
  /** Whole days to its last day, in UTC. */
  readonly daysLeft: number;
  /** The number of findings of a report that it covers; absent without one, `notKnown` where the report does not tell. */
  readonly covers?: number | 'notKnown';
}
