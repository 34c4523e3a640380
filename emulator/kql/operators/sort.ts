import type { OperatorCompiler, OperatorContext } from '../context.ts';
import { items, optionalPart, part, type Syntax } from '../syntax.ts';
import type { Evaluate, Row, Rows, Value } from '../value.ts';
import { countOf, refuseParameters } from './rows.ts';

/** `sort by` and `order by`: descending by default, strings by code unit, equal rows in their order. */
export const compileSort: OperatorCompiler = (node, context) => {
  refuseParameters(node);
  const keys = items(node, 'Expressions').map((expression) => keyOf(expression, context));
  return (rows) => sorted(rows, keys);
};

/** `top`: sorts and takes. */
export const compileTop: OperatorCompiler = (node, context) => {
  refuseParameters(node);
  const key = keyOf(part(node, 'ByExpression'), context);
  const count = countOf(part(node, 'Expression'), context.compile);
  return (rows) => sorted(rows, [key]).slice(0, count);
};

interface Key {
  readonly evaluate: Evaluate;
  readonly direction: 1 | -1;
  readonly nulls: 1 | -1;
}

function keyOf(expression: Syntax, context: OperatorContext): Key {
  const ordering = expression.kind === 'OrderedExpression' ? part(expression, 'Ordering') : undefined;
  const value = expression.kind === 'OrderedExpression' ? part(expression, 'Expression') : expression;
  const ascending = ordering?.children.some((child) => child.kind === 'AscKeyword') ?? false;
  const nulls = ordering === undefined ? undefined : optionalPart(ordering, 'NullsClause');
  const nullsFirst = nulls === undefined ? ascending : /first$/i.test(nulls.text);
  return { evaluate: context.compile(value), direction: ascending ? 1 : -1, nulls: nullsFirst ? -1 : 1 };
}

function sorted(rows: Rows, keys: readonly Key[]): readonly Row[] {
  const decorated = Array.from(rows, (row) => ({ row, values: keys.map((key) => key.evaluate(row)) }));
  decorated.sort((a, b) => {
    for (const [index, key] of keys.entries()) {
      const sign = compare(a.values[index] ?? null, b.values[index] ?? null, key);
      if (sign !== 0) return sign;
    }
    return 0;
  });
  return decorated.map(({ row }) => row);
}

function compare(a: Value, b: Value, key: Key): number {
  if (a === b) return 0;
  if (a === null) return key.nulls;
  if (b === null) return -key.nulls;
  return a < b ? -key.direction : key.direction;
}
