import { UsageError } from '../../model/errors.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../model/json.ts';
import type { ScanReport } from '../../model/report.ts';
import { lineAndColumn } from '../../documents/json/position.ts';
import { repeatedKeys } from '../../documents/json/repeated-keys.ts';
import { reportSchema } from '../../reporters/scan/json-schema.ts';
import { validateBy } from '../../documents/schema/validate.ts';

const mistakesIn = validateBy(reportSchema);

/** Reads a JSON report that a scan wrote. Throws UsageError when it is none. */
export function readReport(bytes: Uint8Array, file: string): ScanReport {
  const value = parse(bytes, file);
  const [mistake] = mistakesIn(value);
  if (isReport(value, mistake === undefined)) return value;
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

/** The published schema has said that it is one. */
function isReport(value: Json, valid: boolean): value is JsonObject & ScanReport {
  return valid && isJsonObject(value);
}

function notAReport(file: string, why: string): UsageError {
  return new UsageError(
    `${file} is not a JSON report of purgeproof${why}.`,
    'Make one with purgeproof scan --output json=report.json.',
  );
}
