import type { Problem } from '../../model/errors.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import type { Entry, Expression } from './expression.ts';

/** Reads a string of the document as an expression. */
type ReadText = (text: string) => Expression;

/**
 * Reads JSON as an expression that knows the offsets of its keys, as Azure reads it: with comments, commas too many and
 * line breaks in strings. `undefined`, and a problem, for text that is something else.
 */
export function readJson(
  source: SourceText,
  problems: Problem[],
  readText: ReadText = textLiteral,
): Expression | undefined {
  const reading: JsonReader = { text: source.text, at: 0, readText };
  try {
    if (!/[{[]/.test(nextCharacter(reading))) throw new NotJson('this is not JSON', reading.at);
    const value = readValue(reading, 0);
    if (nextCharacter(reading) !== '') throw new NotJson('more than one document stands here', reading.at);
    return value;
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    problems.push({ ...locator(source)(error.at), message: error.message });
    return undefined;
  }
}

interface JsonReader extends JsonText {
  readonly readText: ReadText;
}

/** Deeper nesting than this is not a template that people write. */
const deepest = 100;

function textLiteral(text: string): Expression {
  return { kind: 'literal', value: text };
}

function readValue(reading: JsonReader, depth: number): Expression {
  if (depth > deepest) throw new NotJson('brackets are nested too deep', reading.at);
  switch (nextCharacter(reading)) {
    case '{':
      return readObject(reading, depth);
    case '[':
      return { kind: 'array', items: readItems(reading, ']', () => readValue(reading, depth + 1)) };
    case '"':
      return reading.readText(readString(reading));
    default:
      return { kind: 'literal', value: readLiteral(reading) };
  }
}

function readObject(reading: JsonReader, depth: number): Expression {
  const { at } = reading;
  const entries = readItems(reading, '}', (): Entry => {
    const start = reading.at;
    if (nextCharacter(reading) !== '"') throw new NotJson('expected a key', reading.at);
    const key = readString(reading);
    if (nextCharacter(reading) !== ':') throw new NotJson('expected :', reading.at);
    reading.at += 1;
    return { key, at: start, value: readValue(reading, depth + 1) };
  });
  return { kind: 'object', entries, at };
}

/** Reads the items between brackets, separated by commas, with the text at the opening one. */
function readItems<T>(reading: JsonReader, closing: ']' | '}', readItem: () => T): readonly T[] {
  const items: T[] = [];
  reading.at += 1;
  while (nextCharacter(reading) !== closing) {
    items.push(readItem());
    const next = nextCharacter(reading);
    if (next === ',') reading.at += 1;
    else if (next !== closing) throw new NotJson(`expected , or ${closing}`, reading.at);
  }
  reading.at += 1;
  return items;
}

/** A text of JSON, and how far it has been read. */
interface JsonText {
  readonly text: string;
  at: number;
}

/** The place at which a text stops being JSON. It is caught where the file is read, never shown as a crash. */
class NotJson extends Error {
  override readonly name = 'NotJson';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const blanks = /(?:[\s\uFEFF]+|\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$))*/y;
const literal = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;

/** The next character after blanks and comments, which it steps over; `''` at the end. */
function nextCharacter(json: JsonText): string {
  blanks.lastIndex = json.at;
  blanks.test(json.text);
  json.at = blanks.lastIndex;
  return json.text.charAt(json.at);
}

/** Reads a string, with the text at its opening quote. Line breaks in it are kept: templates have them. */
function readString(json: JsonText): string {
  const { text, at } = json;
  let end = text.indexOf('"', at + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  if (end === -1) throw new NotJson('a string is not closed', at);
  json.at = end + 1;
  const inside = text.slice(at + 1, end);
  return inside.includes('\\') ? unescaped(inside, at) : inside;
}

/** Reads a number, `true`, `false` or `null`. */
function readLiteral(json: JsonText): number | boolean | null {
  literal.lastIndex = json.at;
  const word = literal.exec(json.text)?.[0];
  if (word === undefined) throw new NotJson('this is not JSON', json.at);
  json.at += word.length;
  const value: number | boolean | null = JSON.parse(word);
  return value;
}

/** An odd number of backslashes before a quote makes it part of the string. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote;
  while (text.charAt(before - 1) === '\\') before -= 1;
  return (quote - before) % 2 === 1;
}

function unescaped(inside: string, at: number): string {
  const characters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return inside.replaceAll(/\\(?:u([0-9A-Fa-f]{4})|([\s\S]))/g, (escape, code?: string, one?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (one === 'u') throw new NotJson(`${escape} begins no character`, at);
    return characters[one ?? ''] ?? one ?? '';
  });
}
