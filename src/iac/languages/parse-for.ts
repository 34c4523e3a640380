import { accept, type Cursor, expect, expectWord, sees, skipNewlines } from './cursor.ts';
import type { Expression, ForExpression } from './expression.ts';

/**
 * Parses `for` after its word, up to and with the closing bracket. Bicep writes `for (item, index) in list:`,
 * Terraform `for key, value in map :`; one name alone is the item in both. Conditions are skipped.
 */
export function parseFor(
  cursor: Cursor,
  parse: (cursor: Cursor) => Expression,
  closing: ']' | '}',
): ForExpression {
  skipNewlines(cursor);
  const names = parseNames(cursor);
  skipNewlines(cursor);
  expect(cursor, 'in');
  skipNewlines(cursor);
  const over = parse(cursor);
  skipNewlines(cursor);
  expect(cursor, ':');
  skipNewlines(cursor);
  parseCondition(cursor, parse);
  const first = parse(cursor);
  skipNewlines(cursor);
  const rest = parseRest(cursor, parse, closing);
  const value = rest ?? first;
  return { kind: 'for', ...names, over, value, ...(rest === undefined ? {} : { key: first }) };
}

function parseNames(cursor: Cursor): { readonly valueName: string; readonly keyName?: string } {
  const inParentheses = accept(cursor, '(');
  const first = expectWord(cursor);
  if (!accept(cursor, ',')) {
    if (inParentheses) expect(cursor, ')');
    return { valueName: first };
  }
  const second = expectWord(cursor);
  if (!inParentheses) return { keyName: first, valueName: second };
  expect(cursor, ')');
  return { keyName: second, valueName: first };
}

/** Bicep's `if (…)` before a value; `undefined` where there is none. */
export function parseCondition(
  cursor: Cursor,
  parse: (cursor: Cursor) => Expression,
): Expression | undefined {
  if (!sees(cursor, 'if') || !sees(cursor, '(', 1)) return undefined;
  cursor.index += 2;
  skipNewlines(cursor);
  const condition = parse(cursor);
  skipNewlines(cursor);
  expect(cursor, ')');
  skipNewlines(cursor);
  return condition;
}

/** The value after `=>`, Terraform's grouping dots and its condition. */
function parseRest(
  cursor: Cursor,
  parse: (cursor: Cursor) => Expression,
  closing: ']' | '}',
): Expression | undefined {
  let value: Expression | undefined;
  if (accept(cursor, '=>')) {
    skipNewlines(cursor);
    value = parse(cursor);
    skipNewlines(cursor);
  }
  accept(cursor, '...');
  skipNewlines(cursor);
  if (accept(cursor, 'if')) parse(cursor);
  skipNewlines(cursor);
  expect(cursor, closing);
  return value;
}
