import type { ScanReport } from '../../../model/report.ts';
import { terminalText } from '../../text/terminal.ts';
import { countSeverities, number } from '../../words/counts.ts';
import {
  changedDuringScan,
  coverageWords,
  effortWords,
  partlyReadSubscriptions,
  subscriptionName,
  subscriptionWords,
} from '../../words/coverage.ts';
import { endingSoon, exemptionWords } from '../../words/exemption.ts';
import { scopeWords } from '../../words/scope.ts';
import { type ScanVerdict, verdictOf } from '../../words/verdict.ts';
import { type Paint, paragraph, severityPaint, type TerminalStyle } from '../../terminal/style.ts';
import { severities } from '../../../model/severity.ts';
import { pad } from '../../terminal/wrap.ts';
import type { FailedRule } from '../failed-rules.ts';

const labelWidth = 12;

/** The verdict, the counts behind it, and how much of what was asked for was seen. */
export function* summaryRows(report: ScanReport, style: TerminalStyle): Iterable<string> {
  const verdict = verdictOf(report);
  yield labelled('Result', verdict.text, { style, paint: verdictPaint(verdict, style) });
  if (report.summary.nonCompliant > 0)
    yield `${pad('Severity', labelWidth)}${severityCounts(report, style)}\n`;
  yield labelled('Verdicts', verdictCounts(report), { style });
  yield labelled('Coverage', coverageWords(report), { style });
  yield* subscriptionRows(report, style);
  const effort = effortWords(report);
  if (effort !== '') yield labelled('Requests', effort, { style });
  yield* endings(report, style);
}

/** Subscriptions that differ from what was expected; always listed in full. */
function* subscriptionRows(report: ScanReport, style: TerminalStyle): Iterable<string> {
  for (const subscription of [...partlyReadSubscriptions(report), ...changedDuringScan(report)]) {
    const text = `${subscriptionWords(subscription)}: ${subscriptionName(subscription)}`;
    yield labelled('', text, { style });
  }
}

function* endings(report: ScanReport, style: TerminalStyle): Iterable<string> {
  let label = 'Ends soon';
  for (const { exemption, ruleId, resource } of endingSoon(report)) {
    if (exemption === undefined) continue;
    const text = `${resource.name} ${ruleId}: ${exemptionWords(exemption, report)}`;
    yield labelled(label, text, { style, paint: style.colors.yellow });
    label = '';
  }
}

function labelled(
  label: string,
  text: string,
  { style, paint }: { style: TerminalStyle; paint?: Paint },
): string {
  const line = { label: pad(label, labelWidth), width: labelWidth, text };
  return paragraph(paint === undefined ? line : { ...line, paint }, style);
}

/** On one line, or one below the other where the terminal is too narrow. */
function severityCounts({ summary }: ScanReport, style: TerminalStyle): string {
  const counts = severities
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => severityPaint(severity, style)(`${number(summary.bySeverity[severity])} ${severity}`));
  const fits = labelWidth + countSeverities(summary.bySeverity).length <= style.width;
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

function verdictPaint({ kind }: ScanVerdict, { colors }: TerminalStyle): Paint {
  if (kind === 'clean') return (text) => colors.bold(colors.green(text));
  if (kind === 'empty') return (text) => colors.bold(colors.yellow(text));
  return (text) => colors.bold((kind === 'findings' ? colors.red : colors.magenta)(text));
}

/** The title line of the whole table. */
export function titleRow(report: ScanReport, style: TerminalStyle): string {
  const { tool, finishedAt } = report;
  const scope = scopeWords(report.scope);
  const when = `${finishedAt.slice(0, 10)} ${finishedAt.slice(11, 16)} UTC`;
  const name = `${terminalText(tool.name)} `;
  const label = style.colors.bold(name);
  return paragraph({ label, width: name.length, text: `${tool.version} · ${scope} · ${when}` }, style);
}

/** The next steps, most urgent first; none when all is well. */
export function* nextSteps(
  report: ScanReport,
  rules: readonly FailedRule[],
  style: TerminalStyle,
): Iterable<string> {
  const steps = stepsFor(report, rules);
  if (steps.length === 0) return;
  yield `\n${style.colors.bold('Next steps')}\n`;
  for (const text of steps) yield paragraph({ label: '  - ', width: 4, text }, style);
}

function stepsFor(report: ScanReport, [worst]: readonly FailedRule[]): readonly string[] {
  const { complete, summary } = report;
  const steps: string[] = [];
  if (!complete)
    steps.push('Close the gaps above and scan again: until then, this report does not cover everything.');
  if (complete && summary.resources === 0) {
    steps.push(
      report.scope.inventory === undefined
        ? 'Check the scope: are these the right subscriptions, and can you see the vaults in them?'
        : 'Check the inventory: does it come from the right subscriptions, and could its author see the vaults?',
    );
  }
  if (worst !== undefined) {
    const { ruleId } = worst.example;
    steps.push(`See why a rule matters and how to comply: purgeproof rules show ${ruleId}`);
    steps.push('Accept a risk temporarily, with a reason: --exemptions FILE');
  }
  if (report.findings.length > 0) steps.push('Save the full report: --output json=report.json');
  return steps;
}
