import { isJsonObject } from '../../../src/model/json.ts';
import type { OperatorCompiler, OperatorContext } from '../context.ts';
import { converterTo } from '../conversion.ts';
import { columnsOf, items, optionalPart, part, unsupported, type Syntax } from '../syntax.ts';
import type { Evaluate, Row, Rows, Value } from '../value.ts';
import { valueOf } from './project.ts';
import { countOf, refuseParameters } from './rows.ts';

const defaultRowLimit = 128;
const largestRowLimit = 400;

/**
 * `mv-expand`: a row for each element of an array or key of a bag, in parallel for several columns; one row with null
 * where there is neither, none where it is empty. Resource Graph makes 128 rows of one by default, and at most 400.
 */
export const compileMvExpand: OperatorCompiler = (node, context) => {
  refuseParameters(node);
  const cells = items(node, 'Expressions').map((expression) => cellOf(expression, node, context));
  const clause = optionalPart(node, 'RowLimitClause');
  const limit = clause === undefined ? defaultRowLimit : countOf(part(clause, 'RowLimit'), context.compile);
  if (limit > largestRowLimit) throw unsupported(node, `asks for more than ${largestRowLimit} rows`);
  return (rows) => expand(rows, cells, limit);
};

interface Cell {
  readonly name: string;
  readonly evaluate: Evaluate;
  readonly convert: (value: Value) => Value;
}

function cellOf(expression: Syntax, node: Syntax, context: OperatorContext): Cell {
  const inner = part(expression, 'Expression');
  const named = inner.kind === 'SimpleNamedExpression' ? part(inner, 'Name').name : columnName(inner);
  const column = columnsOf(node).find((one) => one.name === named);
  if (column === undefined) throw unsupported(expression, 'needs a name');
  return {
    name: column.name,
    evaluate: context.compile(valueOf(inner)),
    convert: converterTo(column.type) ?? ((value) => value),
  };
}

/** The name that Kusto gives to an expanded path: `properties.a.b` becomes `properties_a_b`. */
function columnName(node: Syntax): string | undefined {
  if (node.kind !== 'PathExpression') return node.name;
  return `${columnName(part(node, 'Expression'))}_${part(node, 'Selector').name}`;
}

function* expand(rows: Rows, cells: readonly Cell[], limit: number): Rows {
  for (const row of rows) {
    const columns = cells.map((cell) => elementsOf(cell.evaluate(row)));
    const height = Math.min(limit, Math.max(...columns.map((column) => column.length)));
    for (let index = 0; index < height; index++) {
      const expanded: [string, Value][] = cells.map((cell, at) => [
        cell.name,
        cell.convert(columns[at]?.[index] ?? null),
      ]);
      yield { ...row, ...Object.fromEntries(expanded) } satisfies Row;
    }
  }
}

function elementsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (isJsonObject(value)) return Object.entries(value).map(([key, member]) => ({ [key]: member ?? null }));
  return [value];
}
