import { TextDecoder } from 'node:util';
import { tryParseJson } from '../../documents/json/parse.ts';
import { notText } from '../../files/decode-unicode.ts';
import { UsageError } from '../../model/errors.ts';
import { columnOf, type JsonBytes } from './json-bytes.ts';
import { recogniseYaml } from './refused-formats/row-formats.ts';
import { longestHead, longestTail, recogniseText } from './refused-formats/text-formats.ts';
import { NotJson, NotUtf8, type ValueStream } from './stream-values.ts';
import type { TextPlace } from '../../documents/json/document-text.ts';

/** The beginning of a text. */
export interface TextHead {
  /** Adds a chunk, and returns it. */
  add(chunk: Uint8Array): Uint8Array;
  bytes(): Uint8Array;
}

/** Begins without a text. */
export function textHead(): TextHead {
  let bytes: Uint8Array = new Uint8Array(0);
  return {
    add(chunk) {
      // A UTF-16 unit takes three bytes at most.
      if (bytes.length < 3 * longestHead)
        bytes = Buffer.concat([bytes, chunk.subarray(0, 3 * longestHead - bytes.length)]);
      return chunk;
    },
    bytes: () => bytes,
  };
}

interface Surroundings {
  readonly file: string;
  readonly stream: ValueStream;
  /** The chunks that have not come yet. */
  readonly source: AsyncIterator<Uint8Array>;
  readonly head: TextHead;
}

/**
 * Explains why a stream failed. The text is read to its end, since that may show more: a warning, or bytes that are no
 * text at all.
 */
export async function explainFailure(failure: unknown, around: Surroundings): Promise<unknown> {
  const { file, head } = around;
  try {
    if (failure instanceof NotJson) return await explainNotJson(failure, around);
  } catch (error) {
    if (error instanceof NotUtf8) return notText(file, head.bytes());
    throw error;
  }
  return failure instanceof NotUtf8 ? notText(file, head.bytes()) : failure;
}

async function explainNotJson({ at }: NotJson, around: Surroundings): Promise<UsageError> {
  const { file, stream, head } = around;
  const { input } = stream;
  const place = placeOf(input, at);
  const firstLine = endOfFirstLine(stream, at);
  const toFailure = firstLine === undefined ? '' : decode(input.bytes.subarray(firstLine.at, at));
  const rest = await readRest(at, around);
  // What is read from here on may still be of the beginning.
  const start = new TextDecoder().decode(head.bytes()).slice(0, longestHead);
  if (start.trim() === '' && rest.isBlank && rest.begins !== '') return emptyFile(file);
  const other = start.length < longestHead ? await recogniseYaml(file, head.bytes()) : undefined;
  if (other !== undefined) return new UsageError(`${file}  this is ${other.what}`, other.hint);
  const recognised = recogniseText({ start, end: rest.ends, hasNul: rest.hasNul });
  if (recognised !== undefined) {
    const { what, shown, hint } = recognised;
    return new UsageError(`${file}  this is ${what}, not an inventory in JSON: ${shown}`, hint);
  }
  // A document that lacks its end swallows those after it: where each has a line, the fault is in the first.
  const [, second = ''] = (toFailure + rest.begins).split('\n', 2);
  if (firstLine !== undefined && isDocument(second)) return notJson(file, firstLine, true);
  return notJson(file, place, rest.isBlank);
}

function notJson(file: string, { line, column }: TextPlace, ended: boolean): UsageError {
  return new UsageError(
    `${file}:${line}:${column}  ${ended ? 'the JSON ends too early' : 'this is not JSON'}`,
    'Export it again as JSON (az … --output json), and check that the command ended without an error.',
  );
}

/** Refuses a file without anything. */
export function emptyFile(file: string): UsageError {
  return new UsageError(
    `${file} is empty.`,
    'An inventory without vaults is an empty list, []. An empty file is usually left behind by a command that failed.',
  );
}

/** The place of a byte in a value, or behind it. */
function placeOf(input: JsonBytes, at: number): TextPlace {
  const lines = decode(input.bytes.subarray(input.at, at)).split('\n');
  const units = lines.at(-1)?.length ?? 0;
  const line = input.line + lines.length - 1;
  return { line, column: lines.length === 1 ? columnOf(input) + units : units + 1 };
}

/** The place at which the first line of the last document ends, where the failure is at or behind it and it is still there. */
function endOfFirstLine(
  { input, documentLine }: ValueStream,
  at: number,
): (TextPlace & { readonly at: number }) | undefined {
  const isOnFirstLine = input.line === documentLine;
  if (!isOnFirstLine && input.lastEndLine !== documentLine) return undefined;
  const from = isOnFirstLine ? input.at : input.lastEnd;
  const end = input.bytes.subarray(0, input.end).indexOf(newLine, from);
  if (end === -1 || end > at) return undefined;
  const column = isOnFirstLine ? columnOf(input) : input.lastEndColumn;
  const units = decode(input.bytes.subarray(from, end)).length;
  return { at: end, line: documentLine, column: column + units };
}

const newLine = 0x0a;

/** The text from a failure on. */
interface Rest {
  readonly begins: string;
  readonly ends: string;
  readonly isBlank: boolean;
  readonly hasNul: boolean;
}

/** More of a text is not looked at for the end of a line. */
const longestLine = 4_000_000;

/** Throws `NotUtf8`. */
async function readRest(at: number, { stream: { input }, source, head }: Surroundings): Promise<Rest> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let ends = new TextDecoder().decode(input.bytes.subarray(Math.max(0, at - longestTail), at));
  let [begins, isBlank, hasNul] = ['', true, false];
  let bytes: Uint8Array | undefined = input.bytes.subarray(at, input.end);
  while (bytes !== undefined) {
    const text: string = decodeWith(decoder, bytes);
    if (begins.length < longestLine) begins += text;
    ends = (ends + text).slice(-longestTail);
    isBlank &&= text.trim() === '';
    hasNul ||= text.includes('\0');
    const { value, done } = await source.next();
    bytes = done === true ? undefined : head.add(value);
  }
  decodeWith(decoder);
  return { begins, ends, isBlank, hasNul };
}

function decode(bytes: Uint8Array): string {
  return decodeWith(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), bytes);
}

function decodeWith(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    throw new NotUtf8();
  }
}

function isDocument(text: string): boolean {
  const value = tryParseJson(text);
  return typeof value === 'object' && value !== null;
}
