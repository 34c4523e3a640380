import type { Unreadable } from '../../../model/coverage.ts';
import { groupsBy } from '../../../model/groups-by.ts';
import type { ScanReport } from '../../../model/report.ts';
import { advice, type Paint, paragraph, type TerminalStyle } from '../../terminal/style.ts';
import { fit } from '../../terminal/wrap.ts';
import { terminalText } from '../../text/terminal.ts';
import { count, number } from '../../words/counts.ts';
import { gapWords } from '../../words/coverage.ts';
import { deployedToShow, deployedWords } from '../../words/deployed.ts';
import { leftOutParts, notJudgedRules } from '../../words/not-judged.ts';
import { resourceName, subscriptionNames } from '../../words/scope.ts';

/** The gaps: each reason once, with the first of the things that it keeps from being read, and what to do. */
export function* gapRows(report: ScanReport, most: number, style: TerminalStyle): Iterable<string> {
  const { complete, unreadable, summary } = report;
  if (complete && unreadable.length === 0 && summary.unknown === 0) return;
  const nameOf = subscriptionNames(report);
  yield paragraph({ label: '', width: 0, text: titleOf(complete, unreadable), paint: alarm(style) }, style);
  for (const gaps of groupsBy(unreadable, ({ reason }) => reason)) {
    const shown = gaps.length <= most + 1 ? gaps : gaps.slice(0, most);
    for (const gap of shown)
      yield paragraph(
        { label: '  ', width: 2, text: gapWords(gap, nameOf), paint: style.colors.bold },
        style,
      );
    if (shown.length < gaps.length)
      yield `  ${style.colors.bold(`… and ${count(gaps.length - shown.length, 'more item')} for the same reason`)}\n`;
    yield* reasonRows(gaps, style);
  }
  if (summary.unknown > 0) {
    const verdicts = count(summary.unknown, 'verdict is', 'verdicts are');
    const why = report.scope.code === undefined ? 'could not be read' : 'are not known before deployment';
    const text = `${verdicts} unknown: the deciding values ${why}. Unknown is not compliant.`;
    yield paragraph({ label: '  ', width: 2, text }, style);
  }
  yield '\n';
}

/** The gaps in one line: how many, and the first of them. */
export function gapLine(report: ScanReport, room: number): string {
  const nameOf = subscriptionNames(report);
  const names = report.unreadable.map((gap) => gapWords(gap, nameOf));
  return fit(terminalText(`${count(names.length, 'item')}: ${names.join(', ')}`), room);
}

/** The reason, and the hint of the first: hints may name the gap, so several gaps may have one each. */
function* reasonRows(gaps: readonly Unreadable[], style: TerminalStyle): Iterable<string> {
  const [first] = gaps;
  if (first === undefined) return;
  yield paragraph({ label: '    ', width: 4, text: first.reason }, style);
  if (first.hint === '') return;
  const isShared = gaps.every(({ hint }) => hint === first.hint);
  const what = isShared ? 'What to do' : 'What to do, for the first';
  yield advice({ label: '    ', width: 4, text: `${what}:`, hint: first.hint }, style);
}

/** The rules that could not be judged, each with the reason, never shortened; in full, those that parts would judge. */
export function* notJudgedRows(
  report: ScanReport,
  { full, style }: { readonly full: boolean; readonly style: TerminalStyle },
): Iterable<string> {
  const rules = notJudgedRules(report);
  const leftOut = full ? leftOutParts(report) : [];
  if (rules.length + leftOut.length === 0) return;
  yield `${style.colors.bold('Not judged')}\n`;
  for (const { rule, type, reason } of rules)
    yield paragraph({ label: '  ', width: 2, text: `${rule.id} ${rule.name} on ${type}: ${reason}` }, style);
  for (const text of leftOut) yield paragraph({ label: '  ', width: 2, text }, style);
  yield '\n';
}

/** The state in Azure of what the code declares: the first ones, and how many more there are. */
export function* deployedRows(
  report: ScanReport,
  { most, style }: { readonly most: number; readonly style: TerminalStyle },
): Iterable<string> {
  const deployed = deployedToShow(report);
  if (deployed.length === 0) return;
  yield `${style.colors.bold('Deployed today')}\n`;
  for (const today of deployed.slice(0, most)) {
    const { declared, declaredAt } = today;
    const text = `${resourceName(declared)} (${declaredAt.file}:${declaredAt.line}): ${deployedWords(today)}`;
    yield paragraph({ label: '  ', width: 2, text }, style);
  }
  if (deployed.length > most) yield `  ${style.colors.dim(`… and ${number(deployed.length - most)} more`)}\n`;
  yield '\n';
}

function titleOf(complete: boolean, unreadable: readonly Unreadable[]): string {
  if (complete) return 'Not everything could be judged';
  if (unreadable.length === 0) return 'INCOMPLETE: subscriptions are missing, see the coverage';
  return `INCOMPLETE: ${count(unreadable.length, 'item')} could not be read`;
}

function alarm({ colors }: TerminalStyle): Paint {
  return (text) => colors.bold(colors.magenta(text));
}
