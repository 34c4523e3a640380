import { compareText } from '../../model/compare-text.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import { severityRank } from '../../model/severity.ts';

/** The most urgent has the least. */
const complianceRank: Readonly<Record<Compliance, number>> = {
  nonCompliant: 0,
  unknown: 1,
  exempt: 2,
  compliant: 3,
};

/** Worst first, then by rule and resource id: the same findings give the same order in every run. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .map((finding) => ({ finding, id: finding.resource.id.toLowerCase() }))
    .toSorted(
      (a, b) =>
        compareUrgency(a.finding, b.finding) ||
        compareText(a.finding.ruleId, b.finding.ruleId) ||
        compareText(a.id, b.id),
    )
    .map(({ finding }) => finding);
}

/** By what needs attention, then by severity; findings of one urgency are equal. */
export function compareUrgency(a: Finding, b: Finding): number {
  return (
    complianceRank[a.compliance] - complianceRank[b.compliance] ||
    severityRank(a.severity) - severityRank(b.severity)
  );
}
