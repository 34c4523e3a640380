import { errorOffset, findWideObject, type TextPlace } from '../../documents/json/document-text.ts';
import { tryParseJson } from '../../documents/json/parse.ts';
import { countKeys, repeatedKeys } from '../../documents/json/repeated-keys.ts';
import { isJsonObject, type Json, parseJson } from '../../model/json.ts';
import {
  closeList,
  columnOf,
  comma,
  isOpening,
  type JsonBytes,
  newScan,
  noteEnd,
  openList,
  scanScalar,
  scanValue,
  skipSeparators,
  skipSpaces,
  type ValueScan,
} from './json-bytes.ts';
import { type Hash, hashBytes } from './known-ids.ts';
import { scanRun } from './object-run.ts';
import { type JsonPlace, listIn, mayHoldPages, stepTo } from './pages.ts';

/**
 * A part of a file, as it comes. `item`: a whole document, or an element of a list, which may be a page. `row`: a row of
 * a page that is too large to be held. `page`: the end of that page, which is all of it but the rows.
 */
export interface StreamedValue {
  readonly kind: 'item' | 'row' | 'page';
  readonly value: Json;
  readonly place: JsonPlace;
  /** The name of the bare list that the value is an element of, as `listIn` gives it. */
  readonly list: string;
  /** The most levels of lists and objects that the value has. */
  readonly levels: number;
  /** A hash of the bytes of an object, where it is known. */
  readonly written?: Hash | undefined;
}

/** The bytes are not JSON; `at` is the index of the first one that cannot stand where it is. */
export class NotJson extends Error {
  readonly at: number;
  constructor(at: number) {
    super('not JSON');
    this.at = at;
  }
}

/** The bytes are not UTF-8. */
export class NotUtf8 extends Error {}

/** Receives what parses, and yet is not read as it is written. `text` begins at `input.at`. */
interface FlawListener {
  readonly onRepeatedKey: (key: string, place: TextPlace) => void;
  readonly onWideObject: (place: TextPlace) => never;
}

/** The state of a stream: its input, the number of documents that have begun, and how it reads. */
export interface ValueStream {
  readonly input: JsonBytes;
  readonly flaws: FlawListener;
  /** An object of more bytes is not held: the rows in it come one by one. */
  readonly mostHeld: number;
  /** True where the bytes of objects are hashed. */
  readonly isHashed: boolean;
  documents: number;
  /** The line on which the last document begins. */
  documentLine: number;
  /** The levels of the value that was parsed last. */
  levels: number;
}

/** Azure allows a resource 50 tags; a list of all that is in a subscription is a list, and no object. */
export const mostMembers = 10_000;

/** Asks for more bytes. */
type More = undefined;
type Streaming<Result = void> = Generator<StreamedValue | More, Result>;

/**
 * Reads the documents of a file in the order of their bytes, each value parsed by itself. `undefined` asks for more bytes
 * in `input`. Throws `NotJson` and `NotUtf8`.
 */
export function* streamValues(stream: ValueStream): Streaming {
  const { input } = stream;
  for (;;) {
    while (!skipSeparators(input) && !input.isWhole) yield;
    if (input.at === input.end) return;
    stream.documentLine = input.line;
    const place = { path: '', line: input.line, document: stream.documents };
    stream.documents += 1;
    const isScalar = !isOpening(input.bytes[input.at]);
    yield* streamItem(stream, place, 'documents');
    // What is not a list or an object is a document only where nothing follows it.
    if (isScalar && (yield* nextByte(input)) !== undefined) throw new NotJson(input.at);
  }
}

function* streamItem(stream: ValueStream, place: JsonPlace, list: string): Streaming {
  const byte = stream.input.bytes[stream.input.at];
  if (byte === openList && mayHoldPages(place)) {
    const own = listIn(place);
    yield* streamList(stream, { kind: 'item', place, name: '', list: own }, function* item(at) {
      yield* streamItem(stream, at, own);
    });
  } else if (byte !== openList && isOpening(byte)) yield* streamObject(stream, place, list);
  else yield { kind: 'item', value: yield* cutValue(stream), place, list, levels: stream.levels };
}

