import type { BaselineResult } from '../../model/comparison.ts';
import type { Finding } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import {
  changeCounts,
  type ComparisonCounts,
  countsInWords,
  notCoveredWords,
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
  return [
    `Since ${baseline.file} of ${baseline.finishedAt.slice(0, 10)}: ${counts}.${gap}`,
    ...notKnownWords(baseline, nameOf),
  ].join(' ');
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
