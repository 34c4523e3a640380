import {
  changeOf,
  type ComparedReport,
  type FindingChange,
  type ReportComparison,
  type UncomparedFinding,
} from '../model/comparison.ts';
import type { Finding } from '../model/finding.ts';
import type { ScanReport } from '../model/report.ts';
import { lostBetween, type ReasonFinder, reasonFinder, type ReportFrame, tunedBetween } from './covered.ts';

/** A finding of a report by its fingerprint, its index, and the bytes of its text there, where it has one. */
export interface FindingEntry {
  readonly fingerprint: string;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** A report to compare; its entries are gone through once, in order. */
export interface ReportToCompare extends ReportFrame {
  /** As named on the command line. */
  readonly file: string;
  readonly entries: Iterable<FindingEntry>;
  /** Reads a finding, every time anew. */
  readonly read: (entry: FindingEntry) => Finding;
  /** The work that can be done on findings that are texts without reading them; absent where they are not. */
  readonly texts?: FindingTexts;
}

/** The findings of a report as texts. Findings of one text are the same. */
interface FindingTexts {
  readonly written: (entry: FindingEntry) => Uint8Array;
  /** True for a text that says of itself that it is of a compliant verdict. */
  readonly isCompliant: (entry: FindingEntry) => boolean;
  /** Throws what reading one of them would throw; many at once take less time. */
  readonly check: (entries: readonly FindingEntry[]) => void;
}

/** The older report of a comparison, gone through: what is open by fingerprint, and what it lists as compliant. */
export interface OlderReport extends Omit<ReportToCompare, 'entries'> {
  readonly open: ReadonlyMap<string, FindingEntry>;
  readonly passed: ReadonlyMap<string, FindingEntry>;
}

/** A report as it is in memory, to compare. */
export function reportToCompare(report: ScanReport, file: string): ReportToCompare {
  const { findings } = report;
  const entries = findings.map(({ fingerprint }, index) => ({ fingerprint, index, from: 0, to: 0 }));
  const read = ({ index }: FindingEntry): Finding => {
    const finding = findings[index];
    if (finding === undefined) throw new Error('the entry is of another report');
    return finding;
  };
  return { ...report, file, entries, read };
}

/** Goes through the older report. Of several findings with one fingerprint, the first counts. `isChecked`: each is checked now. */
export function takeOlder(report: ReportToCompare, { isChecked = false } = {}): OlderReport {
  const open = new Map<string, FindingEntry>();
  const passed = new Map<string, FindingEntry>();
  const checked: FindingEntry[] = [];
  for (const entry of report.entries) {
    const { fingerprint } = entry;
    const isCompliant = report.texts?.isCompliant(entry) ?? report.read(entry).compliance === 'compliant';
    const seen = isCompliant ? passed : open;
    // Nothing else would look into it.
    if (isChecked || seen.has(fingerprint)) checked.push(entry);
    if (!seen.has(fingerprint)) seen.set(fingerprint, entry);
  }
  report.texts?.check(checked);
  const { entries: _, ...rest } = report;
  return { ...rest, open, passed };
}

/**
 * Compares two reports by the fingerprints of what is not compliant in them. A finding that is in one of them alone is new or gone
 * only where the other one would have had it.
 */
export function compareReports(older: OlderReport, newer: ReportToCompare): ReportComparison {
  const found = findChanges(older, newer);
  const added = split(found.onlyNewer, older.passed, reasonFinder(older, newer));
  const gone = split(found.onlyOlder, found.passed, reasonFinder(newer, older));
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

/** Finds the differences. A finding that is written as it was is only checked, many at once: that is nearly all of most reports. */
function findChanges(older: OlderReport, newer: ReportToCompare) {
  const isSameText = textComparison(older, newer);
  const same: FindingEntry[] = [];
  const [seen, passed] = [new Set<string>(), new Set<string>()];
  const onlyNewer: Finding[] = [];
  const updated: FindingChange[] = [];
  const unread = new Map(older.passed);
  let unchanged = 0;
  for (const entry of newer.entries) {
    const { fingerprint } = entry;
    const known = older.open.get(fingerprint);
    const before = known ?? older.passed.get(fingerprint);
    const isSame = before !== undefined && isSameText(before, entry);
    if (isSame) same.push(entry);
    const after = isSame ? undefined : newer.read(entry);
    const isCompliant = after === undefined ? known === undefined : after.compliance === 'compliant';
    if (isCompliant) passed.add(fingerprint);
    if (isSame && isCompliant) unread.delete(fingerprint);
    if (isCompliant || seen.has(fingerprint)) continue;
    seen.add(fingerprint);
    if (after !== undefined && known === undefined) onlyNewer.push(after);
    const change = after && known && changeOf(older.read(known), after);
    if (change !== undefined) updated.push(change);
    else if (known !== undefined) unchanged += 1;
  }
  newer.texts?.check(same);
  older.texts?.check([...unread.values()]);
  const left = [...older.open].filter(([fingerprint]) => !seen.has(fingerprint));
  return { onlyNewer, onlyOlder: left.map(([, entry]) => older.read(entry)), updated, unchanged, passed };
}

/** A text says the same only in reports of one version. */
function textComparison(older: OlderReport, newer: ReportToCompare) {
  const [before, after] = [older.texts, newer.texts];
  if (before === undefined || after === undefined || older.schemaVersion !== newer.schemaVersion)
    return () => false;
  return (one: FindingEntry, other: FindingEntry): boolean =>
    one.to - one.from === other.to - other.from &&
    Buffer.compare(before.written(one), after.written(other)) === 0;
}

/** Findings of one report alone: those of which the other one tells that they are not in it, and the rest. */
interface SplitFindings {
  readonly certain: readonly Finding[];
  readonly rest: readonly Omit<UncomparedFinding, 'in'>[];
}

function split(
  findings: readonly Finding[],
  passed: { has(fingerprint: string): boolean },
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
