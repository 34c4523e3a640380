import { UsageError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import { repeatedKeys } from '../../model/repeated-keys.ts';

/** A JSON document of a file, and the line it starts on. */
interface JsonDocument {
  readonly value: Json;
  readonly line: number;
}

/** The documents of a file: one for JSON, one a line for NDJSON. */
export interface JsonText {
  readonly form: 'json' | 'ndjson';
  readonly documents: readonly JsonDocument[];
}

/**
 * Parses JSON or NDJSON. Throws `UsageError` at `file:line:column` for what is neither, for an empty file, and for a key
 * that an object holds twice: whichever of its values counted, the other one would be a gap that nobody sees.
 */
export function parseJsonText(text: string, file: string): JsonText {
  if (text.trim() === '') throw new UsageError(`${file} is empty.`, emptyHint);
  const { form, documents } = parseDocuments(text, file);
  refuseRepeatedKeys(documents, file);
  // Without the text, which is as large as all the rest.
  return { form, documents: documents.map(({ value, line }) => ({ value, line })) };
}

interface ParsedDocument extends JsonDocument {
  readonly text: string;
}

function parseDocuments(
  text: string,
  file: string,
): { readonly form: JsonText['form']; readonly documents: readonly ParsedDocument[] } {
  try {
    return { form: 'json', documents: [{ value: parse(text), text, line: 1 }] };
  } catch (error) {
    const lines = nonEmptyLines(text);
    if (lines.length > 1 && isDocument(lines[0]?.text ?? '')) {
      return { form: 'ndjson', documents: parseLines(lines, file) };
    }
    throw brokenJson(error, { text, file, line: 1 });
  }
}

const emptyHint =
  'An inventory without vaults is an empty list, []. An empty file is usually left behind by a command that failed.';

interface Line {
  readonly text: string;
  readonly line: number;
}

function parseLines(lines: readonly Line[], file: string): readonly ParsedDocument[] {
  return lines.map(({ text, line }) => {
    try {
      return { value: parse(text), text, line };
    } catch (error) {
      throw brokenJson(error, { text, file, line });
    }
  });
}

const mostShown = 5;
const longestKey = 60;

function refuseRepeatedKeys(documents: readonly ParsedDocument[], file: string): void {
  const repeated = documents.flatMap((document) =>
    repeatedKeys(document.text, document.value).map(({ key, offset }) => ({ key, offset, document })),
  );
  if (repeated.length === 0) return;
  const shown = repeated.slice(0, mostShown).map(({ key, offset, document }) => {
    return `${placeIn({ ...document, file }, offset)}  the key ${JSON.stringify(key.slice(0, longestKey))} is repeated in one object`;
  });
  const more = repeated.length - shown.length;
  throw new UsageError(
    [...shown, ...(more === 0 ? [] : [`… and ${more} more`])].join('\n'),
    'Keep one of the values. Azure writes each key once: if this file was merged or edited, export it again.',
  );
}

function nonEmptyLines(text: string): readonly Line[] {
  return text
    .split('\n')
    .map((line, index) => ({ text: line, line: index + 1 }))
    .filter((line) => line.text.trim() !== '');
}

/** A line of NDJSON is an object or a list: a lone `{` or `[` is the start of a document over several lines. */
function isDocument(line: string): boolean {
  try {
    const value = parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function parse(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

interface Place extends Line {
  readonly file: string;
}

function brokenJson(error: unknown, where: Place): UsageError {
  const offset = errorOffset(error instanceof Error ? error.message : '', where.text);
  const ended = where.text.slice(offset).trim() === '';
  return new UsageError(
    `${placeIn(where, offset)}  ${ended ? 'the JSON ends too early' : 'this is not JSON'}`,
    'Export it again as JSON (az … --output json), and check that the command ended without an error.',
  );
}

function placeIn({ text, line, file }: Place, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${file}:${line + before.length - 1}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** V8 tells the position in most messages; "Unexpected token" comes without, and is searched for by halves. */
function errorOffset(message: string, text: string): number {
  const told = /position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  if (!message.startsWith('Unexpected token')) return text.length;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (hasUnexpectedToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Unexpected token');
  }
}
