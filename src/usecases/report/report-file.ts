import type { SourceFile } from '../../documents/document.ts';
import { offsetOfPath } from '../../documents/json/document-text.ts';
import { memberText, type SplitDocument, splitAtList, tryParseJson } from '../../documents/json/parse.ts';
import { rightTexts } from '../../documents/json/right-texts.ts';
import { findingList, reportToCompare, type ReportToCompare } from '../../history/compare.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { ReportVersion, ScanReport } from '../../model/report.ts';
import { findingSchemaOf } from '../../reporters/scan/json-schema.ts';
import {
  checkFinding,
  checkReportJson,
  parseFindings,
  parsePiece,
  refuseContradictions,
  refuseOtherVersion,
  refusePiece,
  refuseRepeatedKeys,
  type ReportJson,
  type ReportPiece,
  toFinding,
} from './report-parts.ts';

/** Reads a JSON report that a scan wrote, of version 1.0 or 1.1. Throws UsageError for any other file. */
export function readReport(bytes: Uint8Array, file: string): ScanReport {
  const { findings, file: _, textAt: __, ...report } = openReport({ bytes, file });
  return {
    ...report,
    findings: [...findings.read(Array.from({ length: findings.length }, (___, place) => place))],
  };
}

/** A report whose findings are texts until they are looked into; one that was read at once has no texts. */
interface OpenReport extends ReportToCompare {
  /** The text of a finding: two of one text are the same in reports of one version. */
  readonly textAt?: (place: number) => Uint8Array;
}

/**
 * Opens such a report: all of it is checked, and findings are read when they are looked into. A report that is not laid out as a
 * scan writes it is read at once. What repeats a finding of an earlier report is not checked again.
 */
export function openReport(source: SourceFile, earlier?: OpenReport): OpenReport {
  try {
    const report = openSplit(source, earlier);
    if (report !== undefined) return report;
  } catch (error) {
    if (!(error instanceof OtherLayout)) throw error;
  }
  return reportToCompare(readWhole(source), source.file);
}

/** An element of what looked like a list of findings is no JSON by itself. */
class OtherLayout extends Error {}

function openSplit({ file, bytes }: SourceFile, earlier?: OpenReport): OpenReport | undefined {
  const split = splitAtList(bytes, 'findings');
  const { text = '', value } = split?.frame ?? {};
  if (split === undefined || !isJsonObject(value)) return undefined;
  // Where this was a list of anything else, what was cut out is not where the findings are.
  if (offsetOfPath(text, ['findings', 0]) !== split.cut) return undefined;
  const piece = { file, text, lineOf: split.lineOf };
  const { findings: _, ...report } = checkReport({ ...value, findings: [] }, piece);
  const version = report.schemaVersion;
  const other = earlier?.schemaVersion === version ? earlier : undefined;
  const { fingerprints, compliances, origins } = checkFindings({ file, split, version }, other);
  refuseContradictions(report, compliances, piece);
  const findings = findingList({
    length: split.length,
    fingerprintAt: (place) => fingerprints[place] ?? '',
    complianceAt: (place) => compliances[place] ?? 'unknown',
    read: (places) => readFindings(split, places),
    ...(other && { repeated: { from: other.findings, places: origins } }),
  });
  return { ...report, file, findings, textAt: (place) => split.bytesOf(place) };
}

/** A report that is cut at its findings. */
interface SplitReport {
  readonly file: string;
  readonly split: SplitDocument;
  readonly version: ReportVersion;
}

/**
 * Checks the findings in their order. Nearly all repeat one of the earlier report, or are written as one of those before, which
 * tells that they are right, too.
 */
function checkFindings(report: SplitReport, earlier?: OpenReport) {
  const { split, version } = report;
  const right = rightTexts<{ readonly compliance: Compliance; readonly fingerprint: undefined }>(
    findingSchemaOf(version),
  );
  const originOf = originIn(earlier);
  const fingerprints: string[] = [];
  const compliances: Compliance[] = [];
  const origins = new Int32Array(split.length).fill(-1);
  for (let place = 0; place < split.length; place += 1) {
    const text = split.bytesOf(place);
    const written = split.plainText(place, writtenPrint);
    const origin = written === undefined ? undefined : originOf(written, text);
    const known = written === undefined ? undefined : (origin ?? right.noteOf(text));
    const { compliance, fingerprint } = known ?? checkedFinding(place, report);
    if (known === undefined && written === fingerprint && isNamedOnce(text))
      right.add(text, { compliance, fingerprint: undefined });
    if (origin !== undefined) origins[place] = origin.place;
    compliances.push(compliance);
    fingerprints.push(fingerprint ?? written ?? '');
  }
  return { fingerprints, compliances, origins };
}

/** Finds the open finding of a report with the fingerprint that is written in a text, where its text is the same. */
function originIn(report: OpenReport | undefined) {
  const { findings, textAt } = report ?? {};
  const open = findings?.open();
  return (written: string, text: Uint8Array) => {
    const place = open?.get(written);
    if (findings === undefined || textAt === undefined || place === undefined) return undefined;
    if (Buffer.compare(textAt(place), text) !== 0) return undefined;
    return { place, compliance: findings.complianceAt(place), fingerprint: undefined };
  };
}

/** False where the name is there again, or may be, written with an escape: it cannot be told which of them was found. */
function isNamedOnce(text: Buffer): boolean {
  const name = '"fingerprint"';
  return text.indexOf(name) === text.lastIndexOf(name) && !text.includes(String.raw`\u`);
}

const writtenPrint = memberText('fingerprint', 64);

function checkedFinding(place: number, { file, split, version }: SplitReport): Finding {
  const text = split.bytesOf(place).toString();
  const value = tryParseJson(text);
  if (value === undefined) throw new OtherLayout();
  const piece = { file, text, lineOf: (line: number) => split.lineIn(place, line) };
  refuseRepeatedKeys(value, piece);
  const checked = checkFinding(value, version);
  return 'mistake' in checked ? refusePiece(checked.mistake, piece, place) : toFinding(checked.value);
}

/** Findings that are parsed at once, which takes less than one by one: of longer texts, V8 asks the system for memory for each. */
const mostAtOnce = 48;

/** Reads findings that have been checked. */
function* readFindings(split: SplitDocument, places: readonly number[]): Iterable<Finding> {
  for (let from = 0; from < places.length; from += mostAtOnce)
    yield* parseFindings(places.slice(from, from + mostAtOnce).map((place) => split.bytesOf(place)));
}

function readWhole({ file, bytes }: SourceFile): ScanReport {
  const text = new TextDecoder().decode(bytes);
  const piece = { file, text, lineOf: (line: number) => line };
  const report = checkReport(parsePiece(bytes, piece), piece);
  refuseContradictions(
    report,
    report.findings.map(({ compliance }) => compliance),
    piece,
  );
  return { ...report, findings: report.findings.map(toFinding) };
}

function checkReport(value: Json, piece: ReportPiece): ReportJson {
  refuseOtherVersion(value, piece);
  refuseRepeatedKeys(value, piece);
  const checked = checkReportJson(value);
  return 'mistake' in checked ? refusePiece(checked.mistake, piece) : checked.value;
}
