import type { ChangeDirection, NotCoveredReason, ReportComparison } from '../../model/comparison.ts';
import type { Finding } from '../../model/finding.ts';
import { joinFirst } from '../../model/join-words.ts';
import { worstFirst } from '../scan/order.ts';
import { changeWords, notCoveredWords, tunedWords, uncomparedGroups } from '../words/comparison.ts';
import { count } from '../words/counts.ts';
import { filterWords, namesOf, resourceName } from '../words/scope.ts';
import { momentWords } from '../words/moment.ts';
import { factsOf } from '../words/values.ts';

/** Findings that stand below one heading, worst first. */
export interface ComparisonSection {
  readonly title: string;
  readonly rows: readonly ComparisonRow[];
}

/** A finding, as the newer report has it where it does, and what is to be said of it: only a few of many rows are shown. */
interface ComparisonRow {
  readonly finding: Finding;
  readonly facts: () => string;
}

/** The findings by what became of them, the worst first; sections without findings are left out. */
export function sectionsOf({ added, gone, updated }: ReportComparison): readonly ComparisonSection[] {
  const moved = (direction: ChangeDirection): readonly ComparisonRow[] => {
    const changes = new Map(
      updated.filter((one) => one.direction === direction).map((one) => [one.after, one]),
    );
    return worstFirst([...changes.keys()]).map((finding) => {
      const change = changes.get(finding);
      return { finding, facts: () => (change === undefined ? '' : changeWords(change)) };
    });
  };
  return [
    { title: 'New', rows: listed(added) },
    { title: 'Worse', rows: moved('worse') },
    { title: 'Better', rows: moved('better') },
    { title: 'Changed', rows: moved('neither') },
    { title: 'Gone', rows: listed(gone) },
  ].filter(({ rows }) => rows.length > 0);
}

function listed(findings: readonly Finding[]): readonly ComparisonRow[] {
  return worstFirst(findings).map((finding) => ({ finding, facts: () => factsOf(finding).join('; ') }));
}

const mostNames = 5;

/** A sentence for each gap of a comparison: what either report did not read, and what could not be compared for it. */
export function gapSentences({ older, newer, uncompared, lost }: ReportComparison): readonly string[] {
  const reports = { older, newer };
  const nameOf = namesOf([...older.scope.subscriptions, ...newer.scope.subscriptions]);
  const words = (reason: NotCoveredReason, side: 'older' | 'newer'): string =>
    reason.kind === 'filter'
      ? `its filter (${filterWords(reports[side].scope)}) may have left it out`
      : notCoveredWords(reason, nameOf);
  const incomplete = [older, newer].filter(({ complete }) => !complete);
  return [
    ...incomplete.map(({ file }) => `${file} is incomplete: not everything in its scope was read.`),
    ...lost.map((reason) => {
      if (reason.kind === 'filter')
        return `${newer.file} is filtered to ${filterWords(newer.scope)}, and ${older.file} is not.`;
      if (reason.kind === 'inventory')
        return `${newer.file} may not cover all that ${older.file} does: its inventory ${reason.what} may be of a part (--inventory-complete says that it is whole).`;
      return `${newer.file} does not cover all that ${older.file} does: ${notCoveredWords(reason, nameOf)}.`;
    }),
    ...uncomparedGroups(uncompared).map(({ in: side, reason, findings }) => {
      const other = side === 'older' ? 'newer' : 'older';
      const names = [...new Set(findings.map(({ resource }) => resourceName(resource)))];
      return `${count(findings.length, 'finding')} of ${reports[side].file} (${joinFirst(names, mostNames)}): nothing is known from ${reports[other].file}, where ${words(reason, other)}.`;
    }),
  ];
}

/** The reasons for which what is new or gone may not be what it seems. */
export function cautions({ tuned, added, gone, older, newer }: ReportComparison): readonly string[] {
  const { inventory } = newer.scope;
  const versions = [older.tool.version, newer.tool.version];
  const isUpgraded = versions[0] !== versions[1] && added.length + gone.length > 0;
  const isReversed = Date.parse(newer.startedAt) < Date.parse(older.startedAt);
  return [
    ...(isReversed
      ? [`${newer.file} is of an earlier time than ${older.file}: the older report is named first.`]
      : []),
    ...(isUpgraded
      ? [
          `Judged by purgeproof ${versions.join(' and ')}: what is new or gone may be so because a rule has changed.`,
        ]
      : []),
    ...tunedWords(tuned),
    ...(inventory === undefined || gone.length === 0
      ? []
      : [`${newer.file} is about the inventory ${inventory}: what was left out of that counts as gone.`]),
  ];
}

/** `report.json, 2026-11-23 09:00 UTC`. */
export function reportName({ file, finishedAt }: ReportComparison['older']): string {
  return `${file}, ${momentWords(finishedAt)}`;
}
