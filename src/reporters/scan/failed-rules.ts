import type { Finding } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import { worstFirst } from './order.ts';
import { countVaults } from './vaults.ts';

/** A rule that at least one vault fails. */
export interface FailedRule {
  /** One of its failures: it carries the rule's name, severity and remediation. */
  readonly example: Finding;
  readonly vaults: number;
}

/** The rules that failed, worst first. */
export function failedRules(report: ScanReport): readonly FailedRule[] {
  const byRule = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    if (finding.compliance !== 'nonCompliant') continue;
    const known = byRule.get(finding.ruleId);
    if (known === undefined) byRule.set(finding.ruleId, [finding]);
    else known.push(finding);
  }
  const examples = [...byRule.values()].flatMap((failures) => worstFirst(failures).slice(0, 1));
  return worstFirst(examples).map((example) => ({
    example,
    vaults: countVaults(byRule.get(example.ruleId) ?? []),
  }));
}
