import type { Locate } from './source-text.ts';
import type { Expression } from './syntax/expression.ts';

/** The expression with the places of the keys of every object in it. */
export function located(expression: Expression, locate: Locate): Expression {
  if (expression.kind === 'array')
    return { ...expression, items: expression.items.map((item) => located(item, locate)) };
  if (expression.kind !== 'object') return expression;
  const entries = expression.entries.map((entry) => ({ ...entry, value: located(entry.value, locate) }));
  return { ...expression, entries, locate };
}
