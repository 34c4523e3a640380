import { type Paint, paragraph, severityPaint, type TerminalStyle } from '../../terminal/style.ts';
import { columns } from '../../terminal/columns.ts';
import { fit, wrap } from '../../terminal/wrap.ts';
import { terminalText } from '../../text/terminal.ts';
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