/** A list, and what its elements are: items, or the rows of a page that has it under a name. */
interface ListPlace {
  readonly kind: 'item' | 'row';
  readonly place: JsonPlace;
  readonly name: string;
  readonly list: string;
}

/** Reads the brackets and commas of a list, and its elements: objects that have come here, and others by `element`. */
function* streamList(
  stream: ValueStream,
  { kind, place, name, list }: ListPlace,
  element: (place: JsonPlace) => Streaming,
): Streaming {
  const { input } = stream;
  input.at += 1;
  let next = yield* nextByte(input);
  const { path, line, document } = stepTo(place, `${name}[`);
  for (let index = 0; next !== closeList;) {
    // Nearly all elements are such: to begin a generator for each would take as long as to parse it.
    const taken = takeObjects(stream);
    for (const object of taken) {
      yield { kind, place: { path: `${path}${index}]`, line, document }, list, ...object };
      index += 1;
    }
    if (taken.length === 0) {
      yield* element({ path: `${path}${index}]`, line, document });
      index += 1;
    }
    next = skipSpaces(input) ? input.bytes[input.at] : yield* nextByte(input);
    if (next === closeList) break;
    if (next !== comma) throw new NotJson(input.at);
    input.at += 1;
    next = skipSpaces(input) ? input.bytes[input.at] : yield* nextByte(input);
    if (next === closeList) throw new NotJson(input.at);
  }
  input.at += 1;
  noteEnd(input);
}

type TakenObject = Pick<StreamedValue, 'value' | 'levels' | 'written'>;

/**
 * Reads the objects that are small and have come whole, up to the first that is not; none where something is the matter
 * with one of them. What is not read here is read in steps.
 */
function takeObjects(stream: ValueStream): readonly TakenObject[] {
  const { input, mostHeld, isHashed } = stream;
  const { scan, objects } = scanRun(input, { mostHeld, mostMembers });
  const text =
    objects.length === 0 ? undefined : tryDecode(input.bytes.subarray(input.at, input.at + scan.length));
  // To parse them together takes a sixth less than to parse each.
  const values = text === undefined ? undefined : tryParseJson(`[${text}]`);
  if (text === undefined || !Array.isArray(values) || countKeys(values).keys !== scan.keys) return [];
  const view = new DataView(input.bytes.buffer, input.bytes.byteOffset, input.bytes.byteLength);
  const taken = objects.map(({ from, to, levels }, index): TakenObject => {
    return { value: values[index], levels, written: isHashed ? hashBytes(view, from, to) : undefined };
  });
  passOn(input, scan, text);
  return taken;
}

function* streamObject(stream: ValueStream, place: JsonPlace, list: string): Streaming {
  const { input, mostHeld } = stream;
  const scan = newScan();
  let scanned = scanValue(input, scan, false);
  while (scanned === 'more' && !input.isWhole && scan.length < mostHeld) {
    yield;
    scanned = scanValue(input, scan, false);
  }
  if (scanned === 'more' && !input.isWhole) yield* streamPage(stream, place, list);
  else yield { kind: 'item', value: cut(stream, scan), place, list, levels: stream.levels };
}

/** Reads an object that is too large to be held: the rows of its lists by themselves, and then the rest of it. */
function* streamPage(stream: ValueStream, place: JsonPlace, list: string): Streaming {
  const { input } = stream;
  const parts: PlacedPart[] = [];
  let scan = newScan();
  for (;;) {
    let scanned = scanValue(input, scan, true);
    while (scanned === 'more' && !input.isWhole) {
      yield;
      scanned = scanValue(input, scan, true);
    }
    if (scanned !== 'list') break;
    const begun = cut(stream, scan, { parts, closing: ']}' });
    const name = isJsonObject(begun) ? Object.keys(begun).at(-1) : undefined;
    input.at -= 1;
    yield* streamList(stream, { kind: 'row', place, name: name ?? '', list }, function* row(at) {
      yield { kind: 'row', value: yield* cutValue(stream), place: at, list, levels: stream.levels };
    });
    input.at -= 1;
    scan = newScan(2);
  }
  yield { kind: 'page', value: cut(stream, scan, { parts }), place, list, levels: stream.levels };
}

