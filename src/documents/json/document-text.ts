/** A text of a file, and the line on which it starts. */
export interface PlacedText {
  readonly file: string;
  readonly text: string;
  readonly line: number;
}

/** `file:line:column` of an offset. */
export function placeIn({ text, line, file }: PlacedText, offset: number): string {
  return `${file}:${lineAndColumn(text, offset, line)}`;
}

/** `line:column` of an offset, in a text that starts on line `first`. */
export function lineAndColumn(text: string, offset: number, first = 1): string {
  const before = text.slice(0, offset).split('\n');
  return `${first + before.length - 1}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The offset at which `JSON.parse` failed. V8 puts it in most messages; without it, "Unexpected token" is found by bisection. */
export function errorOffset(error: unknown, text: string): number {
  const message = error instanceof Error ? error.message : '';
  const known = /position (\d+)/.exec(message)?.[1];
  if (known !== undefined) return Number(known);
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
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Unexpected token');
  }
}

/** A part of a text that begins like a JSON document. `offset` counts UTF-16 units, `line` from 1. */
export interface DocumentSlice {
  readonly text: string;
  readonly offset: number;
  readonly line: number;
}

/**
 * Slices a text into parts that may be JSON documents: each begins with a bracket and ends with its partner, or with the text.
 * Between them are line ends, spaces, byte order marks (files put together with `copy` or `cat`) and the separators of
 * RFC 7464. Anything else is the last slice, down to the end of the text.
 */
export function* sliceDocuments(text: string): Generator<DocumentSlice> {
  let line = 1;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === newLine) line += 1;
    if (isBetween(code)) {
      at += 1;
      continue;
    }
    const { end, lines } = endOfDocument(text, at);
    yield { text: text.slice(at, end), offset: at, line };
    at = end;
    line += lines;
  }
}

const [newLine, quote, backslash, colon] = [0x0a, 0x22, 0x5c, 0x3a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const [byteOrderMark, recordSeparator] = [0xfeff, 0x1e];

function isBetween(code: number): boolean {
  return (
    code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === byteOrderMark || code === recordSeparator
  );
}

interface End {
  readonly end: number;
  /** The number of line ends in the document. */
  readonly lines: number;
}

function endOfDocument(text: string, start: number): End {
  let [depth, lines] = [0, 0];
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === newLine) lines += 1;
    else if (code === quote) at = endOfString(text, at);
    else if (code === openList || code === openObject) depth += 1;
    else if (code === closeList || code === closeObject) depth -= 1;
    if (depth === 0) return code === closeList || code === closeObject ? { end: at + 1, lines } : rest(text);
  }
  return rest(text);
}

function rest(text: string): End {
  return { end: text.length, lines: 0 };
}

/** The closing quote of a string, or the end of the text. Strings of JSON hold no line ends. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at += 1;
  }
  return text.length;
}

/** An object of a text with more members than allowed; `offset` is that of its opening brace. */
interface WideObject {
  readonly offset: number;
}

/**
 * The first object of a JSON text that has more members than `most`. It is found in the text, before it is parsed: a
 * parser takes seconds and a gigabyte for millions of names. For other text than JSON the result means nothing.
 */
export function findWideObject(text: string, most: number): WideObject | undefined {
  const open: { readonly offset: number; members: number }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === openObject) open.push({ offset: at, members: 0 });
    else if (code === closeObject) open.pop();
    else if (code === colon) {
      const object = open.at(-1);
      if (object === undefined) continue;
      object.members += 1;
      if (object.members > most) return { offset: object.offset };
    }
  }
  return undefined;
}
