import type { BaselineResult } from '../../model/comparison.ts';
import type { Finding } from '../../model/finding.ts';
import { findingsToShow, type ScanReport } from '../../model/report.ts';
import {
  changeCounts,
  type ComparisonCounts,
  countsInWords,
  notCoveredWords,
  tunedWords,
  uncomparedGroups,
} from './comparison.ts';
import { count } from './counts.ts';
import { declaredWords } from './values.ts';

/** The numbers of what became of a baseline; compliant verdicts are not counted, though they may be listed. */
export function baselineCounts(
  { updated, gone, uncompared }: BaselineResult,
  { findings }: Pick<ScanReport, 'findings'>,
): ComparisonCounts {
  const open = findings.filter(({ compliance }) => compliance !== 'compliant');
  const amount = (state: Finding['baselineState']): number =>
    open.filter(({ baselineState }) => baselineState === state).length;
  return {
    new: amount('new'),
    ...changeCounts(updated),
    unchanged: amount('unchanged'),
    gone: gone.length,
    notCompared: uncompared.length,
  };
}

/** `Since base.json of 2026-11-23: 2 new, 4 gone and 40 unchanged.`, and what is not known; empty without a baseline. */
export function baselineWords(report: ScanReport, nameOf: (subscriptionId: string) => string): string {
  const { baseline } = report;
  if (baseline === undefined) return '';
  const counts = countsInWords(baselineCounts(baseline, report));
  const gap = baseline.complete ? '' : ' The baseline is incomplete.';
  const touched = baseline.code?.touched.length ?? 0;
  return [
    `Since ${baseline.file} of ${baseline.finishedAt.slice(0, 10)}: ${counts}.${gap}`,
    ...(touched === 0 ? [] : [touchedWords(touched)]),
    ...notKnownWords(baseline, nameOf),
    ...tunedWords(baseline.tuned),
  ].join(' ');
}

function touchedWords(amount: number): string {
  const those = count(amount, 'finding that was', 'findings that were');
  return `${those} there before ${amount === 1 ? 'counts' : 'count'}, too: what is declared there has changed.`;
}

/** Says how many findings are not shown, since code that has not changed has them; empty where all are shown. */
export function beforeWords(report: ScanReport): string {
  const before = report.findings.length - findingsToShow(report).length;
  if (before === 0) return '';
  return `Not listed: ${count(before, 'finding')} in code that has not changed. The JSON report has them.`;
}

/** A sentence for each reason why something of the baseline may be gone or not. */
function notKnownWords(
  { uncompared }: BaselineResult,
  nameOf: (subscriptionId: string) => string,
): readonly string[] {
  const older = uncompared.filter((one) => one.in === 'older');
  return uncomparedGroups(older).map(({ reason, findings }) => {
    const those = count(findings.length, 'finding of it is', 'findings of it are');
    return `${those} not known to be gone: ${notCoveredWords(reason, nameOf)}.`;
  });
}

/** The state of a finding since the baseline in a word; empty where it is the same, and without a baseline. */
export function stateWord({ baselineState, compliance }: Finding): string {
  if (compliance === 'compliant') return '';
  if (baselineState === 'new') return 'new';
  return baselineState === 'updated' ? 'changed' : '';
}

/** The facts of a finding after its state since the baseline, and after the line of code that decides, as compilers write it. */
export function afterState(finding: Finding, [first = '', ...others]: readonly string[]): readonly string[] {
  const located = [declaredWords(finding), first].filter((part) => part !== '').join(' ');
  return [[stateWord(finding), located].filter((part) => part !== '').join(' · '), ...others];
}
