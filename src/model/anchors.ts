import type { Finding, FindingResource } from './finding.ts';
import type { Location } from './location.ts';
import type { Rule } from './rule.ts';

/** The findings of a report, and the files that may carry their alerts. Paths are as the user wrote them. */
export interface AnchorRequest {
  readonly findings: readonly Finding[];
  /** Every resource that the scan saw, compliant ones included; `undefined` where it does not know all of them. */
  readonly resources: readonly FindingResource[] | undefined;
  readonly rules: readonly Rule[];
  /** The folder with infrastructure code; without it, no finding is shown there. */
  readonly sourceRoot: string | undefined;
  readonly configFile: string | undefined;
  /** Files that the scan itself writes: they are never anchors. */
  readonly written: readonly string[];
}

/** The places of findings in code scanning, and which resources have several equally good declarations. */
export interface Anchoring {
  readonly anchor: (finding: Finding) => Location;
  /** A sentence for each resource whose declaration is not certain, and for each file that was skipped. */
  readonly notes: readonly string[];
}
