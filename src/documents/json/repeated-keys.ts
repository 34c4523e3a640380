import { isJsonObject, type Json } from '../../model/json.ts';

/** A key that its object has already, and the offset of the repetition, in UTF-16 units from the beginning of the text. */
export interface RepeatedKey {
  readonly key: string;
  readonly offset: number;
}

/**
 * The keys that an object of the text holds more than once: a parser silently keeps the last of them. `value` is
 * what `text`, which must be JSON, was parsed to. It has as many keys as the text unless one is repeated: counting both
 * takes a fraction of the time of parsing, and only then are the keys compared.
 */
export function repeatedKeys(text: string, value: Json): readonly RepeatedKey[] {
  const { keys } = countKeys(value);
  return keys === mostKeys(text) || keys === writtenKeys(text) ? [] : findRepeated(text);
}

const perhapsKey = /"\s*:/g;

/** As many keys as the text holds, or more: a colon can follow a quote inside of a string, too. */
function mostKeys(text: string): number {
  let most = 0;
  for (perhapsKey.lastIndex = 0; perhapsKey.test(text);) most += 1;
  return most;
}

function writtenKeys(text: string): number {
  let written = 0;
  for (let at = text.indexOf('"'); at !== -1;) {
    const end = endOfString(text, at);
    if (isKey(text, end)) written += 1;
    at = text.indexOf('"', end);
  }
  return written;
}

/** The index after the string that begins at a quote. */
function endOfString(text: string, start: number): number {
  for (let at = start; ;) {
    at = text.indexOf('"', at + 1);
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

/** True when a string that ends here is a key: a colon follows. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) <= space) at += 1;
  return text.charCodeAt(at) === colon;
}

const [backslash, space, colon] = [0x5c, 0x20, 0x3a];

/** The numbers of keys in a parsed value: those of all objects together, and those of the largest one. */
export function countKeys(value: Json): { readonly keys: number; readonly widest: number } {
  let [keys, widest] = [0, 0];
  // Without recursion, since values may be nested deeper than the stack is.
  const left: Json[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (Array.isArray(next)) for (const part of next) addNested(part, left);
    if (!isJsonObject(next)) continue;
    let own = 0;
    // What was parsed inherits nothing that is enumerable, and no list of its keys has to be made.
    for (const key in next) {
      own += 1;
      addNested(next[key], left);
    }
    keys += own;
    widest = Math.max(widest, own);
  }
  return { keys, widest };
}

function addNested(part: Json | undefined, left: Json[]): void {
  if (typeof part === 'object' && part !== null) left.push(part);
}

function findRepeated(text: string): readonly RepeatedKey[] {
  const found: RepeatedKey[] = [];
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length;) {
    const char = text[at];
    const end = char === '"' ? endOfString(text, at) : at + 1;
    if (char === '{') open.push(new Set());
    else if (char === '}') open.pop();
    else if (char === '"' && isKey(text, end)) {
      const key: string = JSON.parse(text.slice(at, end));
      const keys = open.at(-1);
      if (keys?.has(key) === true) found.push({ key, offset: at });
      keys?.add(key);
    }
    at = end;
  }
  return found;
}
