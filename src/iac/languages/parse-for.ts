import { optional } from '../optional.ts';
import { accept, type Cursor, expect, expectWord, sees, skipNewlines } from './cursor.ts';
import type { Expression, ForExpression } from './expression.ts';

/**
 * Parses `for` after its word, up to and with the closing bracket. Bicep writes `for (item, index) in list:`,
 * Terraform `for key, value in map :`; one name alone is the item in both.
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
  const before = parseCondition(cursor, parse);
  const first = parse(cursor);
  skipNewlines(cursor);
  const { value, condition = before } = parseRest(cursor, parse, closing);
  const filter = optional('condition', condition);
  if (value === undefined) return { kind: 'for', ...names, over, value: first, ...filter };
  return { kind: 'for', ...names, over, key: first, value, ...filter };
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

/** Parses the value after `=>`, Terraform's grouping dots and its condition. */
function parseRest(
  cursor: Cursor,
  parse: (cursor: Cursor) => Expression,
  closing: ']' | '}',
): { readonly value?: Expression; readonly condition?: Expression } {
  let value: Expression | undefined;
  if (accept(cursor, '=>')) {
    skipNewlines(cursor);
    value = parse(cursor);
    skipNewlines(cursor);
  }
  accept(cursor, '...');
  skipNewlines(cursor);
  const condition = accept(cursor, 'if') ? parse(cursor) : undefined;
  skipNewlines(cursor);
  expect(cursor, closing);
  return { ...optional('value', value), ...optional('condition', condition) };
}
