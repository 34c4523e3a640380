import { compareText } from '../../model/compare-text.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import { severityRank } from '../../model/severity.ts';

/** Compliance states, the most urgent first. */
const complianceOrder: readonly Compliance[] = ['nonCompliant', 'unknown', 'exempt', 'compliant'];

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
  return complianceRank(a) - complianceRank(b) || severityRank(a.severity) - severityRank(b.severity);
}

function complianceRank(finding: Finding): number {
  return complianceOrder.indexOf(finding.compliance);
}
