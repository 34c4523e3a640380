import { compileQuery } from '../../emulator/kql/query.ts';
import type { Row } from '../../emulator/kql/value.ts';
import { resourceGraphTables } from '../../emulator/resource-graph/tables.ts';

/** The time of `now()` in these tests. */
export const now = Date.parse('2026-03-01T12:00:00Z');

/** Runs a query over rows of `resources`. */
export function run(query: string, rows: readonly Row[]): readonly Row[] {
  return [...compileQuery(query, { tables: resourceGraphTables, rows: () => rows, now }).rows()];
}

/** An expression and what it is worth. */
export type Case = readonly [expression: string, value: unknown];

/** The values of the expressions of a table on one row; all in one query, for parsing is what takes time. */
export function evaluator(cases: readonly Case[], row: Row = {}): (expression: string) => unknown {
  let values: ReadonlyMap<string, unknown> | undefined;
  return (expression) => {
    const columns = cases.map(([text], index) => `v${index} = ${text}`);
    const result =
      values === undefined ? run(`resources | project ${columns.join(', ')}`, [row])[0] : undefined;
    values ??= new Map(cases.map(([text], index) => [text, result?.[`v${index}`]]));
    return values.get(expression);
  };
}
