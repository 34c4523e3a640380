import type { SourceFile } from '../../documents/document.ts';
import { memberText, type SplitDocument, splitAtList, tryReadJson } from '../../documents/json/parse.ts';
import { rightTexts } from '../../documents/json/right-texts.ts';
import { reportToCompare, type ReportToCompare } from '../../history/compare.ts';
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
  const { findings, file: _, ...report } = openReport({ bytes, file });
  return {
    ...report,
    findings: [...findings.read(Array.from({ length: findings.length }, (__, place) => place))],
  };
}

/**
 * Opens such a report: all of it is checked, and findings are read when they are looked into. A report that is not laid out as a
 * scan writes it is read at once.
 */
export function openReport(source: SourceFile): ReportToCompare {
  try {
    const report = openSplit(source);
    if (report !== undefined) return report;
  } catch (error) {
    if (!(error instanceof OtherLayout)) throw error;
  }
  return reportToCompare(readWhole(source), source.file);
}

/** An element of what looked like a list of findings is no JSON by itself. */
class OtherLayout extends Error {}

function openSplit({ file, bytes }: SourceFile): ReportToCompare | undefined {
  const split = splitAtList(bytes, 'findings');
  const frame = split && tryReadJson(split.frame);
  if (split === undefined || frame === undefined || !isJsonObject(frame.value)) return undefined;
  // Where this was a list of anything else, the mark of what was cut out is not where the findings are.
  if (JSON.stringify(frame.value['findings']) !== '[null]') return undefined;
  const piece = { file, text: frame.text, lineOf: split.lineOf };
  const { findings: _, ...report } = checkReport({ ...frame.value, findings: [] }, piece);
  const { fingerprints, compliances } = checkFindings({ file, split, version: report.schemaVersion });
  refuseContradictions(report, compliances, piece);
  const findings = {
    length: split.length,
    fingerprintAt: (place: number) => fingerprints[place] ?? '',
    isCompliantAt: (place: number) => compliances[place] === 'compliant',
    read: (places: readonly number[]) => readFindings(split, places),
    textAt: (place: number) => split.bytesOf(place),
  };
  return { ...report, file, findings };
}

/** A report that is cut at its findings. */
interface SplitReport {
  readonly file: string;
  readonly split: SplitDocument;
  readonly version: ReportVersion;
}

/** Checks the findings in their order. Nearly all are written as one of those before, which tells that they are right, too. */
function checkFindings(report: SplitReport) {
  const { split, version } = report;
  const right = rightTexts<{ readonly compliance: Compliance; readonly fingerprint: undefined }>(
    findingSchemaOf(version),
  );
  const fingerprints: string[] = [];
  const compliances: Compliance[] = [];
  for (let place = 0; place < split.length; place += 1) {
    const text = split.latin1Of(place);
    const written = split.plainText(place, writtenPrint);
    const known = written === undefined ? undefined : right.noteOf(text);
    const { compliance, fingerprint } = known ?? checkedFinding(place, report);
    // Where the name is there again, in a value, it cannot be told which of them was found.
    if (known === undefined && written === fingerprint && text.split('"fingerprint"').length === 2)
      right.add(text, { compliance, fingerprint: undefined });
    compliances.push(compliance);
    fingerprints.push(fingerprint ?? written ?? '');
  }
  return { fingerprints, compliances };
}

const writtenPrint = memberText('fingerprint', 64);

function checkedFinding(place: number, { file, split, version }: SplitReport): Finding {
  const read = tryReadJson(split.bytesOf(place));
  if (read === undefined) throw new OtherLayout();
  const piece = { file, text: read.text, lineOf: (line: number) => split.lineIn(place, line) };
  refuseRepeatedKeys(read.value, piece);
  const checked = checkFinding(read.value, version);
  return 'mistake' in checked ? refusePiece(checked.mistake, piece, place) : toFinding(checked.value);
}

/** Findings that are parsed at once, which takes less than one by one: some 300 KB. */
const mostAtOnce = 256;

/** Reads findings that have been checked. */
function* readFindings(split: SplitDocument, places: readonly number[]): Iterable<Finding> {
  for (let from = 0; from < places.length; from += mostAtOnce) {
    const texts = places.slice(from, from + mostAtOnce).flatMap((place) => [comma, split.bytesOf(place)]);
    yield* parseFindings(Buffer.concat([open, ...texts.slice(1), close]));
  }
}

const [open, comma, close] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];

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
