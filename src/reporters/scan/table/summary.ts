import type { ScanReport } from '../../../model/report.ts';
import { terminalText } from '../../text/terminal.ts';
import { countSeverities, number } from '../../words/counts.ts';
import {
  changedMeanwhile,
  coverageWords,
  effortWords,
  notWhollySeen,
  subscriptionName,
  subscriptionWords,
} from '../../words/coverage.ts';
import { endingSoon, exemptionWords } from '../../words/exemption.ts';
import { scopeWords } from '../../words/scope.ts';
import { verdictOf, type Verdict } from '../../words/verdict.ts';
import { paragraph, severityPaint, type Look, type Paint } from '../../terminal/style.ts';
import { severities } from '../../../model/severity.ts';
import { pad } from '../../terminal/wrap.ts';

const labelWidth = 12;

/** The verdict, the counts behind it, and how much of what was asked for was seen. */
export function* summaryRows(report: ScanReport, look: Look): Iterable<string> {
  const verdict = verdictOf(report);
  yield labelled('Result', verdict.text, { look, paint: verdictPaint(verdict, look) });
  if (report.summary.nonCompliant > 0)
    yield `${pad('Severity', labelWidth)}${severityCounts(report, look)}\n`;
  yield labelled('Verdicts', verdictCounts(report), { look });
  yield labelled('Coverage', coverageWords(report), { look });
  yield* subscriptionRows(report, look);
  const effort = effortWords(report);
  if (effort !== '') yield labelled('Requests', effort, { look });
  yield* endings(report, look);
}

/** Subscriptions that are not as they were expected to be; never cut short. */
function* subscriptionRows(report: ScanReport, look: Look): Iterable<string> {
  for (const subscription of [...notWhollySeen(report), ...changedMeanwhile(report)]) {
    const text = `${subscriptionWords(subscription)}: ${subscriptionName(subscription)}`;
    yield labelled('', text, { look });
  }
}

function* endings(report: ScanReport, look: Look): Iterable<string> {
  let label = 'Ends soon';
  for (const { exemption, ruleId, resource } of endingSoon(report)) {
    if (exemption === undefined) continue;
    const text = `${resource.name} ${ruleId}: ${exemptionWords(exemption, report)}`;
    yield labelled(label, text, { look, paint: look.colors.yellow });
    label = '';
  }
}

function labelled(label: string, text: string, { look, paint }: { look: Look; paint?: Paint }): string {
  const line = { label: pad(label, labelWidth), width: labelWidth, text };
  return paragraph(paint === undefined ? line : { ...line, paint }, look);
}

/** On one line, or one below the other where the terminal is too narrow. */
function severityCounts({ summary }: ScanReport, look: Look): string {
  const counts = severities
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => severityPaint(severity, look)(`${number(summary.bySeverity[severity])} ${severity}`));
  const fits = labelWidth + countSeverities(summary).length <= look.width;
  return counts.join(
    fits
      ? ', '
      : `
${pad('', labelWidth)}`,
  );
}

function verdictCounts({ summary }: ScanReport): string {
  const { nonCompliant, unknown, exempt, compliant, notApplicable } = summary;
  const counts: readonly (readonly [number, string])[] = [
    [nonCompliant, 'non-compliant'],
    [unknown, 'unknown'],
    [exempt, 'exempt'],
    [compliant, 'compliant'],
    [notApplicable, 'not applicable'],
  ];
  return counts.map(([amount, word]) => `${number(amount)} ${word}`).join(', ');
}

function verdictPaint({ kind }: Verdict, { colors }: Look): Paint {
  if (kind === 'clean') return (text) => colors.bold(colors.green(text));
  if (kind === 'empty') return (text) => colors.bold(colors.yellow(text));
  return (text) => colors.bold((kind === 'findings' ? colors.red : colors.magenta)(text));
}

/** The title line of the whole table. */
export function titleRow(report: ScanReport, look: Look): string {
  const { tool, finishedAt } = report;
  const scope = scopeWords(report.scope);
  const when = `${finishedAt.slice(0, 10)} ${finishedAt.slice(11, 16)} UTC`;
  const name = `${terminalText(tool.name)} `;
  const label = look.colors.bold(name);
  return paragraph({ label, width: name.length, text: `${tool.version} · ${scope} · ${when}` }, look);
}
