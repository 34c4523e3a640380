import type { JsonPath } from '../../model/json.ts';

/** A line, and a column in UTF-16 units, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset in a text. */
export function lineAndColumn(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
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

/** The closing quote of a string, or the end of the text. Strings of JSON hold no line ends. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at += 1;
  }
  return text.length;
}

const [quote, backslash, colon, openObject, closeObject] = [0x22, 0x5c, 0x3a, 0x7b, 0x7d];

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

/** The offset of the value at a path in a text that is JSON; that of its nearest ancestor where there is none. */
export function offsetOfPath(text: string, path: JsonPath): number {
  let at = skipSpaces(text, 0);
  for (const step of path) {
    const child = childAt(text, at, step);
    if (child === undefined) break;
    at = child;
  }
  return at;
}

/** The offset of a member or an element of the value at `from`; of a key that is there twice, the first. */
function childAt(text: string, from: number, step: string | number): number | undefined {
  const isObject = text[from] === '{';
  if (!isObject && text[from] !== '[') return undefined;
  let at = skipSpaces(text, from + 1);
  for (let index = 0; text[at] !== '}' && text[at] !== ']' && at < text.length; index += 1) {
    let key: unknown = index;
    if (isObject) {
      const end = endOfString(text, at) + 1;
      key = JSON.parse(text.slice(at, end));
      at = skipSpaces(text, text.indexOf(':', end) + 1);
    }
    if (key === step) return at;
    at = skipSpaces(text, endOfValue(text, at));
    if (text[at] === ',') at = skipSpaces(text, at + 1);
  }
  return undefined;
}

const spaces = /\s*/y;
const scalar = /[^\s,\]}]*/y;

function skipSpaces(text: string, from: number): number {
  spaces.lastIndex = from;
  spaces.test(text);
  return spaces.lastIndex;
}

/** The index after the value at `from`. */
function endOfValue(text: string, from: number): number {
  if (text[from] === '"') return endOfString(text, from) + 1;
  if (text[from] !== '{' && text[from] !== '[') {
    scalar.lastIndex = from;
    scalar.test(text);
    return scalar.lastIndex;
  }
  let depth = 0;
  for (let at = from; at < text.length;) {
    const char = text[at];
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    at = char === '"' ? endOfString(text, at) + 1 : at + 1;
    if (depth === 0) return at;
  }
  return text.length;
}
