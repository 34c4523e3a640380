import { findingsToShow, type ScanReport } from '../../model/report.ts';
import { atLeast } from '../../model/severity.ts';
import { joinWords } from '../../model/join-words.ts';
import { type NextStep, nextStepRows } from '../terminal/next-steps.ts';
import { styleFor, type TerminalStyle } from '../terminal/style.ts';
import { type FailedRule, failedRules } from './failed-rules.ts';
import type { ReportView, ScanReportContext, ScanReportFormat, NextCommands } from './format.ts';
import { findingRows } from './table/findings.ts';
import { deployedRows, gapRows, notJudgedRows } from './table/gaps.ts';
import { type Grouping, groupFindings } from './table/groups.ts';
import { limitsFor, type ListingLimits, longestThatFits } from './table/limits.ts';
import { controlRows, ruleFixes, ruleLines } from './table/rules.ts';
import { factRows, goneRows, hiddenRow, resultRow, shortSummary, titleRow } from './table/summary.ts';

/**
 * The report for a person: the findings, worst first, the rules that failed, what to do next, what could not be read,
 * and at the end, next to the prompt, the result. On a terminal the worst are listed and the rest is counted, until
 * everything is asked for. Readable without colours and from 40 columns on.
 */
export const table: ScanReportFormat = {
  extension: 'txt',
  render,
};

function* render(report: ScanReport, context: ScanReportContext): Iterable<string> {
  const { terminal, view = {} } = context;
  const style = styleFor(terminal);
  const shown = listedFindings(report, view);
  const rules = failedRules({ ...report, findings: shown });
  yield titleRow(report, style);
  yield '\n';
  if (view.detail === 'summary') {
    yield* shortSummary(report, rules, style);
    return;
  }
  const grouping = groupFindings(shown, report, view.groupBy ?? 'vault');
  const body = (limits: ListingLimits) =>
    bodyRows(report, context, { shown, rules, grouping, limits, style });
  const most = limitsFor(view, style);
  yield* terminal.rows === undefined || most.isWhole
    ? body(most)
    : longestThatFits(terminal.rows, most, body);
}

/** The findings of a report and what is known of them before it is decided how many are listed. */
interface Body {
  readonly shown: ScanReport['findings'];
  readonly rules: readonly FailedRule[];
  readonly grouping: Grouping;
  readonly limits: ListingLimits;
  readonly style: TerminalStyle;
}

function* bodyRows(
  report: ScanReport,
  { commands, view = {} }: ScanReportContext,
  { shown, rules, grouping, limits, style }: Body,
): Iterable<string> {
  const full = view.detail === 'full';
  // Nothing is shortened where there is no screen to save.
  const whole = full || !Number.isFinite(style.columns);
  yield* findingRows(grouping, { report, style, full, limits });
  yield* hiddenRow(report, shown, { style, view });
  if (full || view.groupBy !== 'rule')
    yield* full
      ? ruleFixes(rules, style)
      : ruleLines(rules, whole ? Number.POSITIVE_INFINITY : limits.groups, style);
  yield* deployedRows(report, { most: full ? Number.POSITIVE_INFINITY : limits.groups, style });
  yield* goneRows(report, { most: full ? Number.POSITIVE_INFINITY : limits.groups, style });
  yield* controlRows(report, style);
  yield* notJudgedRows(report, { full: whole, style });
  yield* nextStepRows(stepsFor(report, rules, { commands, full }), style);
  yield* factRows(report, { full, whole, style });
  yield* gapRows(report, full ? Number.POSITIVE_INFINITY : limits.groups, style);
  yield resultRow(report, style);
}

function listedFindings(report: ScanReport, { showSeverity }: ReportView): ScanReport['findings'] {
  const findings = findingsToShow(report);
  return showSeverity === undefined
    ? findings
    : findings.filter(({ severity }) => atLeast(severity, showSeverity));
}

interface Surroundings {
  readonly commands: NextCommands | undefined;
  /** Everything is shown already. */
  readonly full: boolean;
}

/** None when all is well. */
function stepsFor(
  report: ScanReport,
  rules: readonly FailedRule[],
  { commands, full }: Surroundings,
): readonly NextStep[] {
  const steps: NextStep[] = [];
  if (!report.complete) steps.push({ text: 'Close the gaps that are listed below, then scan again.' });
  if (report.complete && report.summary.resources === 0) steps.push({ text: scopeQuestion(report) });
  if (rules.length === 0) return steps;
  if (commands !== undefined) steps.push(...stepsWith(commands, rules, full));
  if (full)
    steps.push(
      { text: 'Accept a risk for a time, with a reason: --exemptions FILE' },
      { text: 'Save the report: --output json=report.json' },
    );
  return steps;
}

function stepsWith(
  { everything, plan, rule }: NextCommands,
  rules: readonly FailedRule[],
  full: boolean,
): readonly NextStep[] {
  const fixable = rules.some(({ example }) => example.remediation?.patch !== undefined);
  const ruleIds = rules.slice(0, 1).map(({ example }) => example.ruleId);
  return [
    {
      text: 'See each finding with its evidence and its fix:',
      commands: full || everything === undefined ? [] : [everything],
    },
    { text: 'See why a rule matters and how to comply:', commands: ruleIds.map(rule) },
    { text: `Plan the fixes, which changes nothing yet${asked(rules)}:`, commands: fixable ? plan : [] },
  ];
}

/** The fixes that a plan has only where it is asked to: those that may cut users off. */
function asked(rules: readonly FailedRule[]): string {
  const ids = rules.flatMap(({ example: { remediation, ruleId } }) =>
    remediation?.patch !== undefined && remediation.risk === 'disruptive' ? [ruleId] : [],
  );
  if (ids.length === 0) return '';
  return ` (--allow disruptive adds ${ids.length > 3 ? `those of ${ids.length} rules` : joinWords(ids)})`;
}

function scopeQuestion({ scope }: ScanReport): string {
  if (scope.code !== undefined)
    return 'Check the path: does that code declare key vaults or managed HSMs, or does it call modules from elsewhere?';
  return scope.inventory === undefined
    ? 'Check the scope: are these the right subscriptions, and can you see the vaults and managed HSMs in them?'
    : 'Check the inventory: does it come from the right subscriptions, and could its author see the vaults and managed HSMs?';
}
