import type { Actual } from '../../model/rule.ts';
import type { Json } from '../../model/json.ts';

/** Schema of a value that Azure Policy compares: it has no equality over objects or arrays. */
export const scalarSchema = { type: ['string', 'number', 'boolean'] } as const;

/**
 * The form in which Azure Policy compares scalars: letter case is ignored, and `"true"` equals `true`.
 * `undefined` for what is missing, or is an object or an array: it equals nothing.
 */
export function comparable(value: Actual): string | undefined {
  if (typeof value === 'string') return value.toLowerCase();
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  return undefined;
}

/** A value as words in a sentence: text bare, lists joined by commas. */
export function inWords(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  return JSON.stringify(value);
}

/**
 * The looks of a regular expression, as one: such text would be compared sign by sign, and match nothing.
 * `further` are signs that have no place in the values of an operator.
 */
export function regularExpression(...further: readonly string[]): string {
  const signs = ['\\[\\^?\\w-\\w[^\\]]*\\]', '\\([^()|]*\\|[^()]*\\)', '\\{\\d+(?:,\\d*)?\\}', ...further];
  return ['^\\^', ...signs].join('|');
}