/** The next byte that is no space; `undefined` at the end of the file. */
function* nextByte(input: JsonBytes): Streaming<number | undefined> {
  while (!skipSpaces(input) && !input.isWhole) yield;
  return input.at < input.end ? input.bytes[input.at] : undefined;
}

/** Reads any value whole. */
function* cutValue(stream: ValueStream): Streaming<Json> {
  const { input } = stream;
  const isNested = isOpening(input.bytes[input.at]);
  const scan = newScan();
  const scanOn = isNested ? () => scanValue(input, scan, false) : () => scanScalar(input, scan);
  while (scanOn() === 'more' && !input.isWhole) yield;
  return cut(stream, scan);
}

/** The text of a part of a value, and where it begins. */
interface PlacedPart extends TextPlace {
  readonly text: string;
  readonly keys: number;
}

interface Cut {
  /** The parts of the same value that were cut out before; this one is added. */
  readonly parts: PlacedPart[];
  /** Brackets that end the value, where it goes on. */
  readonly closing?: string;
}

/** Parses what has been scanned, and what was cut out of the same value before it, and passes on. */
function cut(stream: ValueStream, scan: ValueScan, { parts, closing = '' }: Cut = { parts: [] }): Json {
  const { input } = stream;
  const { at, line } = input;
  const end = Math.min(at + scan.length, input.end);
  const before = parts.map(({ text }) => text).join('');
  const text = decode(input.bytes.subarray(at, end));
  parts.push({ text, line, column: columnOf(input), keys: scan.keys });
  const keys = parts.reduce((sum, part) => sum + part.keys, 0);
  if (keys > mostMembers) refuseWideObject(stream, parts);
  const value = parseAfter(before, text + closing, input);
  if (closing === '' && countKeys(value).keys !== keys) reportRepeatedKeys(stream, parts, value);
  stream.levels = scan.deepest;
  passOn(input, scan, text);
  return value;
}

function parseAfter(before: string, text: string, input: JsonBytes): Json {
  try {
    return parseJson(before + text);
  } catch (error) {
    const offset = errorOffset(error, before + text) - before.length;
    throw new NotJson(Math.min(input.at + byteLength(text.slice(0, Math.max(0, offset))), input.end));
  }
}

function passOn(input: JsonBytes, scan: ValueScan, text: string): void {
  const start = input.at;
  input.at = Math.min(start + scan.length, input.end);
  if (scan.lines > 0) {
    input.line += scan.lines;
    input.lineStart = start + scan.lastLine;
    input.surplus = 0;
  }
  if (text.length === input.at - start) return noteEnd(input);
  const tail = scan.lines > 0 ? text.slice(text.lastIndexOf('\n') + 1) : text;
  input.surplus += byteLength(tail) - tail.length;
  noteEnd(input);
}

function refuseWideObject({ flaws }: ValueStream, parts: readonly PlacedPart[]): void {
  const wide = findWideObject(parts.map(({ text }) => text).join(''), mostMembers);
  if (wide !== undefined) flaws.onWideObject(placeIn(parts, wide.offset));
}

function reportRepeatedKeys({ flaws }: ValueStream, parts: readonly PlacedPart[], value: Json): void {
  for (const { key, offset } of repeatedKeys(parts.map(({ text }) => text).join(''), value))
    flaws.onRepeatedKey(key, placeIn(parts, offset));
}

function placeIn(parts: readonly PlacedPart[], offset: number): TextPlace {
  let left = offset;
  for (const { text, line, column } of parts) {
    if (left < text.length) {
      const lines = text.slice(0, left).split('\n');
      const units = lines.at(-1)?.length ?? 0;
      return { line: line + lines.length - 1, column: lines.length === 1 ? column + units : units + 1 };
    }
    left -= text.length;
  }
  throw new Error('the offset is behind the end of the text');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  const text = tryDecode(bytes);
  if (text === undefined) throw new NotUtf8();
  return text;
}

function tryDecode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
