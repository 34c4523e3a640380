import { severities } from '../../model/severity.ts';
import type {
  LapsedFinding,
  ReappearedFinding,
  RepairTimes,
  Trend,
  TrendFinding,
  TrendPoint,
} from '../../model/trend.ts';
import { count, countSeverities, number } from './counts.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** The findings that are open after a scan, of every severity. */
export function openAt({ open }: TrendPoint): number {
  return severities.reduce((sum, severity) => sum + open[severity], 0);
}

/**
 * The end of a trend: `33 open findings: 2 critical, 31 high; 5 fewer than on 2026-01-01.` After an incomplete scan it never sounds
 * as if all were well.
 */
export function trendWords({ points, unreadable }: Trend): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return 'No archived scan could be read.';
  const total = openAt(last);
  const gap = last.complete ? '' : 'INCOMPLETE: the last scan did not read everything, so more may be open. ';
  const none = last.complete ? 'No finding is open' : 'No finding is known to be open';
  const open = total === 0 ? none : `${count(total, 'open finding')}: ${countSeverities(last.open)}`;
  const [day, today] = [first.at.slice(0, 10), last.at.slice(0, 10)];
  const then = day === today ? 'in the first scan' : `on ${day}`;
  const change = first === last ? '' : `; ${changeWords(total - openAt(first))} ${then}`;
  const damaged =
    unreadable.length === 0 ? '' : ` ${count(unreadable.length, 'archived scan')} could not be read.`;
  return `${gap}${open}${change}.${damaged}`;
}

function changeWords(more: number): string {
  if (more === 0) return 'as many as';
  return more > 0 ? `${number(more)} more than` : `${number(-more)} fewer than`;
}

/** Sentences for all that is not as certain as the rest of a trend. */
export function trendCautions({ points, unreadable }: Trend): readonly string[] {
  const incomplete = points.filter(({ complete }) => !complete).length;
  const carried = points.at(-1)?.carried ?? 0;
  return [
    ...(incomplete === 0
      ? []
      : [
          `${count(incomplete, 'scan was', 'scans were')} incomplete: what was not read stays as it was before.`,
        ]),
    ...(carried === 0
      ? []
      : [
          `The last scan did not read, or could not judge, ${count(carried, 'of the open findings', 'of the open findings')}.`,
        ]),
    ...tunedWords(points),
    ...unreadable.map(({ reason }) => reason),
  ];
}

function tunedWords(points: Trend['points']): readonly string[] {
  const rules = [...new Set(points.flatMap(({ tuned }) => tuned))].toSorted().join(', ');
  return rules === ''
    ? []
    : [
        `Not judged with the same parameters every time: ${rules}. What opened or was repaired by them may be so for that alone.`,
      ];
}

/** `41, after 12 days on average: critical 3 days, high 15 days`; `none` where nothing was repaired. */
export function repairWords({ bySeverity, ...all }: Trend['repairs']): string {
  if (all.meanMs === undefined) return 'none';
  const each = severities.flatMap((severity) => {
    const { meanMs } = bySeverity[severity];
    return meanMs === undefined ? [] : [`${severity} ${timeWords(meanMs)}`];
  });
  const rest = each.length > 1 ? `: ${each.join(', ')}` : '';
  return `${number(all.count)}, after ${timeWords(all.meanMs)} on average${rest}`;
}

/** A time in the largest unit that suits it: `12 days`, `5 hours`. */
export function timeWords(ms: NonNullable<RepairTimes['meanMs']>): string {
  if (ms < hourMs) return 'less than an hour';
  return ms < 2 * dayMs ? count(Math.round(ms / hourMs), 'hour') : count(Math.round(ms / dayMs), 'day');
}

/** `since 2026-01-01, 333 days`: days count to the last scan. */
export function ageWords({ since }: TrendFinding, { points }: Trend): string {
  const last = points.at(-1)?.at ?? since;
  return `since ${since.slice(0, 10)}, ${count(Math.floor((Date.parse(last) - Date.parse(since)) / dayMs), 'day')}`;
}

/** `came back twice, since 2026-10-02, 59 days`. */
export function reappearedWords(finding: ReappearedFinding, trend: Trend): string {
  const times = finding.times === 1 ? 'once' : finding.times === 2 ? 'twice' : `${finding.times} times`;
  return `came back ${times}, ${ageWords(finding, trend)}`;
}

/** `waiver ended on 2026-03-01: reason`. */
export function lapsedWords({ exemption: { category, expiresOn, reason } }: LapsedFinding): string {
  return `${category} ended on ${expiresOn ?? ''}: ${reason}`;
}
