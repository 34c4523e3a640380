import type { Cloud } from '../../../model/cloud.ts';
import { tiesBetween } from '../../../model/evidence-words.ts';
import { shownValue } from '../../../model/evidence.ts';
import type { Compliance, Finding, FindingResource } from '../../../model/finding.ts';
import type { ScanReport } from '../../../model/report.ts';
import { failedRules } from '../failed-rules.ts';
import { markdownAdvice, markdownCode, markdownLink, markdownText } from '../../text/markdown.ts';
import type { VaultFindings } from '../vaults.ts';
import { stateWord } from '../../words/baseline.ts';
import { count } from '../../words/counts.ts';
import { todayOf } from '../../words/deployed.ts';
import { exemptionWords } from '../../words/exemption.ts';
import { fixLabel, fixWords } from '../../words/fix.ts';
import { portalAddress } from '../../words/portal.ts';
import { kindHead, kindOf, kindsAmong, resourceName } from '../../words/scope.ts';
import { declaredWords, factsOf, judgedWithWords, valueWords } from '../../words/values.ts';
import { type MarkdownBlock, tableBlocks } from './blocks.ts';

/** One table a kind of verdict: what failed, what is unknown, what is exempt. Worst first, by vault. */
export function* findingBlocks(
  report: ScanReport,
  vaults: readonly VaultFindings[],
  cloud?: Cloud,
): Iterable<MarkdownBlock> {
  const ruleCell = ruleCells(report);
  const today = todayOf(report);
  const kind = kindHead(vaults.map(({ resource }) => resource));
  const vaultCell = ({ resource }: Finding): string => vaultLink(resource, cloud);
  const failed = rowsOf(vaults, 'nonCompliant', (finding) => [
    finding.severity,
    vaultCell(finding),
    ruleCell(finding),
    foundCell(finding, today(finding)),
    fixLabel(finding.remediation),
  ]);
  yield* tableBlocks('Findings', {
    head: `| Severity | ${kind} | Rule | Found | Fix |`,
    rows: failed,
    kind: 'findings',
  });
  const fixes = failedRules(report).map(({ example, failures }) => [
    ruleCell(example),
    kindsAmong(failures),
    markdownAdvice(fixWords(example.remediation) || 'The rule names no fix.'),
  ]);
  yield* tableBlocks('How to fix', { head: '| Rule | Fails on | Fix |', rows: fixes, kind: 'extra' });
  const unknown = rowsOf(vaults, 'unknown', (finding) => [
    finding.severity,
    vaultCell(finding),
    ruleCell(finding),
    foundCell(finding, today(finding)),
  ]);
  yield* tableBlocks('Unknown', {
    head: `| Severity | ${kind} | Rule | What is known |`,
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
    head: `| Severity | ${kind} | Rule | Exemption |`,
    rows: exempt,
    kind: 'findings',
  });
}

/** A rule's id, with a link to its page where it has one, and its name. */
function ruleCells({ rules }: ScanReport): (finding: Finding) => string {
  const pages = new Map(rules.map(({ id, helpUri }) => [id, helpUri]));
  return ({ ruleId, ruleName }) =>
    `${markdownLink(markdownText(ruleId), pages.get(ruleId) ?? '')} ${markdownText(ruleName)}`;
}

function plainRuleCell({ ruleId, ruleName }: Finding): string {
  return `${markdownText(ruleId)} ${markdownText(ruleName)}`;
}

/** The name of a resource, with a link to the portal of its cloud. */
function vaultLink(resource: FindingResource, cloud: Cloud | undefined): string {
  return markdownLink(markdownCode(resourceName(resource)), portalAddress(resource, cloud));
}

/** The state of a finding in a word: its severity where it failed. */
function verdictWord({ compliance, severity }: Finding): string {
  return compliance === 'nonCompliant' ? severity : compliance;
}

function foundCell(finding: Finding, today: string): string {
  const state = stateWord(finding);
  const [tuning, place] = [judgedWithWords(finding), declaredWords(finding)];
  return [
    state === '' ? '' : `**${state}**`,
    ...factsOf(finding).map(markdownText),
    markdownText(today),
    markdownText(tuning),
    place === '' ? '' : markdownCode(place),
  ]
    .filter((part) => part !== '')
    .join('<br>');
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
    place.length === 0 ? '' : `Where: ${place.map((part) => markdownText(part)).join(' · ')}\n\n`,
    `${markdownCode(resource.id)}\n\n`,
    '| Verdict | Rule | Field | Expected | Found |\n| --- | --- | --- | --- | --- |\n',
    ...rows,
    '\n</details>\n',
  ].join('');
}

function factRows(finding: Finding): readonly (readonly string[])[] {
  const start = [verdictWord(finding), plainRuleCell(finding)];
  if (finding.evidence.length === 0) return [[...start, '', '', markdownText(finding.message)]];
  const ties = tiesBetween(finding.evidence);
  return finding.evidence.map(({ field, expected, actual }, index) => [
    ...start,
    markdownCode(field),
    `${ties[index] ?? ''} ${markdownCode(valueWords(expected))}`.trimStart(),
    markdownCode(valueWords(shownValue(actual))),
  ]);
}
