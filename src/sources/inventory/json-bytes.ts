/** The bytes of JSON in UTF-8 that have come and are not read yet. Indexes are of `bytes`, which changes as more come. */
export interface JsonBytes {
  bytes: Uint8Array;
  /** The index after the last byte that has come. */
  end: number;
  /** True when no more will come. */
  isWhole: boolean;
  /** The index of the first byte that is not read yet, and the line that it is on, from 1. */
  at: number;
  line: number;
  /** The index of the first byte of that line; negative where it is gone. */
  lineStart: number;
  /** The number of bytes of that line, before `at`, over the number of its UTF-16 units. */
  surplus: number;
  /** The index after the last value or bracket that was read, and its line and column. */
  lastEnd: number;
  lastEndLine: number;
  lastEndColumn: number;
}

/** Begins without bytes. */
export function jsonBytes(): JsonBytes {
  return {
    bytes: new Uint8Array(0),
    end: 0,
    isWhole: false,
    at: 0,
    line: 1,
    lineStart: 0,
    surplus: 0,
    lastEnd: 0,
    lastEndLine: 1,
    lastEndColumn: 1,
  };
}

/** So many bytes that have been read are kept: messages show the end of a text. */
const keptBytes = 16_384;

/** Adds bytes, and lets go of those that have been read. */
export function addBytes(input: JsonBytes, chunk: Uint8Array): void {
  const from = Math.max(0, input.at - keptBytes);
  const kept = input.end - from;
  const needed = kept + chunk.length;
  if (needed <= input.bytes.length) input.bytes.copyWithin(0, from, input.end);
  else {
    // Twice as much as is needed: a value that comes in many chunks is copied a few times, and not with each of them.
    const larger = new Uint8Array(2 * needed);
    larger.set(input.bytes.subarray(from, input.end));
    input.bytes = larger;
  }
  input.bytes.set(chunk, kept);
  input.end = needed;
  input.at -= from;
  input.lineStart -= from;
  input.lastEnd -= from;
}

/** The column of `input.at`, in UTF-16 units from 1. */
export function columnOf({ at, lineStart, surplus }: JsonBytes): number {
  return at - lineStart - surplus + 1;
}

/** Notes that a value or a bracket ends at `input.at`. */
export function noteEnd(input: JsonBytes): void {
  input.lastEnd = input.at;
  input.lastEndLine = input.line;
  input.lastEndColumn = columnOf(input);
}

/** The progress through a value that may not have come whole yet. `newScan` begins, and `scanValue` goes on. */
export interface ValueScan {
  /** The number of bytes of the value that have been scanned. */
  length: number;
  /** Brackets that are open. */
  depth: number;
  /** The most brackets that were open at a time. */
  deepest: number;
  inString: boolean;
  /** Colons outside of strings: the keys that all objects of the value have together. */
  keys: number;
  /** Line ends outside of strings, and the length up to the last of them. */
  lines: number;
  lastLine: number;
}

/** Begins a value, or goes on with one at a depth. */
export function newScan(depth = 0): ValueScan {
  return { length: 0, depth, deepest: depth, inString: false, keys: 0, lines: 0, lastLine: 0 };
}

/** `end`: the value is over. `list`: a list of rows begins in it, and its bracket is scanned. `more`: bytes have to come. */
type Scanned = 'end' | 'list' | 'more';

/**
 * Scans from `input.at` for the end of a value that begins with a bracket; where `lists` is true, also for a list of rows
 * among its own members. It looks at brackets and strings alone: whether it is JSON says the parser.
 */
