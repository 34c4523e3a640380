import { tryParseJson } from '../../documents/json/parse.ts';
import { type Validate, validateBy } from '../../documents/schema/validate.ts';
import type { ScanArchive } from '../../model/archive.ts';
import { UsageError } from '../../model/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { type LineKey, lineSchemas, type ScanLines } from './line-kinds.ts';

/** The lines of one archived scan, to be read by their keys. */
export interface LineReader {
  /** The values of all lines with a key, each read when it is asked for. Throws UsageError for one that is not as it should be. */
  values<K extends LineKey>(key: K): Iterable<ScanLines[K]>;
  /** The value of the only one. */
  value<K extends LineKey>(key: K): ScanLines[K];
  /** The lines themselves. */
  lines(key: LineKey): readonly string[];
}

/** Prepares to read the lines of a scan; keys that are not known here are passed over. `file` is named in errors. */
export function lineReader(lines: readonly string[], file: string): LineReader {
  const byKey = new Map<string, string[]>();
  // The lines of a key stand together, and nearly all of them are resources.
  let [beginning, found]: [string, string[]] = ['', []];
  for (const line of lines) {
    if (beginning === '' || !line.startsWith(beginning)) {
      const key = line.slice(2, line.indexOf('"', 2));
      beginning = `{"${key}":`;
      byKey.set(key, (found = byKey.get(key) ?? []));
    }
    found.push(line);
  }
  function* values<K extends LineKey>(key: K): Iterable<ScanLines[K]> {
    for (const line of byKey.get(key) ?? []) yield valueOf(key, line, file);
  }
  return {
    values,
    value(key) {
      const [only] = values(key);
      if (only === undefined) throw notAScan(file, `it has no line "${key}"`);
      return only;
    },
    lines: (key) => byKey.get(key) ?? [],
  };
}

const validators = new Map<LineKey, Validate>();

function valueOf<K extends LineKey>(key: K, line: string, file: string): ScanLines[K] {
  const parsed = tryParseJson(line);
  const value = isJsonObject(parsed) ? parsed[key] : undefined;
  if (value === undefined) throw notAScan(file, `a line "${key}" is not JSON`);
  let validate = validators.get(key);
  if (validate === undefined) validators.set(key, (validate = validateBy(lineSchemas[key])));
  const [mistake] = validate(value);
  if (!isValueOf(key, value, mistake === undefined))
    throw notAScan(file, `in a line "${key}", ${mistake?.path.join('.') ?? ''}: ${mistake?.message ?? ''}`);
  return value;
}

/** The schema of its key has said that it is one. */
function isValueOf<K extends LineKey>(
  _key: K,
  value: Json,
  isRight: boolean,
): value is JsonObject & ScanLines[K] {
  return isRight && isJsonObject(value);
}

/** An archived scan whose bytes are those that its name says, and that says something else than a scan. */
export function notAScan(file: string, why: string): UsageError {
  return new UsageError(
    `${file} is not an archived scan: ${why}.`,
    'It was written by another program, or by a later version of this one.',
  );
}

/** The error for an archive that no scan was added to. */
export function emptyArchive({ folder }: Pick<ScanArchive, 'folder'>): UsageError {
  return new UsageError(
    `The archive ${folder} holds no scans.`,
    `Archive one: \`purgeproof scan --archive ${folder}\``,
  );
}
