import type { OperatorCompiler } from '../context.ts';
import { columnsOf } from '../syntax.ts';
import type { Evaluate, Row, Rows } from '../value.ts';
import { columnReader } from './project.ts';
import { refuseParameters } from './rows.ts';

/** `distinct`: the binder expands `*`. */
export const compileDistinct: OperatorCompiler = (node, context) => {
  refuseParameters(node);
  const cells = columnsOf(node).map(({ name }) => [name, columnReader(name, context)] as const);
  return (rows) => distinct(rows, cells);
};

function* distinct(rows: Rows, cells: readonly (readonly [string, Evaluate])[]): Rows {
  const seen = new Set<string>();
  for (const row of rows) {
    const values: Row = Object.fromEntries(cells.map(([name, read]) => [name, read(row)]));
    const key = JSON.stringify(values);
    if (seen.has(key)) continue;
    seen.add(key);
    yield values;
  }
}
