import {
  changeOf,
  type ComparedReport,
  type FindingChange,
  type ReportComparison,
  type UncomparedFinding,
} from '../model/comparison.ts';
import type { Compliance, Finding } from '../model/finding.ts';
import { type ScanReport, tunedBetween } from '../model/report.ts';
import { lostBetween, reasonFinder, type ReportFrame } from './covered.ts';

/** The findings of a report by their places in it, from 0. */
interface FindingList {
  readonly length: number;
  readonly fingerprintAt: (place: number) => string;
  readonly complianceAt: (place: number) => Compliance;
  /** Reads findings in the order of these places, every time anew. */
  readonly read: (places: readonly number[]) => Iterable<Finding>;
  /** The places of findings that are not compliant by their fingerprints; of several with one, the first. */
  readonly open: () => ReadonlyMap<string, number>;
  /** Of findings that are known to be the same as an open one of another list, its place there by their own; -1 of the others. */
  readonly repeated?: { readonly from: FindingList; readonly places: Int32Array };
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
  const findings = findingList({
    length: report.findings.length,
    fingerprintAt: (place) => at(place).fingerprint,
    complianceAt: (place) => at(place).compliance,
    read: (places) => places.map(at),
  });
  return { ...report, file, findings };
}

/** A list of findings. Its open ones are looked for once, when they are asked for. */
export function findingList(findings: Omit<FindingList, 'open'>): FindingList {
  let open: ReadonlyMap<string, number> | undefined;
  return { ...findings, open: () => (open ??= openPlaces(findings)) };
}

function openPlaces(findings: Omit<FindingList, 'open'>): ReadonlyMap<string, number> {
  const open = new Map<string, number>();
  for (let place = 0; place < findings.length; place += 1) {
    const print = findings.fingerprintAt(place);
    if (findings.complianceAt(place) !== 'compliant' && !open.has(print)) open.set(print, place);
  }
  return open;
}

/**
 * Compares two reports by the fingerprints of what is not compliant in them. A finding that is in one of them alone is new or gone
 * only where the other one would have had it.
 */
export function compareReports(older: ReportToCompare, newer: ReportToCompare): ReportComparison {
  const found = findChanges(older, newer);
  const added = split(found.onlyNewer, newer, older);
  const gone = split(found.onlyOlder, older, newer);
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
  const [before, after] = [older.findings, newer.findings];
  const repeated = after.repeated?.from === before ? after.repeated.places : undefined;
  const open = before.open();
  const met = new Uint8Array(before.length);
  const onlyNewer = new Map<string, number>();
  const pairs: (readonly [before: number, after: number])[] = [];
  let unchanged = 0;
  for (let place = 0; place < after.length; place += 1) {
    if (after.complianceAt(place) === 'compliant') continue;
    const fingerprint = after.fingerprintAt(place);
    const origin = repeated?.[place] ?? -1;
    const known = origin === -1 ? open.get(fingerprint) : origin;
    if (known === undefined) {
      if (!onlyNewer.has(fingerprint)) onlyNewer.set(fingerprint, place);
    } else if (met[known] === 0) {
      met[known] = 1;
      if (origin === -1) pairs.push([known, place]);
      else unchanged += 1;
    }
  }
  const updated = [...changesIn(pairs, older, newer)];
  unchanged += pairs.length - updated.length;
  const onlyOlder = [...open.values()].filter((place) => met[place] === 0);
  return { onlyNewer: [...onlyNewer.values()], onlyOlder, updated, unchanged };
}

/** The fingerprints of what is listed as compliant. */
function passedIn({ length, fingerprintAt, complianceAt }: FindingList): ReadonlySet<string> {
  const passed = new Set<string>();
  for (let place = 0; place < length; place += 1)
    if (complianceAt(place) === 'compliant') passed.add(fingerprintAt(place));
  return passed;
}

/** Pairs that are read at a time: of most, nothing is kept. */
const mostPairs = 48;

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

/** Findings of one report alone: those of which the other one tells that they are not in it, and the rest. */
interface SplitFindings {
  readonly certain: readonly Finding[];
  readonly rest: readonly Omit<UncomparedFinding, 'in'>[];
}

function split(places: readonly number[], report: ReportToCompare, other: ReportToCompare): SplitFindings {
  const [passed, reasonOf] = [passedIn(other.findings), reasonFinder(other, report)];
  const certain: Finding[] = [];
  const rest: Omit<UncomparedFinding, 'in'>[] = [];
  for (const finding of report.findings.read(places)) {
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
