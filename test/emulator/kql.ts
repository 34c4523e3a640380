import { compileQuery } from '../../emulator/kql/query.ts';
import type { Row } from '../../emulator/kql/value.ts';
import { resourceGraphTables } from '../../emulator/resource-graph/tables.ts';

/** The time of `now()` in these tests. */
export const now = Date.parse('2026-03-01T12:00:00Z');

/** Runs a query over rows of `resources`. */
export function run(query: string, rows: readonly Row[]): readonly Row[] {
  return [...compileQuery(query, { tables: resourceGraphTables, rows: () => rows, now }).rows()];
}

/** The value of a scalar expression on one row. */
export function evaluate(expression: string, row: Row = {}): unknown {
  return run(`resources | project value = ${expression}`, [row])[0]?.['value'];
}
