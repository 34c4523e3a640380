import type { OperatorCompiler, OperatorContext } from '../context.ts';
import { columnsOf, items, nameOf, part, unsupported, type Syntax } from '../syntax.ts';
import type { Evaluate, Row, Rows, Value } from '../value.ts';

/** `project`: the binder names the columns, one an expression. */
export const compileProject: OperatorCompiler = (node, context) => {
  const expressions = items(node, 'Expressions');
  const columns = columnsOf(node);
  if (expressions.length !== columns.length) throw unsupported(node);
  const cells = expressions.map((expression, index): Cell => {
    return [columns[index]?.name ?? '', context.compile(valueOf(expression))];
  });
  return (rows) =>
    map(rows, (row) => Object.fromEntries(cells.map(([name, evaluate]) => [name, evaluate(row)])));
};

/** `extend`: later expressions do not see the columns of earlier ones. */
export const compileExtend: OperatorCompiler = (node, context) => {
  const cells = items(node, 'Expressions').map((expression): Cell => {
    if (expression.kind !== 'SimpleNamedExpression') throw unsupported(expression, 'needs a name in extend');
    return [nameOf(part(expression, 'Name')), context.compile(valueOf(expression))];
  });
  return (rows) =>
    map(rows, (row) => ({
      ...row,
      ...Object.fromEntries(cells.map(([name, evaluate]) => [name, evaluate(row)])),
    }));
};

/** `project-away` and `project-keep`: the binder says which columns stay. */
export const compileProjectAway: OperatorCompiler = (node, context) => {
  const kept = columnsOf(node).map((column): Cell => [column.name, columnReader(column.name, context)]);
  return (rows) => map(rows, (row) => Object.fromEntries(kept.map(([name, read]) => [name, read(row)])));
};

/** `project-rename`: the order of the columns stays, so old and new names pair up. */
export const compileProjectRename: OperatorCompiler = (node, context) => {
  const columns = columnsOf(node);
  const cells = context.input.map((column, index): Cell => {
    return [columns[index]?.name ?? column.name, columnReader(column.name, context)];
  });
  return (rows) => map(rows, (row) => Object.fromEntries(cells.map(([name, read]) => [name, read(row)])));
};

/** The expression behind `name = expression`, or the expression itself. */
export function valueOf(expression: Syntax): Syntax {
  return expression.kind === 'SimpleNamedExpression' ? part(expression, 'Expression') : expression;
}

/** Reads a column of the input by name. */
export function columnReader(name: string, context: OperatorContext): Evaluate {
  const column = context.input.find((one) => one.name === name);
  const missing: Value = column?.type === 'string' ? '' : null;
  return (row) => row[name] ?? missing;
}

type Cell = readonly [name: string, evaluate: Evaluate];

function* map(rows: Rows, change: (row: Row) => Row): Rows {
  for (const row of rows) yield change(row);
}
