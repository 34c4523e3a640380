import type { ExemptionCategory } from './exemption.ts';
import type { Json, JsonObject } from './json.ts';
import type { Risk } from './rule.ts';
import type { Severity } from './severity.ts';

/** The verdict of a rule on a resource. `exempt` is an accepted non-compliance. */
export type Compliance = 'nonCompliant' | 'unknown' | 'exempt' | 'compliant';

/** One fact behind a verdict. `actual` is the value read, or `unset`, `unset (…)`,
 * `could not be read`, or `could not be read: ` and a value of a kind that Azure never writes, as JSON. */
export interface Evidence {
  readonly field: string;
  /** The value itself where equality is expected; else the expectation in words: `at least 90`. */
  readonly expected: Json;
  readonly actual: Json;
}

/** The resource of a finding: the part of it that a report shows. */
export interface FindingResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  /** Its tags, to find the code that declares it by; absent where the source has none. No report lists them. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The exemption that covers a finding, without its scope. */
export interface FindingExemption {
  readonly category: ExemptionCategory;
  readonly reason: string;
  readonly owner?: string;
  readonly ticket?: string;
  readonly expiresOn?: string;
}

/** The fix of a finding, as its rule describes it. */
export interface FindingRemediation {
  readonly risk: Risk;
  readonly patch?: JsonObject;
  readonly manual?: string;
}

/** One verdict of one rule on one resource, as reports list it. */
export interface Finding {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly severity: Severity;
  readonly compliance: Compliance;
  readonly resource: FindingResource;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly exemption?: FindingExemption;
  readonly remediation?: FindingRemediation;
  /** Lower-case hex SHA-256 of rule id and lower-cased resource id: stable across runs, renames and moves. */
  readonly fingerprint: string;
}
