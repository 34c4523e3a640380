import type { Compliance, Finding } from '../../../model/finding.ts';
import type { ScanReport } from '../../../model/report.ts';
import { failedRules } from '../failed-rules.ts';
import { markdownCode, markdownText } from '../../text/markdown.ts';
import type { VaultFindings } from '../vaults.ts';
import { number } from '../../words/counts.ts';
import { exemptionWords } from '../../words/exemption.ts';
import { fixLabel, fixWords } from '../../words/fix.ts';
import { resourceName } from '../../words/scope.ts';
import { evidenceWords } from '../../words/values.ts';
import type { Block } from './cut.ts';
import { tableBlocks } from './table.ts';

/** One table a kind of verdict: what failed, what is unknown, what is exempt. Worst first, by vault. */
export function* findingBlocks(report: ScanReport, vaults: readonly VaultFindings[]): Iterable<Block> {
  const failed = rowsOf(vaults, 'nonCompliant', (finding) => [
    finding.severity,
    vaultCell(finding),
    ruleCell(finding),
    foundCell(finding),
    fixLabel(finding.remediation),
  ]);
  yield* tableBlocks('Findings', {
    head: '| Severity | Vault | Rule | Found | Fix |',
    rows: failed,
    kind: 'findings',
  });
  const fixes = failedRules(report).map(({ example, vaults }) => [
    ruleCell(example),
    number(vaults),
    markdownText(fixWords(example.remediation) || 'The rule names no fix.'),
  ]);
  yield* tableBlocks('How to fix', { head: '| Rule | Vaults | Fix |', rows: fixes, kind: 'extra' });
  const unknown = rowsOf(vaults, 'unknown', (finding) => [
    finding.severity,
    vaultCell(finding),
    ruleCell(finding),
    foundCell(finding),
  ]);
  yield* tableBlocks('Unknown', {
    head: '| Severity | Vault | Rule | What is known |',
    rows: unknown,
    kind: 'findings',
  });
  const exempt = rowsOf(vaults, 'exempt', (finding) => [
    finding.severity,
    vaultCell(finding),
    ruleCell(finding),
    finding.compliance === 'exempt' ? markdownText(exemptionWords(finding.exemption, report)) : '',
  ]);
  yield* tableBlocks('Exempt', {
    head: '| Severity | Vault | Rule | Exemption |',
    rows: exempt,
    kind: 'findings',
  });
}

/** A rule's id and name. */
export function ruleCell({ ruleId, ruleName }: Finding): string {
  return `${markdownText(ruleId)} ${markdownText(ruleName)}`;
}

/** The state of a finding in a word: its severity where it failed. */
export function verdictWord({ compliance, severity }: Finding): string {
  return compliance === 'nonCompliant' ? severity : compliance;
}

function vaultCell({ resource }: Finding): string {
  return markdownCode(resourceName(resource));
}

function foundCell({ evidence, message }: Finding): string {
  if (evidence.length === 0) return markdownText(message);
  return evidence.map((fact) => markdownText(evidenceWords(fact))).join('<br>');
}

function* rowsOf(
  vaults: readonly VaultFindings[],
  compliance: Compliance,
  cells: (finding: Finding) => readonly string[],
): Iterable<readonly string[]> {
  for (const vault of vaults) {
    for (const finding of vault.findings) if (finding.compliance === compliance) yield cells(finding);
  }
}
