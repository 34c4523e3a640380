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

const [newLine, quote, backslash] = [0x0a, 0x22, 0x5c];
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
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at += 1;
  }
  return text.length;
}
