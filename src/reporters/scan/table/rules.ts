import stringWidth from 'fast-string-width';
import type { ReportControl } from '../../../model/control.ts';
import type { ScanReport } from '../../../model/report.ts';
import { type Paint, paragraph, severityPaint, type TerminalStyle } from '../../terminal/style.ts';
import { columns } from '../../terminal/columns.ts';
import { fit, pad, wrap } from '../../terminal/wrap.ts';
import { terminalText } from '../../text/terminal.ts';
import { controlRuleWords, controlVerdictWords, frameworkTitle } from '../../words/controls.ts';
import { count } from '../../words/counts.ts';
import { kindsAmong } from '../../words/scope.ts';
import { fixLabel, fixWords } from '../../words/fix.ts';
import type { FailedRule } from '../failed-rules.ts';

/** Fewer columns have no room for the names of rules. */
const narrow = 60;

/** The rules that failed, a line each, worst first: the number of vaults, and the kind of fix. */
export function* ruleLines(
  rules: readonly FailedRule[],
  most: number,
  style: TerminalStyle,
): Iterable<string> {
  if (rules.length === 0) return;
  const shown = rules.slice(0, most);
  yield `${style.colors.bold('Rules that failed')}\n`;
  const rows = shown.map((rule) => [
    `  ${paintOf(rule, style)(rule.example.severity)}`,
    style.columns < narrow ? terminalText(rule.example.ruleId) : nameOf(rule),
    kindsAmong(rule.failures),
    style.wide ? fixLabel(rule.example.remediation) : '',
  ]);
  yield columns(rows, [2]);
  if (rules.length > shown.length)
    yield `  ${style.colors.dim(`… and ${count(rules.length - shown.length, 'more rule')}`)}\n`;
  yield '\n';
}

/** The worst rules in one line, with the number of vaults that each fails on. */
export function worstRules(rules: readonly FailedRule[], room: number): string {
  const words = rules.map(({ example, failures }) => `${example.ruleId} on ${kindsAmong(failures)}`);
  return fit(terminalText(words.join(', ')), room);
}

/** The rules that failed, worst first: the number of vaults, and the fix in sentences, once for each rule. */
export function* ruleFixes(rules: readonly FailedRule[], style: TerminalStyle): Iterable<string> {
  if (rules.length === 0) return;
  yield `${style.colors.bold('How to fix')}\n`;
  if (style.wide) yield inColumns(rules, style);
  else for (const rule of rules) yield stacked(rule, style);
  yield '\n';
}

function inColumns(rules: readonly FailedRule[], style: TerminalStyle): string {
  const names = rules.map((rule) => nameOf(rule));
  const amountWidth = Math.max(...rules.map(({ failures }) => kindsAmong(failures).length));
  const space = style.width - 2 - Math.max(...names.map((name) => name.length)) - 8 - amountWidth - 3 * 2;
  const rows = rules.map((rule, index) => [
    `  ${names[index] ?? ''}`,
    paintOf(rule, style)(rule.example.severity),
    kindsAmong(rule.failures),
    wrap(fixOf(rule), Math.max(20, space)).join('\n'),
  ]);
  return columns(rows, [2]);
}

function stacked(rule: FailedRule, style: TerminalStyle): string {
  const { severity } = rule.example;
  const label = `  ${paintOf(rule, style)(severity)} `;
  const text = `${nameOf(rule)}, on ${kindsAmong(rule.failures)}`;
  const head = paragraph({ label, width: severity.length + 3, text }, style);
  return head + paragraph({ label: '    ', width: 4, text: fixOf(rule) }, style);
}

function paintOf({ example }: FailedRule, style: TerminalStyle): Paint {
  return severityPaint(example.severity, style);
}

function nameOf({ example }: FailedRule): string {
  return terminalText(`${example.ruleId} ${example.ruleName}`);
}

function fixOf({ example }: FailedRule): string {
  return terminalText(fixWords(example.remediation) || 'The rule names no fix.');
}

/** The controls of the frameworks that were asked for, each with its verdict; and those that no rule covers. */
export function* controlRows({ frameworks = [] }: ScanReport, style: TerminalStyle): Iterable<string> {
  for (const framework of frameworks) {
    const text = `Controls of ${frameworkTitle(framework)}`;
    yield paragraph({ label: '', width: 0, text, paint: style.colors.bold }, style);
    yield* verdictRows(framework.controls, style);
    const rest = framework.notCovered.map(({ id }) => id).join(', ');
    if (rest !== '')
      yield paragraph({ label: '  ', width: 2, text: `Not covered by any rule: ${rest}` }, style);
    yield '\n';
  }
}

function* verdictRows(controls: readonly ReportControl[], style: TerminalStyle): Iterable<string> {
  const rows = controls.map((control) => ({
    id: terminalText(control.id),
    verdict: controlVerdictWords(control),
    words: [control.title ?? '', controlRuleWords(control)].filter((part) => part !== '').join(': '),
    paint: verdictPaint(control, style),
  }));
  const idWidth = Math.max(0, ...rows.map(({ id }) => stringWidth(id)));
  const verdictWidth = Math.max(0, ...rows.map(({ verdict }) => verdict.length));
  const width = idWidth + verdictWidth + 6;
  for (const { id, verdict, words, paint } of rows) {
    const label = `  ${pad(id, idWidth)}  ${paint(pad(verdict, verdictWidth))}  `;
    // Ids of frameworks that nobody here knows may be of any length.
    if (width > style.width / 2)
      yield paragraph({ label: '  ', width: 2, text: `${id} ${verdict}: ${words}` }, style);
    else yield paragraph({ label, width, text: words }, style);
  }
}

function verdictPaint({ verdict }: ReportControl, { colors }: TerminalStyle): Paint {
  if (verdict === 'nonCompliant') return colors.red;
  if (verdict === 'unknown' || verdict === 'notJudged') return colors.magenta;
  return verdict === 'compliant' ? colors.green : colors.dim;
}
