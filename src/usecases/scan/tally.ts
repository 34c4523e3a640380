import type { Compliance } from '../../model/finding.ts';
import type { Summary } from '../../model/report.ts';
import type { Severity } from '../../model/severity.ts';

/** Counts resources and verdicts as they come. */
export function tally(): {
  readonly resources: (count: number) => void;
  readonly verdict: (compliance: Compliance | 'notApplicable', severity: Severity) => void;
  /** Verdicts on resources that were not handed over. */
  readonly passed: (verdicts: { readonly compliant: number; readonly notApplicable: number }) => void;
  readonly summary: () => Summary;
} {
  let resources = 0;
  const verdicts = { compliant: 0, nonCompliant: 0, exempt: 0, unknown: 0, notApplicable: 0 };
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  return {
    resources(count) {
      resources += count;
    },
    verdict(compliance, severity) {
      verdicts[compliance] += 1;
      if (compliance === 'nonCompliant') bySeverity[severity] += 1;
    },
    passed({ compliant, notApplicable }) {
      verdicts.compliant += compliant;
      verdicts.notApplicable += notApplicable;
    },
    summary: () => ({ resources, ...verdicts, bySeverity: { ...bySeverity } }),
  };
}
