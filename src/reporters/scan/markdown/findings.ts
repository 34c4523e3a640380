import type { Compliance, Finding } from '../../../model/finding.ts';
import type { ScanReport } from '../../../model/report.ts';
import { failedRules } from '../failed-rules.ts';
import { markdownCode, markdownText } from '../../text/markdown.ts';
import type { VaultFindings } from '../vaults.ts';
import { count, number } from '../../words/counts.ts';
import { exemptionWords } from '../../words/exemption.ts';
import { fixLabel, fixWords } from '../../words/fix.ts';
import { kindOf, resourceName } from '../../words/scope.ts';
import { evidenceWords, valueWords } from '../../words/values.ts';
import { type MarkdownBlock, tableBlocks } from './blocks.ts';
import { valueOrWords } from '../../../model/evidence.ts';

/** One table a kind of verdict: what failed, what is unknown, what is exempt. Worst first, by vault. */
export function* findingBlocks(
  report: ScanReport,
  vaults: readonly VaultFindings[],
): Iterable<MarkdownBlock> {
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
function ruleCell({ ruleId, ruleName }: Finding): string {
  return `${markdownText(ruleId)} ${markdownText(ruleName)}`;
}

/** The state of a finding in a word: its severity where it failed. */
function verdictWord({ compliance, severity }: Finding): string {
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

/** One collapsed section a vault: where it is, and every fact behind its verdicts. Never split. */
export function* evidenceBlocks(
  vaults: readonly VaultFindings[],
  nameOf: (subscriptionId: string) => string,
): Iterable<MarkdownBlock> {
  let heading = '\n### Evidence\n';
  for (const vault of vaults) {
    // Other verdicts have a row in a table above; these appear only here.
    const findings = vault.findings.filter(({ compliance }) => compliance === 'compliant').length;
    yield { text: heading + sectionOf(vault, nameOf), findings };
    heading = '';
  }
}

function sectionOf({ resource, findings }: VaultFindings, nameOf: (id: string) => string): string {
  const summary = `${markdownCode(resourceName(resource))} ${count(findings.length, 'verdict')}`;
  const place = [
    kindOf(resource),
    nameOf(resource.subscriptionId),
    resource.resourceGroup,
    resource.location,
  ].filter((part) => part !== '');
  const rows = findings.flatMap(factRows).map((cells) => `| ${cells.join(' | ')} |\n`);
  return [
    `\n<details><summary>${summary}</summary>\n\n`,
    `Where: ${place.map((part) => markdownText(part)).join(' · ')}\n\n`,
    `${markdownCode(resource.id)}\n\n`,
    '| Verdict | Rule | Field | Expected | Found |\n| --- | --- | --- | --- | --- |\n',
    ...rows,
    '\n</details>\n',
  ].join('');
}

function factRows(finding: Finding): readonly (readonly string[])[] {
  const start = [verdictWord(finding), ruleCell(finding)];
  if (finding.evidence.length === 0) return [[...start, '', '', markdownText(finding.message)]];
  return finding.evidence.map(({ field, expected, actual }) => [
    ...start,
    markdownCode(field),
    markdownCode(valueWords(expected)),
    markdownCode(valueWords(valueOrWords(actual))),
  ]);
}
