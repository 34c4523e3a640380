import type { Mistake } from '../../documents/document.ts';
import { errorOffset, lineAndColumn, offsetOfPath } from '../../documents/json/document-text.ts';
import { repeatedKeys } from '../../documents/json/repeated-keys.ts';
import { otherVersion } from '../../documents/schema/schema-wording.ts';
import { validateBy } from '../../documents/schema/validate.ts';
import type { ReportFrame } from '../../history/covered.ts';
import { UsageError } from '../../model/errors.ts';
import { type EvidenceJson, evidenceFromJson } from '../../model/evidence.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../model/json.ts';
import type { ReportVersion } from '../../model/report.ts';
import { findingSchemaOf, reportSchemaOf } from '../../reporters/scan/json-schema.ts';

const mistakesIn = { '1.0': validateBy(reportSchemaOf('1.0')), '1.1': validateBy(reportSchemaOf('1.1')) };
const mistakesInFinding = {
  '1.0': validateBy(findingSchemaOf('1.0')),
  '1.1': validateBy(findingSchemaOf('1.1')),
};

/** The parts of a report that are left out where it is read back. */
type NotReadBack = 'baseline' | 'deployed' | 'exemptionNotices' | 'frameworks';

/** A report as its JSON says it: the same but for the evidence. */
export type ReportJson = Omit<ReportFrame, NotReadBack> & {
  readonly findings: readonly FindingJson[];
};

/** A finding as JSON says it. */
type FindingJson = WithEvidenceJson<Finding>;
type WithEvidenceJson<F> = F extends Finding
  ? Omit<F, 'evidence'> & { readonly evidence: readonly EvidenceJson[] }
  : never;

/** A value that the schema of its version takes, or the first mistake; `undefined` for what is not even an object. */
type CheckedValue<T> = { readonly value: T } | { readonly mistake: Mistake | undefined };

/** Checks a report. What became of a baseline, exemptions, controls and declarations says nothing where it is read back. */
export function checkReportJson(value: Json): CheckedValue<ReportJson> {
  const isOld = isJsonObject(value) && value['schemaVersion'] === '1.0';
  const [mistake] = mistakesIn[isOld ? '1.0' : '1.1'](value);
  if (!isReport(value, mistake)) return { mistake };
  const { baseline: _, exemptionNotices: __, frameworks: ___, deployed: ____, ...report } = value;
  return { value: report };
}

/** Checks a finding of a report. */
export function checkFinding(value: Json, version: ReportVersion): CheckedValue<FindingJson> {
  const [mistake] = mistakesInFinding[version](value);
  return isFinding(value, mistake) ? { value } : { mistake };
}

/** Reads such a finding. */
export function toFinding(finding: FindingJson): Finding {
  return { ...finding, evidence: finding.evidence.map(evidenceFromJson) };
}

/** Parses findings that have been checked, all at once. */
export function parseFindings(texts: readonly Buffer[]): readonly Finding[] {
  const list = texts.flatMap((text) => [comma, text]).slice(1);
  const findings: readonly FindingJson[] = JSON.parse(`[${Buffer.concat(list).toString()}]`);
  return findings.map(toFinding);
}

const comma = Buffer.from(',');

/** The schema of its version has said that it is one. */
function isReport(
  value: Json,
  mistake?: Mistake,
): value is JsonObject & ReportJson & Partial<Record<NotReadBack, Json>> {
  return mistake === undefined && isJsonObject(value);
}

function isFinding(value: Json, mistake?: Mistake): value is JsonObject & FindingJson {
  return mistake === undefined && isJsonObject(value);
}

/** A text of a file, and the line there of each of its lines. */
export interface ReportPiece {
  readonly file: string;
  readonly text: string;
  readonly lineOf: (line: number) => number;
}

/** Refuses a report of a version that is not known: it is one all the same, but nothing in it can be relied on. */
export function refuseOtherVersion(value: Json, piece: ReportPiece): void {
  const version = isJsonObject(value) ? value['schemaVersion'] : undefined;
  if (typeof version !== 'string' || !/^\d+\.\d+$/.test(version) || version in mistakesIn) return;
  const { line, column } = lineAndColumn(piece.text, offsetOfPath(piece.text, ['schemaVersion']));
  throw new UsageError(
    `${piece.file} is a report of another version of purgeproof.\n` +
      `${piece.file}:${piece.lineOf(line)}:${column}  schemaVersion: ${otherVersion(version, Object.keys(mistakesIn))}`,
    'Read it with the version that wrote it, or scan again with this one: `purgeproof scan --output json=report.json`',
  );
}

/** Parses a piece that should be JSON in UTF-8. Throws UsageError with the place where it is not. */
export function parsePiece(bytes: Uint8Array, piece: ReportPiece): Json {
  if (piece.text.trim() === '') throw notAReport(piece, 0, 'the file is empty');
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError))
      throw notAReport(piece, piece.text.indexOf('\uFFFD'), 'it is not text in UTF-8');
    throw notAReport(piece, errorOffset(error, piece.text), error.message);
  }
}

/** A parser keeps the last value of a key that is there twice, and a person may read the first. */
export function refuseRepeatedKeys(value: Json, piece: ReportPiece): void {
  const [repeated] = repeatedKeys(piece.text, value);
  if (repeated === undefined) return;
  const key = JSON.stringify(repeated.key.slice(0, 60));
  throw notAReport(piece, repeated.offset, `the key ${key} is repeated in one object`);
}

/** Refuses a report that contradicts itself, as after an edit: a finding that was taken out of it would be gone, or need no fix. */
export function refuseContradictions(
  { complete, unreadable, summary }: Omit<ReportJson, 'findings'>,
  listed: Iterable<Compliance>,
  piece: ReportPiece,
): void {
  if (complete && unreadable.length > 0)
    refusePiece({ path: ['complete'], message: `it is true, and "unreadable" is not empty` }, piece);
  const counts = { nonCompliant: 0, exempt: 0, unknown: 0, compliant: 0 };
  for (const compliance of listed) counts[compliance] += 1;
  for (const key of ['nonCompliant', 'exempt', 'unknown'] as const) {
    if (counts[key] === summary[key]) continue;
    const message = `it is ${summary[key]}, and so many "findings" are listed: ${counts[key]}`;
    refusePiece({ path: ['summary', key], message }, piece);
  }
}

/** `place` is the index of the finding that the piece is. */
export function refusePiece(mistake: Mistake | undefined, piece: ReportPiece, place?: number): never {
  const { path, message } = mistake ?? { path: [], message: 'it is not an object' };
  const full = place === undefined ? path : ['findings', place, ...path];
  const where = full.length === 0 ? '' : `${full.join('.')}: `;
  throw notAReport(piece, offsetOfPath(piece.text, path), `${where}${message}`);
}

function notAReport({ file, text, lineOf }: ReportPiece, offset: number, why: string): UsageError {
  const { line, column } = lineAndColumn(text, offset);
  return new UsageError(
    `${file} is not a JSON report of purgeproof.\n${file}:${lineOf(line)}:${column}  ${why}`,
    'Make one: `purgeproof scan --output json=report.json`',
  );
}
