import type { ScanReport } from '../../../model/report.ts';
import { failedRules, type FailedRule } from '../failed-rules.ts';
import { terminalText } from '../../text/terminal.ts';
import { count } from '../../words/counts.ts';
import { fixWords } from '../../words/fix.ts';
import { columns } from '../../terminal/columns.ts';
import { paragraph, severityPaint, type TerminalStyle } from '../../terminal/style.ts';
import { wrap } from '../../terminal/wrap.ts';

/** The rules that failed, worst first: the number of vaults, and the fix, once for each rule. */
export function* ruleRows(report: ScanReport, style: TerminalStyle): Iterable<string> {
  const rules = failedRules(report);
  if (rules.length === 0) return;
  yield `${style.colors.bold('How to fix')}\n`;
  if (style.wide) yield inColumns(rules, style);
  else for (const rule of rules) yield stacked(rule, style);
  yield '\n';
}

function inColumns(rules: readonly FailedRule[], style: TerminalStyle): string {
  const names = rules.map((rule) => nameOf(rule));
  const amountWidth = Math.max(...rules.map(({ vaults }) => count(vaults, 'vault').length));
  const space = style.width - 2 - Math.max(...names.map((name) => name.length)) - 8 - amountWidth - 3 * 2;
  const rows = rules.map((rule, index) => [
    `  ${names[index] ?? ''}`,
    severityPaint(rule.example.severity, style)(rule.example.severity),
    count(rule.vaults, 'vault'),
    wrap(fixOf(rule), Math.max(20, space)).join('\n'),
  ]);
  return columns(rows, [2]);
}

function stacked(rule: FailedRule, style: TerminalStyle): string {
  const { severity } = rule.example;
  const label = `  ${severityPaint(severity, style)(severity)} `;
  const text = `${nameOf(rule)}, on ${count(rule.vaults, 'vault')}`;
  const head = paragraph({ label, width: severity.length + 3, text }, style);
  return head + paragraph({ label: '    ', width: 4, text: fixOf(rule) }, style);
}

function nameOf({ example }: FailedRule): string {
  return terminalText(`${example.ruleId} ${example.ruleName}`);
}

function fixOf({ example }: FailedRule): string {
  return terminalText(fixWords(example.remediation) || 'The rule names no fix.');
}
