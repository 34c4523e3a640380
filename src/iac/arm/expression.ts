import { peek } from '../languages/cursor.ts';
import { armExpression } from '../languages/dialect.ts';
import { type Expression, opaque } from '../languages/expression.ts';
import { parseExpression } from '../languages/parse-expression.ts';
import { attempt, expressionCursor } from '../languages/statements.ts';

/** Reads a string of an ARM template: `[…]` is an expression, `[[…` an escaped bracket, the rest text. */
export function readArmText(text: string): Expression {
  if (!text.startsWith('[') || !text.endsWith(']')) return { kind: 'literal', value: text };
  if (text.startsWith('[[')) return { kind: 'literal', value: text.slice(1) };
  const cursor = expressionCursor(text.slice(1, -1), armExpression);
  const parsed = attempt(
    () => parseExpression(cursor),
    () => undefined,
  );
  return parsed === undefined || peek(cursor).kind !== 'end' ? opaque : parsed;
}
