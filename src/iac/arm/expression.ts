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
  if (parsed !== undefined && peek(cursor).kind === 'end') return parsed;
  return isClosed(text) ? opaque : unclosed;
}

/** An expression with a bracket or a quote that is not closed: Azure refuses the template. */
export const unclosed: Expression = { kind: 'opaque', parts: [] };

/** True where each bracket outside of quotes has its partner. */
function isClosed(text: string): boolean {
  const outside = text.replace(/'(?:[^']|'')*'/g, '');
  if (outside.includes("'")) return false;
  const open: string[] = [];
  for (const [bracket] of outside.matchAll(/[()[\]]/g)) {
    if (bracket === '(' || bracket === '[') open.push(bracket);
    else if (open.pop() !== (bracket === ')' ? '(' : '[')) return false;
  }
  return open.length === 0;
}
