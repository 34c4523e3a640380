import { isUtf8 } from 'node:buffer';
import { type Json, parseJson } from '../../model/json.ts';

/** Parses JSON, or the first of several lines of JSON. `undefined` for anything else. */
export function tryParseFirst(bytes: Uint8Array): Json | undefined {
  const end = bytes.indexOf(0x0a);
  return tryParseJson(bytes) ?? (end === -1 ? undefined : tryParseJson(bytes.subarray(0, end)));
}

/** Parses JSON, as text or as its bytes in UTF-8. `undefined` for anything else. */
export function tryParseJson(source: string | Uint8Array): Json | undefined {
  try {
    return parseJson(
      typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source),
    );
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A text in UTF-8, and what it says; `undefined` where it is not JSON. */
function tryReadJson(bytes: Uint8Array): ReadJson | undefined {
  try {
    const text = utf8.decode(bytes);
    return { text, value: parseJson(text) };
  } catch {
    return undefined;
  }
}

/** A text, and what it says. */
interface ReadJson {
  readonly text: string;
  readonly value: Json;
}

/** A document that is cut at a list of it; elements are named by their index. */
export interface SplitDocument {
  /** The document with null for all elements of the list: `{…, "findings": [null]…}`. */
  readonly frame: ReadJson;
  /** The offset of that null in the text: a list of that name may be anywhere in a document. */
  readonly cut: number;
  /** The line of the document that a line of the frame is. */
  readonly lineOf: (line: number) => number;
  /** The number of elements. */
  readonly length: number;
  /** A view of the bytes of elements that follow each other, with the commas between them: from one on, up to another. */
  readonly bytesOf: (from: number, to?: number) => Buffer;
  /** The value of the last member of that name in an element, where it is a text of so many plain ASCII characters. */
  readonly plainText: (element: number, member: MemberText) => string | undefined;
  /** The line of the document that a line of an element is. */
  readonly lineIn: (element: number, line: number) => number;
}

/** A member of the elements of a split document that is a text of a known length. */
export interface MemberText {
  /** The key, with what is before and behind it. */
  readonly opening: Uint8Array;
  readonly length: number;
}

/** Prepares the search for a member of elements. */
export function memberText(key: string, length: number): MemberText {
  return { opening: Buffer.from(`\n      ${JSON.stringify(key)}: "`), length };
}

/**
 * Cuts a document that is laid out as our own are, with two spaces for each level, at a list of objects on its first level.
 * `undefined` for any other document, and for what is not UTF-8. It is found without parsing, since no string of JSON holds a
 * line end: where the frame and each element are JSON, they say together what the document says. An element that is not tells
 * that the layout is another one.
 */
export function splitAtList(document: Uint8Array, key: string): SplitDocument | undefined {
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.byteLength);
  const opening = `\n  ${JSON.stringify(key)}: [`;
  const start = bytes.indexOf(`${opening}${elementStart}`);
  if (start === -1 || !isUtf8(bytes)) return undefined;
  const from = start + opening.length;
  const ends = endsOfElements(bytes, from);
  const to = ends.at(-1) ?? from;
  const frame = tryReadJson(
    Buffer.concat([bytes.subarray(0, from), Buffer.from('null'), bytes.subarray(to)]),
  );
  if (frame === undefined || !isAt(bytes, to, listEnd)) return undefined;
  const startOf = (element: number): number => (element === 0 ? from : (ends[element - 1] ?? to) + 1);
  const endOf = (element: number): number => ends[element] ?? to;
  return {
    frame,
    cut: utf8.decode(bytes.subarray(0, from)).length,
    lineOf: (line) => {
      const head = countLines(bytes, 0, from) + 1;
      return line <= head ? line : line + countLines(bytes, from, to);
    },
    length: ends.length,
    bytesOf: (first, behind = first + 1) => bytes.subarray(startOf(first), endOf(behind - 1)),
    plainText: (element, { opening: before, length }) => {
      // Backwards: what identifies a thing stands at the end of ours, and of a repeated key the last value counts.
      const last = endOf(element) - elementEnd.length - 1 - length - before.length;
      const found = isAt(bytes, last, before)
        ? last
        : bytes.lastIndexOf(before, endOf(element) - before.length);
      if (found < startOf(element)) return undefined;
      const begin = found + before.length;
      return bytes[begin + length] === quote ? bytes.toString('latin1', begin, begin + length) : undefined;
    },
    lineIn: (element, line) => countLines(bytes, 0, startOf(element)) + line,
  };
}

const elementStart = '\n    {\n';
const [elementEnd, listEnd] = [Buffer.from('\n    }'), Buffer.from('\n  ]')];

/** The offset behind each element. One that does not end as elements do goes on to the end of a later one, and is no JSON by itself. */
function endsOfElements(bytes: Buffer, start: number): readonly number[] {
  const ends: number[] = [];
  for (let from = start; ;) {
    const close = bytes.indexOf(elementEnd, from);
    if (close === -1) return ends;
    const behind = close + elementEnd.length;
    ends.push(behind);
    if (bytes[behind] !== comma) return ends;
    from = behind + 1;
  }
}

function isAt(bytes: Uint8Array, offset: number, wanted: Uint8Array): boolean {
  for (let at = 0; at < wanted.length; at += 1) if (bytes[offset + at] !== wanted[at]) return false;
  return true;
}

const [comma, quote] = [0x2c, 0x22];

function countLines(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = bytes.indexOf('\n', from); at !== -1 && at < to; at = bytes.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
