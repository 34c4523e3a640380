import type { OperatorCompiler, Table } from '../context.ts';
import { columnsOf, items, unsupported, type Column, type Syntax } from '../syntax.ts';
import type { Rows } from '../value.ts';
import { refuseParameters } from './rows.ts';

/** `union`: the rows of the input, then of the tables. Columns are matched by name; the same name must be one type. */
export const compileUnion: OperatorCompiler = (node, context) => {
  refuseParameters(node);
  const tables = items(node, 'Expressions').map((table) => context.table(table));
  for (const columns of [context.input, ...tables.map((table) => table.columns)]) requireSame(columns, node);
  return (rows) => chain(rows, tables);
};

function requireSame(columns: readonly Column[], node: Syntax): void {
  const result = columnsOf(node);
  for (const column of columns) {
    if (!result.some((one) => one.name === column.name && one.type === column.type)) {
      throw unsupported(node, `unites columns '${column.name}' of different types`);
    }
  }
}

function* chain(rows: Rows, tables: readonly Table[]): Rows {
  yield* rows;
  for (const table of tables) yield* table.rows();
}
