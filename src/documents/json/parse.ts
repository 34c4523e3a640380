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
export function tryReadJson(bytes: Uint8Array): { readonly text: string; readonly value: Json } | undefined {
  try {
    const text = utf8.decode(bytes);
    return { text, value: parseJson(text) };
  } catch {
    return undefined;
  }
}

/** A document that is cut at a list of it. */
export interface SplitDocument {
  /** The document with null for all elements of the list: `{…, "findings": [null]…}`. */
  readonly frame: Uint8Array;
  /** The line of the document that a line of the frame is. */
  readonly lineOf: (line: number) => number;
  /** The elements in their order. */
  readonly elements: Iterable<ListElement>;
  /** A view of the bytes of an element. */
  readonly bytesOf: (element: ListElement) => Uint8Array;
  /** The bytes of elements that follow each other, as a list of their own. */
  readonly listOf: (elements: ListElement) => Uint8Array;
  /** The value of the last member of that name in an element, where it is a text of so many plain ASCII characters. */
  readonly plainText: (element: ListElement, key: string, length: number) => string | undefined;
  /** The line of the document that a line of an element is. */
  readonly lineIn: (element: ListElement, line: number) => number;
}

/** An element of a list by the offsets of its text: of the first byte, and of that behind the last one. */
interface ListElement {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a document that is laid out as our own are, with two spaces for each level, at a list of objects on its first level.
 * `undefined` for any other document. It is found without parsing, since no string of JSON holds a line end: where the frame and
 * each element are JSON, they say together what the document says. An element that is not tells that the layout is another one.
 */
export function splitAtList(document: Uint8Array, key: string): SplitDocument | undefined {
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.byteLength);
  const opening = `\n  ${JSON.stringify(key)}: [`;
  const start = bytes.indexOf(`${opening}${elementStart}`);
  if (start === -1) return undefined;
  const from = start + opening.length;
  const to = bytes.indexOf('\n  ]', from);
  if (to === -1) return undefined;
  return {
    frame: Buffer.concat([bytes.subarray(0, from), Buffer.from('null'), bytes.subarray(to)]),
    lineOf: (line) => {
      const head = countLines(bytes, 0, from) + 1;
      return line <= head ? line : line + countLines(bytes, from, to);
    },
    elements: { [Symbol.iterator]: () => elementsBetween(bytes, from, to) },
    bytesOf: (element) => bytes.subarray(element.from, element.to),
    listOf: (element) => Buffer.concat([open, bytes.subarray(element.from, element.to), close]),
    plainText: (element, member, length) => {
      const before = `\n      ${JSON.stringify(member)}: "`;
      // Backwards: what identifies a thing stands at the end of ours, and of a repeated key the last value counts.
      const found = bytes.lastIndexOf(before, element.to - before.length);
      if (found < element.from) return undefined;
      const begin = found + before.length;
      return bytes[begin + length] === quote ? bytes.toString('latin1', begin, begin + length) : undefined;
    },
    lineIn: (element, line) => countLines(bytes, 0, element.from) + line,
  };
}

const elementStart = '\n    {\n';
const elementEnd = '\n    }';

function* elementsBetween(bytes: Buffer, start: number, end: number): Generator<ListElement> {
  for (let from = start; from < end;) {
    const close = bytes.indexOf(elementEnd, from);
    // What does not end as elements do is passed on whole, and is no JSON by itself.
    const to = close === -1 || close > end ? end : close + elementEnd.length;
    yield { from, to };
    if (to === end) return;
    // No comma, or nothing behind it: from the closing brace on it is no JSON, and must not pass for it.
    if (bytes[to] !== comma || to + 1 === end) return yield { from: to - 1, to: end };
    from = to + 1;
  }
}

const [comma, quote] = [0x2c, 0x22];
const [open, close] = [Buffer.from('['), Buffer.from(']')];

function countLines(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = bytes.indexOf('\n', from); at !== -1 && at < to; at = bytes.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
