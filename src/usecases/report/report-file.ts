import { UsageError } from '../../model/errors.ts';
import { type EvidenceJson, evidenceFromJson } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../model/json.ts';
import type { ScanReport } from '../../model/report.ts';
import { lineAndColumn } from '../../documents/json/document-text.ts';
import { repeatedKeys } from '../../documents/json/repeated-keys.ts';
import { reportSchema, reportSchemaOf } from '../../reporters/scan/json-schema.ts';
import { validateBy } from '../../documents/schema/validate.ts';

const mistakesIn = validateBy(reportSchema);
const mistakesIn10 = validateBy(reportSchemaOf('1.0'));

/** A report as its JSON says it: the same but for the evidence. */
type ReportJson = Omit<ScanReport, 'findings'> & { readonly findings: readonly FindingJson[] };
type FindingJson = WithEvidenceJson<Finding>;
type WithEvidenceJson<F> = F extends Finding
  ? Omit<F, 'evidence'> & { readonly evidence: readonly EvidenceJson[] }
  : never;

/** Reads a JSON report that a scan wrote, of version 1.0 or 1.1. Throws UsageError for any other file. */
export function readReport(bytes: Uint8Array, file: string): ScanReport {
  const value = parse(bytes, file);
  const isOld = isJsonObject(value) && value['schemaVersion'] === '1.0';
  const [mistake] = isOld ? mistakesIn10(value) : mistakesIn(value);
  if (isReport(value, mistake === undefined)) return fromJson(value);
  const where = mistake === undefined || mistake.path.length === 0 ? '' : ` at ${mistake.path.join('.')}`;
  throw notAReport(file, `${where}: ${mistake?.message ?? 'it is not an object'}`);
}

function parse(bytes: Uint8Array, file: string): Json {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value = parseJson(text);
    const [repeated] = repeatedKeys(text, value);
    if (repeated === undefined) return value;
    const place = lineAndColumn(text, repeated.offset);
    throw new Error(
      `the key ${JSON.stringify(repeated.key.slice(0, 60))} is repeated in one object, at ${place}`,
    );
  } catch (error) {
    throw notAReport(file, `: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fromJson(report: ReportJson): ScanReport {
  const findings = report.findings.map((finding) => ({
    ...finding,
    evidence: finding.evidence.map(evidenceFromJson),
  }));
  return { ...report, findings };
}

/** The schema of its version has said that it is one. */
function isReport(value: Json, valid: boolean): value is JsonObject & ReportJson {
  return valid && isJsonObject(value);
}

function notAReport(file: string, why: string): UsageError {
  return new UsageError(
    `${file} is not a JSON report of purgeproof${why}.`,
    'Make one with purgeproof scan --output json=report.json.',
  );
}
