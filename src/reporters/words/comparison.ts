import type {
  ChangeDirection,
  FindingChange,
  NotCoveredReason,
  ReportComparison,
  UncomparedFinding,
} from '../../model/comparison.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import { groupsBy } from '../../model/groups-by.ts';
import { isGuid } from '../../model/guid.ts';
import { joinWords } from '../../model/join-words.ts';
import { count, number } from './counts.ts';
import { evidenceWords, foundWords } from './values.ts';

/** A verdict in words. */
export const complianceWords: Readonly<Record<Compliance, string>> = {
  nonCompliant: 'non-compliant',
  unknown: 'unknown',
  exempt: 'exempt',
  compliant: 'compliant',
};

/** The change of a finding: `was exempt, is non-compliant; softDeleteRetentionInDays is 30, was 90`. */
export function changeWords({ before, after, changed }: FindingChange): string {
  const words = changed.map((part) => {
    if (part === 'compliance')
      return `was ${complianceWords[before.compliance]}, is ${complianceWords[after.compliance]}`;
    if (part === 'severity') return `was ${before.severity}, is ${after.severity}`;
    if (part === 'exemption')
      return before.exemption === undefined || after.exemption === undefined ? '' : 'another exemption';
    return evidenceChange(before.evidence, after.evidence);
  });
  return words.filter((text) => text !== '').join('; ');
}

/** Says the expectation where nothing else differs, as after a change of parameters. */
function evidenceChange(before: readonly Evidence[], after: readonly Evidence[]): string {
  for (const wordsOf of [foundWords, evidenceWords]) {
    const [then, now] = [before, after].map((evidence) => wordsOf(evidence).join('; '));
    if (then !== now) return [now, then && `before, ${then}`].filter(Boolean).join('; ');
  }
  return 'other evidence';
}

/** A sentence where rules were judged with other parameters than before: what is new or gone may be no change of the estate. */
export function tunedWords(ruleIds: readonly string[]): readonly string[] {
  if (ruleIds.length === 0) return [];
  const rules = ruleIds.join(', ');
  return [
    `Judged with other parameters than before: ${rules}. What is new or gone by them may be so for that alone.`,
  ];
}

/** The reason why a report tells nothing of a finding, as the end of a sentence. */
export function notCoveredWords({ kind, what }: NotCoveredReason, nameOf: (id: string) => string): string {
  switch (kind) {
    case 'rule':
      return `${what} was not judged`;
    case 'type':
      return `the rule was not judged on ${what}`;
    case 'subscription':
      return what === ''
        ? 'its subscription is not known'
        : `${placeName(what, nameOf)} was not read in full`;
    case 'inventory':
      return `the inventory ${what} may have left the resource out (--inventory-complete says that it has not)`;
    case 'code':
      return what === '' ? 'no code was scanned' : `the code in ${what} was scanned`;
    case 'part':
      return `${what} was not read (--include ${what})`;
    case 'gap':
      return `${placeName(what, nameOf)} could not be read`;
    case 'filter':
      return 'its filter may have left the resource out';
    case 'interrupted':
      return 'the scan was interrupted';
  }
}

function placeName(id: string, nameOf: (id: string) => string): string {
  const plain = id.replace(/^\/subscriptions\/(?=[^/]+$)/i, '');
  const name = nameOf(plain);
  if (isGuid(plain)) return name === plain ? `subscription ${plain}` : `subscription ${name}`;
  return id;
}

/** Findings that are not compared for one reason. */
export interface UncomparedGroup extends Pick<UncomparedFinding, 'in' | 'reason'> {
  readonly findings: readonly Finding[];
}

/** Findings that are not compared by side and reason, the most first. */
export function uncomparedGroups(uncompared: readonly UncomparedFinding[]): readonly UncomparedGroup[] {
  return groupsBy(uncompared, ({ in: side, reason }) => JSON.stringify([side, reason.kind, reason.what]))
    .map((same) => {
      const [{ in: side, reason }] = same;
      return { in: side, reason, findings: same.map(({ finding }) => finding) };
    })
    .toSorted((a, b) => b.findings.length - a.findings.length);
}

/** The numbers of findings by what became of them; `updated` are all that changed, `worse` and `better` those of them that did so. */
export interface ComparisonCounts {
  readonly new: number;
  readonly worse: number;
  readonly better: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly gone: number;
  readonly notCompared: number;
}

/** The numbers of a comparison. */
export function comparisonCounts(comparison: ReportComparison): ComparisonCounts {
  const { added, gone, updated, unchanged, uncompared } = comparison;
  return {
    new: added.length,
    ...changeCounts(updated),
    unchanged,
    gone: gone.length,
    notCompared: uncompared.length,
  };
}

/** The numbers of changes, and of those for the worse and for the better. */
export function changeCounts(
  updated: readonly Pick<FindingChange, 'direction'>[],
): Pick<ComparisonCounts, 'worse' | 'better' | 'updated'> {
  const amount = (wanted: ChangeDirection): number =>
    updated.filter(({ direction }) => direction === wanted).length;
  return { worse: amount('worse'), better: amount('better'), updated: updated.length };
}

/** `2 new, 1 worse, 4 gone and 40 unchanged`: the counts that are not zero. */
export function countsInWords(counts: ComparisonCounts): string {
  const { worse, better, updated, unchanged, gone } = counts;
  const named: readonly (readonly [number, string])[] = [
    [counts.new, 'new'],
    [worse, 'worse'],
    [better, 'better'],
    [updated - worse - better, 'changed'],
    [gone, 'gone'],
    [unchanged, 'unchanged'],
  ];
  const words = named.flatMap(([amount, word]) => (amount === 0 ? [] : [`${number(amount)} ${word}`]));
  return words.length === 0 ? 'no findings' : joinWords(words);
}

/** The result of a comparison: with gaps it never sounds as if all were well. */
export function comparisonWords(comparison: ReportComparison): string {
  const counts = comparisonCounts(comparison);
  const gap = comparison.complete ? '' : 'INCOMPLETE: not everything could be compared. ';
  const rest =
    counts.notCompared === 0 ? '' : ` ${count(counts.notCompared, 'finding')} could not be compared.`;
  const found = countsInWords(counts);
  return `${gap}${found.charAt(0).toUpperCase()}${found.slice(1)}.${rest}`;
}
