import stringWidth from 'fast-string-width';

import { becameWorse, type ReportComparison } from '../../model/comparison.ts';
import type { Finding } from '../../model/finding.ts';
import { type NextStep, nextStepRows } from '../terminal/next-steps.ts';
import { badge, paragraph, styleFor, type TerminalStyle } from '../terminal/style.ts';
import { fit, pad } from '../terminal/wrap.ts';
import { terminalText } from '../text/terminal.ts';
import { comparisonWords } from '../words/comparison.ts';
import { number } from '../words/counts.ts';
import { resourceName } from '../words/scope.ts';
import type { ComparisonContext, ComparisonFormat } from './format.ts';
import { cautions, type ComparisonSection, gapSentences, reportName, sectionsOf } from './sections.ts';

/** The comparison for a person: what became worse first, and at the end, next to the prompt, the result. */
export const comparisonTable: ComparisonFormat = { extension: 'txt', render };

/** A screen or two. */
const mostRows = 20;
const badgeWidth = 10;
const mostSubject = 40;

function* render(comparison: ReportComparison, context: ComparisonContext): Iterable<string> {
  const style = styleFor(context.terminal);
  const { bold, magenta, dim } = style.colors;
  const { older, newer } = comparison;
  yield paragraph(
    { label: '', width: 0, text: `${reportName(older)} → ${reportName(newer)}`, paint: dim },
    style,
  );
  yield '\n';
  const isWhole = context.whole || !Number.isFinite(style.columns);
  const most = isWhole ? Number.POSITIVE_INFINITY : mostRows;
  const sections = sectionsOf(comparison);
  for (const section of sections) yield* sectionRows(section, most, style);
  const gaps = gapSentences(comparison);
  if (gaps.length > 0) yield `${magenta(bold('Not compared'))}\n`;
  for (const text of gaps) yield paragraph({ label: '  ', width: 2, text }, style);
  if (gaps.length > 0) yield '\n';
  for (const text of cautions(comparison)) yield `${paragraph({ label: '', width: 0, text }, style)}\n`;
  const isCut = sections.some(({ rows }) => rows.length > most);
  yield* nextStepRows(stepsFor(comparison, { commands: context.commands, isCut }), style);
  yield paragraph({ label: '', width: 0, text: comparisonWords(comparison), paint: bold }, style);
}

function* sectionRows(
  { title, rows }: ComparisonSection,
  most: number,
  style: TerminalStyle,
): Iterable<string> {
  const shown = rows.slice(0, most);
  yield `${style.colors.bold(`${title} (${number(rows.length)})`)}\n`;
  const names = shown.map(({ finding }) => terminalText(resourceName(finding.resource)));
  const rules = shown.map(({ finding }) => ruleWords(finding, style));
  const widths = [names, rules].map((cells) =>
    Math.min(mostSubject, cells.reduce((width, cell) => Math.max(width, stringWidth(cell)), 0) + 2),
  );
  const [nameWidth = 0, ruleWidth = 0] = widths;
  for (const [index, { finding, facts }] of shown.entries()) {
    const subject = pad(names[index] ?? '', nameWidth) + pad(rules[index] ?? '', ruleWidth);
    const room = style.columns - 2 - badgeWidth - stringWidth(subject);
    yield `  ${badge(finding, badgeWidth, style)}${subject}${fit(terminalText(facts()), room)}\n`;
  }
  if (shown.length < rows.length)
    yield `  ${style.colors.bold(`… and ${number(rows.length - shown.length)} more`)}\n`;
  yield '\n';
}

function ruleWords({ ruleId, ruleName }: Finding, { wide }: TerminalStyle): string {
  return terminalText(wide ? `${ruleId} ${ruleName}` : ruleId);
}

function stepsFor(
  comparison: ReportComparison,
  { commands, isCut }: Pick<ComparisonContext, 'commands'> & { readonly isCut: boolean },
): readonly NextStep[] {
  const failures = becameWorse(comparison).filter(({ compliance }) => compliance === 'nonCompliant');
  const isFixable = failures.some(({ remediation }) => remediation?.patch !== undefined);
  const ruleIds = failures.slice(0, 1).map(({ ruleId }) => ruleId);
  return [
    { text: 'See every finding:', commands: isCut ? [commands.everything] : [] },
    { text: 'See why a rule matters and how to comply:', commands: ruleIds.map(commands.rule) },
    { text: 'Plan the fixes, which changes nothing yet:', commands: isFixable ? [commands.plan] : [] },
  ];
}
