import type { SourceFile } from '../../documents/document.ts';
import { repeatedKeys } from '../../documents/json/repeated-keys.ts';
import { type SplitDocument, splitAtList, tryReadJson } from '../../documents/json/parse.ts';
import { type FindingEntry, reportToCompare, type ReportToCompare } from '../../history/compare.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { ReportVersion, ScanReport } from '../../model/report.ts';
import {
  checkFinding,
  checkReportJson,
  parsePiece,
  refusePiece,
  refuseRepeatedKeys,
  type ReportJson,
  type ReportPiece,
  toFinding,
} from './report-parts.ts';

/** Reads a JSON report that a scan wrote, of version 1.0 or 1.1. Throws UsageError for any other file. */
export function readReport(bytes: Uint8Array, file: string): ScanReport {
  return useReport({ bytes, file }, (report) => {
    const { entries, read, file: _, texts: __, ...rest } = report;
    return { ...rest, findings: Array.from(entries, read) };
  });
}

/**
 * Uses such a report whose findings are read when they are looked into; a mistake in one of them is thrown then. A report that
 * is not laid out as a scan writes it is read at once, though `use` may have begun when that turns out.
 */
export function useReport<T>(source: SourceFile, use: (report: ReportToCompare) => T): T {
  const report = openReport(source);
  try {
    if (report !== undefined) return use(report);
  } catch (error) {
    if (!(error instanceof OtherLayout)) throw error;
  }
  return use(reportToCompare(readWhole(source), source.file));
}

/** An element of what looked like a list of findings is no JSON by itself. */
class OtherLayout extends Error {}

function openReport({ file, bytes }: SourceFile): ReportToCompare | undefined {
  const split = splitAtList(bytes, 'findings');
  const frame = split && tryReadJson(split.frame);
  if (split === undefined || frame === undefined || !isJsonObject(frame.value)) return undefined;
  // Where this was a list of anything else, the mark of what was cut out is not where the findings are.
  if (JSON.stringify(frame.value['findings']) !== '[null]') return undefined;
  const piece = { file, text: frame.text, lineOf: split.lineOf };
  const { findings: _, ...report } = checkReport({ ...frame.value, findings: [] }, piece);
  const { schemaVersion: version } = report;
  const source = { file, split, version };
  const read = (entry: ReadEntry): Finding => readFinding(entry, source);
  const texts = {
    written: split.bytesOf,
    isCompliant: (entry: FindingEntry) => isCompliantText(entry, source),
    check: (entries: readonly FindingEntry[]) => checkFindings(entries, source),
  };
  return { ...report, file, entries: entriesOf(split, read), read, texts };
}

const compliances: readonly Compliance[] = ['nonCompliant', 'unknown', 'exempt', 'compliant'];

function isCompliantText(entry: FindingEntry, report: SplitReport): boolean {
  const written = compliances.find((one) => report.split.plainText(entry, 'compliance', one.length) === one);
  return (written ?? readFinding(entry, report).compliance) === 'compliant';
}

/** Findings that are parsed at once: some 800 KB. */
const longestRun = 512;

/** Checks findings in runs that stand side by side: what is parsed at once is parsed in less time. */
function checkFindings(entries: readonly FindingEntry[], report: SplitReport): void {
  const runs: FindingEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run?.at(-1)?.index === entry.index - 1 && run.length < longestRun) run.push(entry);
    else runs.push([entry]);
  }
  for (const run of runs) if (!isRunRight(run, report)) for (const entry of run) readFinding(entry, report);
}

function isRunRight(run: readonly FindingEntry[], { split, version }: SplitReport): boolean {
  const [from, to] = [run[0]?.from ?? 0, run.at(-1)?.to ?? 0];
  const read = tryReadJson(split.listOf({ from, to }));
  if (read === undefined || !Array.isArray(read.value) || read.value.length !== run.length) return false;
  if (repeatedKeys(read.text, read.value).length > 0) return false;
  const prints = read.value.map((one: Json) => (isJsonObject(one) ? one['fingerprint'] : undefined));
  if (run.some(({ fingerprint }, index) => prints[index] !== fingerprint)) return false;
  return read.value.every((one: Json) => !('mistake' in checkFinding(one, version)));
}

/** An entry whose fingerprint may not be known yet. */
type ReadEntry = Omit<FindingEntry, 'fingerprint'> & { readonly fingerprint?: string };

function* entriesOf(
  { elements, plainText }: SplitDocument,
  read: (entry: ReadEntry) => Finding,
): Iterable<FindingEntry> {
  let index = 0;
  for (const { from, to } of elements) {
    const entry = { index, from, to };
    const fingerprint = plainText(entry, 'fingerprint', 64) ?? read(entry).fingerprint;
    yield { fingerprint, index, from, to };
    index += 1;
  }
}

/** A report whose findings are read one by one. */
interface SplitReport {
  readonly file: string;
  readonly split: SplitDocument;
  readonly version: ReportVersion;
}

function readFinding(entry: ReadEntry, { file, split, version }: SplitReport): Finding {
  const read = tryReadJson(split.bytesOf(entry));
  if (read === undefined) throw new OtherLayout();
  const piece = { file, text: read.text, lineOf: (line: number) => split.lineIn(entry, line) };
  refuseRepeatedKeys(read.value, piece);
  const checked = checkFinding(read.value, version);
  if ('mistake' in checked) return refusePiece(checked.mistake, piece, entry.index);
  const { fingerprint } = checked.value;
  if (entry.fingerprint !== undefined && entry.fingerprint !== fingerprint) throw new OtherLayout();
  return toFinding(checked.value);
}

function readWhole({ file, bytes }: SourceFile): ScanReport {
  const text = new TextDecoder().decode(bytes);
  const piece = { file, text, lineOf: (line: number) => line };
  const report = checkReport(parsePiece(bytes, piece), piece);
  return { ...report, findings: report.findings.map(toFinding) };
}

function checkReport(value: Json, piece: ReportPiece): ReportJson {
  refuseRepeatedKeys(value, piece);
  const checked = checkReportJson(value);
  return 'mistake' in checked ? refusePiece(checked.mistake, piece) : checked.value;
}