export function scanValue(
  input: Pick<JsonBytes, 'bytes' | 'at' | 'end'>,
  scan: ValueScan,
  lists: boolean,
): Scanned {
  const { bytes, at: start, end } = input;
  let { depth, deepest, keys, lines, lastLine } = scan;
  let found: Scanned = 'more';
  let at = start + scan.length;
  if (scan.inString) at = endOfString(bytes, at, end) + 1;
  // Locals, and the frequent bytes first: every byte of a file goes through here.
  for (; at < end && found === 'more'; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfString(bytes, at + 1, end);
    else if (byte === colon) keys += 1;
    else if (byte === openObject || byte === openList) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (lists && depth === 2 && byte === openList && isRowList(bytes, at)) found = 'list';
    } else if (byte === closeObject || byte === closeList) {
      depth -= 1;
      if (depth === 0) found = 'end';
    } else if (byte === newLine) {
      lines += 1;
      lastLine = at + 1 - start;
    }
  }
  // The end of a string that has not come yet is looked for behind the last byte.
  const inString = at > end;
  scan.depth = depth;
  scan.deepest = deepest;
  scan.keys = keys;
  scan.lines = lines;
  scan.lastLine = lastLine;
  scan.inString = inString;
  scan.length = (inString ? at - 1 : at) - start;
  return found;
}

/** Scans text, a number or a word, as `scanValue` does what has brackets. */
export function scanScalar(input: JsonBytes, scan: ValueScan): Scanned {
  const { bytes, at: start, end } = input;
  let at = start + scan.length;
  if (bytes[start] === quote) {
    at = endOfString(bytes, Math.max(at, start + 1), end);
    scan.length = at - start + (at < end ? 1 : 0);
  } else {
    while (at < end && !isSpace(bytes[at]) && !isPunctuation(bytes[at])) at += 1;
    scan.length = at - start;
  }
  return at < end ? 'end' : 'more';
}

/** The index of the closing quote; where it has not come yet, that of the byte at which to go on. */
function endOfString(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at;
    if (byte === backslash) at += 1;
  }
  return at;
}

/** True where the key before the bracket of a list is one under which exports have their rows. */
function isRowList(bytes: Uint8Array, bracket: number): boolean {
  const end = lastNotSpace(bytes, lastNotSpace(bytes, bracket - 1) - 1);
  return rowLists.some((name) => {
    const start = end - name.length;
    const isKey = bytes[end] === quote && bytes[start - 1] === quote && bytes[start - 2] !== backslash;
    return isKey && String.fromCharCode(...bytes.subarray(start, end)).toLowerCase() === name;
  });
}

function lastNotSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at -= 1;
  return at;
}

const rowLists = ['value', 'data'];

/** True for the spaces that JSON allows between values. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === newLine || byte === 0x0d || byte === 0x09;
}

function isPunctuation(byte: number | undefined): boolean {
  return byte === comma || byte === closeList || byte === closeObject;
}

/** True for the brackets that begin a list or an object. */
export function isOpening(byte: number | undefined): boolean {
  return byte === openList || byte === openObject;
}

/** Passes over spaces. False where all bytes that have come are read. */
export function skipSpaces(input: JsonBytes): boolean {
  while (input.at < input.end && isSpace(input.bytes[input.at])) skip(input, 1);
  return input.at < input.end;
}

/**
 * Passes over what may stand between documents: spaces, the separators of RFC 7464, and byte order marks, where files were
 * put together. False where all bytes that have come are read.
 */
export function skipSeparators(input: JsonBytes): boolean {
  for (;;) {
    const length = separatorAt(input);
    if (length === 0) return input.at < input.end && !isHalfMark(input);
    skip(input, length);
  }
}

function separatorAt({ bytes, at, end }: JsonBytes): number {
  const byte = bytes[at];
  if (at === end || byte === undefined) return 0;
  if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1e) return 1;
  return at + 3 <= end && mark.every((one, index) => bytes[at + index] === one) ? mark.length : 0;
}

/** A byte order mark in UTF-8. */
const mark = [0xef, 0xbb, 0xbf];

function isHalfMark({ bytes, at, end, isWhole }: JsonBytes): boolean {
  return !isWhole && bytes[at] === mark[0] && end - at < mark.length;
}

function skip(input: JsonBytes, length: number): void {
  const isLineEnd = input.bytes[input.at] === newLine;
  input.at += length;
  if (length > 1) input.surplus += length - 1;
  if (!isLineEnd) return;
  input.line += 1;
  input.lineStart = input.at;
  input.surplus = 0;
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];
const closeObject = 0x7d;
/** Brackets, commas and line ends. */
export const [openObject, openList, closeList, comma, newLine] = [0x7b, 0x5b, 0x5d, 0x2c, 0x0a];
