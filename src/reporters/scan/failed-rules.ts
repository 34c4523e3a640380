import type { Finding } from '../../model/finding.ts';
import { compareText } from '../../model/compare-text.ts';
import { groupsBy } from '../../model/groups-by.ts';
import type { ScanReport } from '../../model/report.ts';
import { compareUrgency, worstFirst } from './order.ts';

/** A rule that at least one vault fails. */
export interface FailedRule {
  /** One of its failures: it carries the rule's name, severity and remediation. */
  readonly example: Finding;
  /** Its failures: at least one for each of them. */
  readonly failures: readonly Finding[];
}

/** The rules that failed, worst first. */
export function failedRules(report: ScanReport): readonly FailedRule[] {
  const failures = report.findings.filter(({ compliance }) => compliance === 'nonCompliant');
  return groupsBy(failures, ({ ruleId }) => ruleId)
    .map((ofRule) => ({ example: worstFirst(ofRule)[0] ?? ofRule[0], failures: ofRule }))
    .toSorted(({ example: a }, { example: b }) => compareUrgency(a, b) || compareText(a.ruleId, b.ruleId));
}
