import type { Json, JsonPath } from '../model/json.ts';

/** A value as a message shows it: a scalar itself, truncated when long; of the rest only the kind. */
export function shown(value: Json | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…"` : text;
}

/** Names the value at a path: its key in quotes, or its place in a list. */
export function named(path: JsonPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (typeof last === 'string') return `"${last}"`;
  const list = path.findLast((step) => typeof step === 'string');
  return list === undefined ? `item ${last + 1}` : `item ${last + 1} of "${list}"`;
}

/** The words for a value of a JSON Schema type. */
export const kindWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

/** A type of JSON Schema in words; text for a list of the words that may stand there. */
export function kindInWords(type: string | readonly string[]): string {
  return kindWords[String(type)] ?? 'text';
}
