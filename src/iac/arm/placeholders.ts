import { type Expression, opaque } from '../syntax/expression.ts';

/**
 * What tools fill in before a parameter file is used: azd's `${NAME}` and `${NAME=default}`
 * (https://learn.microsoft.com/azure/developer/azure-developer-cli/manage-environment-variables), and the tokens that
 * pipelines replace: `$(name)`, `#{name}#`, `{{name}}`, `__name__`.
 */
const placeholder = /(\$\{[^{}]*\}|\$\([^()]*\)|#\{[^{}]*\}#?|\{\{[^{}]*\}\}|__[A-Za-z][\w.]*?__)/;

/** The expression with placeholders as something unknown; azd's may be their default. */
export function withPlaceholders(expression: Expression): Expression {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? textWith(expression.value) : expression;
    case 'array':
      return { ...expression, items: expression.items.map(withPlaceholders) };
    case 'object': {
      const entries = expression.entries.map((entry) => ({ ...entry, value: withPlaceholders(entry.value) }));
      return { ...expression, entries };
    }
    default:
      return expression;
  }
}

function textWith(text: string): Expression {
  const pieces = text.split(placeholder);
  if (pieces.length === 1) return { kind: 'literal', value: text };
  const parts = pieces.map((piece, index): Expression =>
    index % 2 === 0 ? { kind: 'literal', value: piece } : filledIn(piece),
  );
  return { kind: 'template', parts };
}

function filledIn(piece: string): Expression {
  const standard = /^\$\{\w+=([^}]*)\}$/.exec(piece)?.[1];
  if (standard === undefined || standard === '') return opaque;
  return { kind: 'choice', options: [{ kind: 'literal', value: standard }, opaque] };
}
