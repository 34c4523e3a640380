import type { Json } from '../../src/model/json.ts';

/**
 * A Kusto value at run time: `null` is the null of every type but `string`, which has none. Datetimes are
 * milliseconds since 1970 and timespans milliseconds, told apart from numbers by the bound type.
 */
export type Value = Json;

/** A row; a column that is absent is null, or empty when it is a string. */
export type Row = Readonly<Record<string, Value | undefined>>;

/** A compiled scalar expression. */
export type Evaluate = (row: Row) => Value;

/** An operator's or a query's rows, produced as they are asked for. */
export type Rows = Iterable<Row>;

/** Folds case as Kusto's case-insensitive operators do: ASCII letters only. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length && isAscii(text)
    ? lower
    : text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}
