import { type Evidence, valueOrWords } from '../../model/evidence.ts';
import type { Json } from '../../model/json.ts';

/** Longer values are truncated for readers, with the number of characters that are missing; the JSON report has all. */
const maxValueLength = 160;

/** One fact: `enableSoftDelete is false, expected true`. */
export function evidenceWords({ field, expected, actual }: Evidence): string {
  const words = valueWords(valueOrWords(actual));
  const found = actual.kind === 'unreadable' ? words : `is ${words}`;
  return `${shortField(field)} ${found}, expected ${valueWords(expected)}`;
}

/** Strings as they are, since verdicts carry words (`unset`, `at least 90`); everything else as JSON. */
export function valueWords(value: Json): string {
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  if (text.length <= maxValueLength) return text;
  const shown = text.slice(0, maxValueLength).replace(/[\uD800-\uDBFF]$/, '');
  return `${shown}… (${text.length - shown.length} more characters)`;
}

/** A path without the `properties.` that nearly all of them start with. */
export function shortField(path: string): string {
  return path.replace(/\bproperties\./, '');
}
