import type { Compliance } from '../../model/finding.ts';
import type { Summary } from '../../model/report.ts';
import type { Severity } from '../../model/severity.ts';

/** Counts resources and verdicts as they come. */
export function tally(): {
  /** `isRelevant` for types that are scanned, or that a rule is about. */
  readonly resources: (count: number, isRelevant: boolean) => void;
  readonly verdict: (compliance: Compliance | 'notApplicable', severity: Severity) => void;
  /** Verdicts on resources that were not handed over. */
  readonly passed: (verdicts: { readonly compliant: number; readonly notApplicable: number }) => void;
  readonly summary: () => Summary & { readonly relevant: number };
} {
  let [resources, relevant] = [0, 0];
  const verdicts = { compliant: 0, nonCompliant: 0, exempt: 0, unknown: 0, notApplicable: 0 };
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  return {
    resources(count, isRelevant) {
      resources += count;
      if (isRelevant) relevant += count;
    },
    verdict(compliance, severity) {
      verdicts[compliance] += 1;
      if (compliance === 'nonCompliant') bySeverity[severity] += 1;
    },
    passed({ compliant, notApplicable }) {
      verdicts.compliant += compliant;
      verdicts.notApplicable += notApplicable;
    },
    summary: () => ({ resources, relevant, ...verdicts, bySeverity: { ...bySeverity } }),
  };
}
