import type { ReadCost, Unreadable } from './coverage.ts';
import type { ExemptionCategory } from './exemption.ts';
import type { ExemptionNotice } from './exemption-notice.ts';

/** One condition of a resource selector: one of the values, or none of them. The kind is Azure's, such as `resourceLocation`. */
export interface ResourceSelector {
  readonly kind: string;
  readonly in?: readonly string[];
  readonly notIn?: readonly string[];
}

/** Lists of conditions: all of one of them must hold. Empty where everything is selected. */
export type ResourceSelectors = readonly (readonly ResourceSelector[])[];

/** The assignment that an exemption is from, as far as it shows. */
export interface ExemptedAssignment {
  /** The ARM id. */
  readonly id: string;
  /** ARM ids of what it leaves out, with all that is below. */
  readonly notScopes: readonly string[];
  readonly selectors: ResourceSelectors;
}

/** An exemption of Azure Policy, with what its assignment assigns. */
export interface AzureExemption {
  /** The ARM id. */
  readonly id: string;
  /** The ARM id of what it stands on: it covers that, and all that is below. */
  readonly scope: string;
  readonly category: ExemptionCategory;
  /** Its description, or its name where it has none. */
  readonly reason: string;
  /** ISO 8601; absent where it has no end. */
  readonly expiresAt?: string;
  readonly assignment: ExemptedAssignment;
  /** The definitions that it exempts from, by ARM id in lower case; absent where that is not known. */
  readonly definitions?: readonly string[];
  readonly selectors: ResourceSelectors;
}

/** The exemptions of Azure Policy that could be read, and what could not be. */
export interface AzureExemptionsRead {
  readonly exemptions: readonly AzureExemption[];
  readonly unreadable: readonly Unreadable[];
  readonly notices: readonly ExemptionNotice[];
  readonly cost: ReadCost;
}
