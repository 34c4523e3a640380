import {
  changeOf,
  type ComparedReport,
  type FindingChange,
  type ReportComparison,
  type UncomparedFinding,
} from '../model/comparison.ts';
import type { Finding } from '../model/finding.ts';
import { type ScanReport, tunedBetween } from '../model/report.ts';
import { lostBetween, type ReasonFinder, reasonFinder, type ReportFrame } from './covered.ts';

/** The findings of a report by their places in it, from 0. */
interface FindingList {
  readonly length: number;
  readonly fingerprintAt: (place: number) => string;
  readonly isCompliantAt: (place: number) => boolean;
  /** Reads findings in the order of these places, every time anew. */
  readonly read: (places: readonly number[]) => Iterable<Finding>;
  /** The text of a finding, where it has one; in reports of one version, findings of one text are the same. */
  readonly textAt?: (place: number) => Uint8Array;
}

/** A report to compare. */
export interface ReportToCompare extends ReportFrame {
  /** As named on the command line. */
  readonly file: string;
  readonly findings: FindingList;
}

/** A report as it is in memory, to compare. */
export function reportToCompare(report: ScanReport, file: string): ReportToCompare {
  const at = (place: number): Finding => {
    const finding = report.findings[place];
    if (finding === undefined) throw new Error('the place is of another report');
    return finding;
  };
  const findings: FindingList = {
    length: report.findings.length,
    fingerprintAt: (place) => at(place).fingerprint,
    isCompliantAt: (place) => at(place).compliance === 'compliant',
    read: (places) => places.map(at),
  };
  return { ...report, file, findings };
}

/**
 * Compares two reports by the fingerprints of what is not compliant in them. A finding that is in one of them alone is new or gone
 * only where the other one would have had it.
 */
export function compareReports(older: ReportToCompare, newer: ReportToCompare): ReportComparison {
  const found = findChanges(older, newer);
  const added = split(newer.findings.read(found.onlyNewer), found.passed.older, reasonFinder(older, newer));
  const gone = split(older.findings.read(found.onlyOlder), found.passed.newer, reasonFinder(newer, older));
  const uncompared = [...uncomparedIn('older', gone), ...uncomparedIn('newer', added)];
  const lost = lostBetween(older, newer);
  return {
    older: describe(older),
    newer: describe(newer),
    complete: older.complete && newer.complete && uncompared.length + lost.length === 0,
    added: added.certain,
    gone: gone.certain,
    updated: found.updated,
    unchanged: found.unchanged,
    uncompared,
    lost,
    tuned: tunedBetween(older, newer),
  };
}

/** Finds the differences. Of several findings of a report with one fingerprint, the first counts. */
function findChanges(older: ReportToCompare, newer: ReportToCompare) {
  const isSameText = textComparison(older, newer);
  const before = openAndPassed(older.findings);
  const passed = new Set<string>();
  const onlyNewer: number[] = [];
  const pairs: (readonly [before: number, after: number])[] = [];
  let unchanged = 0;
  for (let place = 0; place < newer.findings.length; place += 1) {
    const fingerprint = newer.findings.fingerprintAt(place);
    const known = before.open.get(fingerprint);
    if (newer.findings.isCompliantAt(place)) passed.add(fingerprint);
    else if (known !== seen) {
      before.open.set(fingerprint, seen);
      if (known === undefined) onlyNewer.push(place);
      else if (isSameText(known, place)) unchanged += 1;
      else pairs.push([known, place]);
    }
  }
  const updated = [...changesIn(pairs, older, newer)];
  unchanged += pairs.length - updated.length;
  const onlyOlder = [...before.open.values()].filter((place) => place !== seen);
  return { onlyNewer, onlyOlder, updated, unchanged, passed: { older: before.passed, newer: passed } };
}

/** In place of a finding of the older report that the newer one has, too. */
const seen = -1;

/** The places of open findings by fingerprint, and the fingerprints of those that are listed as compliant. */
function openAndPassed({ length, fingerprintAt, isCompliantAt }: FindingList) {
  const open = new Map<string, number>();
  const passed = new Set<string>();
  for (let place = 0; place < length; place += 1) {
    const fingerprint = fingerprintAt(place);
    if (isCompliantAt(place)) passed.add(fingerprint);
    else if (!open.has(fingerprint)) open.set(fingerprint, place);
  }
  return { open, passed };
}

/** Pairs that are read at a time: of most, nothing is kept. */
const mostPairs = 256;

function* changesIn(
  pairs: readonly (readonly [before: number, after: number])[],
  older: ReportToCompare,
  newer: ReportToCompare,
): Iterable<FindingChange> {
  for (let from = 0; from < pairs.length; from += mostPairs) {
    const some = pairs.slice(from, from + mostPairs);
    const after = newer.findings.read(some.map(([, place]) => place))[Symbol.iterator]();
    for (const before of older.findings.read(some.map(([place]) => place))) {
      const { value } = after.next();
      const change = value && changeOf(before, value);
      if (change !== undefined) yield change;
    }
  }
}

/** A text says the same only in reports of one version. */
function textComparison(older: ReportToCompare, newer: ReportToCompare) {
  const [before, after] = [older.findings.textAt, newer.findings.textAt];
  if (before === undefined || after === undefined || older.schemaVersion !== newer.schemaVersion)
    return () => false;
  return (one: number, other: number): boolean => Buffer.compare(before(one), after(other)) === 0;
}

/** Findings of one report alone: those of which the other one tells that they are not in it, and the rest. */
interface SplitFindings {
  readonly certain: readonly Finding[];
  readonly rest: readonly Omit<UncomparedFinding, 'in'>[];
}

function split(
  findings: Iterable<Finding>,
  passed: ReadonlySet<string>,
  reasonOf: ReasonFinder,
): SplitFindings {
  const certain: Finding[] = [];
  const rest: Omit<UncomparedFinding, 'in'>[] = [];
  for (const finding of findings) {
    const reason = passed.has(finding.fingerprint) ? undefined : reasonOf(finding);
    if (reason === undefined) certain.push(finding);
    else rest.push({ reason, finding });
  }
  return { certain, rest };
}

function uncomparedIn(side: UncomparedFinding['in'], { rest }: SplitFindings): readonly UncomparedFinding[] {
  return rest.map(({ reason, finding }) => ({ in: side, reason, finding }));
}

function describe(report: ReportFrame & Pick<ReportToCompare, 'file'>): ComparedReport {
  const { file, schemaVersion, tool, startedAt, finishedAt, complete, scope } = report;
  return { file, schemaVersion, tool, startedAt, finishedAt, complete, scope };
}
