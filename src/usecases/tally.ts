import type { Compliance } from '../model/finding.ts';
import type { Summary } from '../model/report.ts';
import type { Severity } from '../model/severity.ts';

/** Counts resources and verdicts as they come. */
export function tally(): {
  readonly resource: () => void;
  readonly verdict: (compliance: Compliance | 'notApplicable', severity: Severity) => void;
  readonly summary: () => Summary;
} {
  let resources = 0;
  const verdicts = { compliant: 0, nonCompliant: 0, exempt: 0, unknown: 0, notApplicable: 0 };
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  return {
    resource() {
      resources += 1;
    },
    verdict(compliance, severity) {
      verdicts[compliance] += 1;
      if (compliance === 'nonCompliant') bySeverity[severity] += 1;
    },
    summary: () => ({ resources, ...verdicts, bySeverity: { ...bySeverity } }),
  };
}
