import type { Finding } from '../../../model/finding.ts';
import { findingsToShow, type ScanReport } from '../../../model/report.ts';
import { terminalText } from '../../text/terminal.ts';
import { baselineWords, beforeWords } from '../../words/baseline.ts';
import { frameworkCounts } from '../../words/controls.ts';
import { count, countSeverities, number } from '../../words/counts.ts';
import {
  changedDuringScan,
  coverageWords,
  effortWords,
  identityWords,
  partlyReadSubscriptions,
  subscriptionName,
  subscriptionWords,
} from '../../words/coverage.ts';
import { endingSoon, exemptionWords } from '../../words/exemption.ts';
import { momentWords } from '../../words/moment.ts';
import { findingName, resourceName, scopeWords, subscriptionNames } from '../../words/scope.ts';
import { type ScanVerdict, verdictOf } from '../../words/verdict.ts';
import { joinFirst } from '../../../model/join-words.ts';
import { type Paint, paragraph, type TerminalStyle } from '../../terminal/style.ts';
import { fit, pad } from '../../terminal/wrap.ts';
import { leftOutRules } from '../../words/not-judged.ts';
import type { FailedRule } from '../failed-rules.ts';
import type { ReportView } from '../format.ts';
import { worstFirst } from '../order.ts';
import { groupByVault } from '../vaults.ts';
import { gapLine } from './gaps.ts';
import { worstRules } from './rules.ts';

const labelWidth = 12;

/** The counts behind the verdict, and how much of what was asked for was seen. */
export function* factRows(
  report: ScanReport,
  { full, whole, style }: { readonly full: boolean; readonly whole: boolean; readonly style: TerminalStyle },
): Iterable<string> {
  yield labelled('Verdicts', verdictCounts(report), { style });
  yield labelled('Coverage', coverageWords(report), { style });
  yield* baselineRow(report, style);
  yield* subscriptionRows(report, style);
  if (report.identity !== undefined)
    yield labelled('Signed in', `${identityWords(report.identity)}.`, { style });
  const effort = effortWords(report);
  if (full && effort !== '') yield labelled('Requests', effort, { style });
  const leftOut = leftOutRules(report);
  if (!whole && leftOut !== '') yield labelled('Not judged', leftOut, { style });
  yield* endings(report, style);
  yield '\n';
}

/** The verdict. */
export function resultRow(report: ScanReport, style: TerminalStyle): string {
  const verdict = verdictOf(report);
  return labelled('Result', verdict.text, { style, paint: verdictPaint(verdict, style) });
}

/** The result and what it rests on, in some ten lines, none of them long where there is no terminal either. */
export function* shortSummary(
  report: ScanReport,
  rules: readonly FailedRule[],
  style: TerminalStyle,
): Iterable<string> {
  const room = Math.min(style.columns, 200) - labelWidth;
  const failing = findingsToShow(report).filter(({ compliance }) => compliance === 'nonCompliant');
  const line = (label: string, text: string) => `${pad(label, labelWidth)}${fit(terminalText(text), room)}\n`;
  const names = groupByVault(failing).map(({ resource }) => resourceName(resource));
  if (names.length > 0) yield line('Worst', joinFirst(names, 10));
  if (rules.length > 0) yield `${pad('Rules', labelWidth)}${worstRules(rules, room)}\n`;
  yield labelled('Verdicts', verdictCounts(report), { style });
  yield labelled('Coverage', coverageWords(report), { style });
  const since = baselineWords(report, subscriptionNames(report));
  if (since !== '') yield line('Baseline', since);
  for (const one of report.frameworks ?? []) yield line('Controls', `${one.name}: ${frameworkCounts(one)}`);
  const leftOut = leftOutRules(report);
  if (leftOut !== '') yield labelled('Not judged', leftOut, { style });
  if (report.unreadable.length > 0)
    yield `${pad('Not read', labelWidth)}${style.colors.magenta(gapLine(report, room))}\n`;
  yield resultRow(report, style);
}

/** Says how many findings are not listed: by a choice of severities, or since code that has not changed has them. */
export function* hiddenRow(
  report: ScanReport,
  shown: readonly Finding[],
  { style, view }: { readonly style: TerminalStyle; readonly view: ReportView },
): Iterable<string> {
  const hidden = findingsToShow(report).length - shown.length;
  const below =
    hidden === 0 || view.showSeverity === undefined
      ? ''
      : `Not listed: ${count(hidden, 'finding')} below ${view.showSeverity}, by --show-severity.`;
  for (const text of [below, beforeWords(report)])
    if (text !== '') yield `${paragraph({ label: '', width: 0, text, paint: style.colors.bold }, style)}\n`;
}

/** The findings that are gone since the baseline: the first of them, and how many more there are. */
export function* goneRows(
  { baseline }: ScanReport,
  { most, style }: { readonly most: number; readonly style: TerminalStyle },
): Iterable<string> {
  const gone = worstFirst(baseline?.gone ?? []);
  if (gone.length === 0) return;
  yield `${style.colors.bold(`Gone since the baseline (${number(gone.length)})`)}\n`;
  for (const finding of gone.slice(0, most)) yield labelled('', findingName(finding), { style, indent: 2 });
  if (gone.length > most) yield `  ${style.colors.dim(`… and ${number(gone.length - most)} more`)}\n`;
  yield '\n';
}

function* baselineRow(report: ScanReport, style: TerminalStyle): Iterable<string> {
  const words = baselineWords(report, subscriptionNames(report));
  if (words !== '') yield labelled('Baseline', words, { style });
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
  { style, paint, indent = labelWidth }: { style: TerminalStyle; paint?: Paint; indent?: number },
): string {
  const line = { label: pad(label, indent), width: indent, text };
  return paragraph(paint === undefined ? line : { ...line, paint }, style);
}

/** `37 non-compliant (3 critical, 34 high), 202 compliant`: the counts that are not zero. */
function verdictCounts({ summary }: ScanReport): string {
  const { nonCompliant, unknown, exempt, compliant, notApplicable, bySeverity } = summary;
  const counts: readonly (readonly [number, string])[] = [
    [nonCompliant, `non-compliant (${countSeverities(bySeverity)})`],
    [unknown, 'unknown'],
    [exempt, 'exempt'],
    [compliant, 'compliant'],
    [notApplicable, 'not applicable'],
  ];
  const words = counts.flatMap(([amount, word]) => (amount === 0 ? [] : [`${number(amount)} ${word}`]));
  return words.length === 0 ? 'none' : words.join(', ');
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
  const when = momentWords(finishedAt);
  const name = `${terminalText(tool.name)} `;
  const label = style.colors.bold(name);
  return paragraph({ label, width: name.length, text: `${tool.version} · ${scope} · ${when}` }, style);
}
