import type { Problem } from '../../model/errors.ts';
import { locator, type SourceText } from '../source-text.ts';
import type { Entry, Expression } from '../syntax/expression.ts';
import { type JsonText, nextCharacter, NotJson, readLiteral, readString } from './json-text.ts';

/** What a string of the document means. */
export type ReadText = (text: string) => Expression;

/**
 * Reads JSON as an expression that knows the offsets of its keys, as Azure reads it: with comments, commas too many and
 * line breaks in strings. `undefined`, and a problem, for text that is something else.
 */
export function readJson(
  source: SourceText,
  problems: Problem[],
  readText: ReadText = textLiteral,
): Expression | undefined {
  const reading: Reading = { text: source.text, at: 0, readText };
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

interface Reading extends JsonText {
  readonly readText: ReadText;
}

/** Deeper nesting than this is no template that anybody wrote. */
const deepest = 100;

function textLiteral(text: string): Expression {
  return { kind: 'literal', value: text };
}

function readValue(reading: Reading, depth: number): Expression {
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

function readObject(reading: Reading, depth: number): Expression {
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

/** What stands between brackets, separated by commas, with the text at the opening one. */
function readItems<T>(reading: Reading, closing: ']' | '}', readItem: () => T): readonly T[] {
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
