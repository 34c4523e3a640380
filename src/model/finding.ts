import type { Evidence } from './evidence.ts';
import type { ExemptionCategory } from './exemption.ts';
import type { Json } from './json.ts';
import type { Location } from './location.ts';
import type { Remediation } from './rule.ts';
import type { Severity } from './severity.ts';

/** The verdict of a rule on a resource. `exempt` is an accepted non-compliance. */
export type Compliance = 'nonCompliant' | 'unknown' | 'exempt' | 'compliant';

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
  /** The ARM id of an exemption of Azure Policy; absent for one of an exemptions file. */
  readonly id?: string;
}

/** The change of a finding since a baseline, in SARIF's words. */
type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent';

/** The parts of a finding that do not depend on its verdict. */
export interface FindingFacts {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly severity: Severity;
  readonly resource: FindingResource;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** The parameters that the resource was judged with, where a scope gives it others than its rule has. */
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly remediation?: Remediation;
  /** The line of infrastructure code that decides, where the resource was read from there. */
  readonly declaredAt?: Location;
  /** Absent where the scan was not compared with a baseline. */
  readonly baselineState?: BaselineState;
  /** Lower-case hex SHA-256 of rule id and lower-cased resource id: stable across runs, renames and moves. */
  readonly fingerprint: string;
}

/** One verdict of one rule on one resource, as reports list it. An exempt one always carries its exemption. */
export type Finding = FindingFacts &
  (
    | { readonly compliance: 'exempt'; readonly exemption: FindingExemption }
    | { readonly compliance: Exclude<Compliance, 'exempt'>; readonly exemption?: never }
  );
