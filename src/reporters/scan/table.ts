import type { Unreadable } from '../../model/coverage.ts';
import type { ScanReport } from '../../model/report.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';
import { paragraph, severityPaint, styleFor, type TerminalStyle } from '../terminal/style.ts';
import { nextSteps, summaryRows, titleRow } from './table/summary.ts';
import { contextFor, omittedRow, type VaultContext, vaultRows } from './table/vault.ts';
import { groupByVault } from './vaults.ts';
import { type FailedRule, failedRules } from './failed-rules.ts';
import { terminalText } from '../text/terminal.ts';
import { count } from '../words/counts.ts';
import { fixWords } from '../words/fix.ts';
import { columns } from '../terminal/columns.ts';
import { wrap } from '../terminal/wrap.ts';
import { leftOutParts, notJudgedRules } from '../words/not-judged.ts';
import { gapWords } from '../words/coverage.ts';

const defaultMaxVaults = 50;

/**
 * The report for a person at a terminal: vaults with their findings, worst first, how to fix them, what could not be
 * read, and at the end, next to the prompt, the result. Readable without colours and from 40 columns on.
 */
export const table: ScanReportFormat = {
  extension: 'txt',
  beginning: /^purgeproof \d+\.\d+\.\d+\S* · /,
  render,
};

function* render(report: ScanReport, { terminal, maxVaults }: ScanReportContext): Iterable<string> {
  const style = styleFor(terminal);
  const context = contextFor(report, style);
  const vaults = groupByVault(report.findings);
  const shown = vaults.slice(0, maxVaults ?? defaultMaxVaults);
  const rules = failedRules(report);
  yield titleRow(report, style);
  yield '\n';
  for (const vault of shown) yield* vaultRows(vault, context);
  yield* omittedRow(vaults.slice(shown.length), style);
  yield* ruleRows(rules, style);
  yield* unreadableRows(context);
  yield* notJudgedRows(context);
  yield* summaryRows(report, style);
  yield* nextSteps(report, rules, style);
}

/** The rules that failed, worst first: the number of vaults, and the fix, once for each rule. */
function* ruleRows(rules: readonly FailedRule[], style: TerminalStyle): Iterable<string> {
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

/** The gaps, each with its reason and hint; never shortened. */
function* unreadableRows({ report, style, nameOf }: VaultContext): Iterable<string> {
  const { complete, unreadable, summary } = report;
  if (complete && unreadable.length === 0 && summary.unknown === 0) return;
  yield paragraph({ label: '', width: 0, text: titleOf(complete, unreadable), paint: alarm(style) }, style);
  for (const entry of unreadable) {
    yield paragraph(
      { label: '  ', width: 2, text: gapWords(entry, nameOf), paint: style.colors.bold },
      style,
    );
    yield paragraph({ label: '    ', width: 4, text: entry.reason }, style);
    if (entry.hint !== '')
      yield paragraph({ label: '    ', width: 4, text: `What to do: ${entry.hint}` }, style);
  }
  if (summary.unknown > 0) {
    const verdicts = count(summary.unknown, 'verdict is', 'verdicts are');
    const text = `${verdicts} unknown: the deciding values could not be read. Unknown is not compliant.`;
    yield paragraph({ label: '  ', width: 2, text }, style);
  }
  yield '\n';
}

/** The rules that could not be judged, each with the reason, never shortened; then those that parts would judge. */
function* notJudgedRows({ report, style }: VaultContext): Iterable<string> {
  const rules = notJudgedRules(report);
  const leftOut = leftOutParts(report);
  if (rules.length + leftOut.length === 0) return;
  yield `${style.colors.bold('Not judged')}\n`;
  for (const { rule, type, reason } of rules)
    yield paragraph({ label: '  ', width: 2, text: `${rule.id} ${rule.name} on ${type}: ${reason}` }, style);
  for (const text of leftOut) yield paragraph({ label: '  ', width: 2, text }, style);
  yield '\n';
}

function titleOf(complete: boolean, unreadable: readonly Unreadable[]): string {
  if (complete) return 'Not everything could be judged';
  if (unreadable.length === 0) return 'INCOMPLETE: subscriptions are missing, see the coverage below';
  return `INCOMPLETE: ${count(unreadable.length, 'item')} could not be read`;
}

function alarm({ colors }: TerminalStyle): (text: string) => string {
  return (text) => colors.bold(colors.magenta(text));
}
