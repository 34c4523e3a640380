import type { ScanReport } from '../../../model/report.ts';
import { severities } from '../../../model/severity.ts';
import { markdownText } from '../../text/markdown.ts';
import { number } from '../../words/counts.ts';
import { coverageWords, effortWords } from '../../words/coverage.ts';
import { scopeWords } from '../../words/scope.ts';
import { verdictOf, type Verdict } from '../../words/verdict.ts';

const alerts: Readonly<Record<Verdict['kind'], string>> = {
  incomplete: 'CAUTION',
  findings: 'WARNING',
  unknown: 'WARNING',
  empty: 'IMPORTANT',
  clean: 'NOTE',
};

/** The head of the report: the verdict, the number of findings by severity, the coverage. */
export function headOf(report: ScanReport): string {
  const verdict = verdictOf(report);
  const { summary, tool, finishedAt } = report;
  const when = `${finishedAt.slice(0, 10)} ${finishedAt.slice(11, 16)} UTC`;
  return [
    '## Azure Key Vault compliance',
    `> [!${alerts[verdict.kind]}]\n> **${markdownText(verdict.text)}**`,
    `| Critical | High | Medium | Low |\n| ---: | ---: | ---: | ---: |\n| ${severityCells(report)} |`,
    `${number(summary.nonCompliant)} non-compliant, ${number(summary.unknown)} unknown, ` +
      `${number(summary.exempt)} exempt, ${number(summary.compliant)} compliant, ` +
      `${number(summary.notApplicable)} not applicable.`,
    `Coverage: ${markdownText(`${coverageWords(report)} ${effortWords(report)}`.trim())}`,
    `${markdownText(`${tool.name} ${tool.version}`)} over ${markdownText(scopeWords(report.scope))}, ${when}.`,
  ].join('\n\n');
}

function severityCells({ summary }: ScanReport): string {
  return severities.map((severity) => number(summary.bySeverity[severity])).join(' | ');
}
