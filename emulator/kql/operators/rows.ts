import type { OperatorCompiler } from '../context.ts';
import { items, part, unsupported, type Syntax } from '../syntax.ts';
import type { Evaluate, Rows } from '../value.ts';

/** `where`: a null counts as false. */
export const compileWhere: OperatorCompiler = (node, context) => {
  const condition = part(node, 'Condition');
  if (condition.type !== 'bool') throw unsupported(condition, 'is not a bool: use tobool()');
  const holds = context.compile(condition);
  return (rows) => filter(rows, holds);
};

/** `take` and `limit`. */
export const compileTake: OperatorCompiler = (node, context) => {
  const count = countOf(part(node, 'Expression'), context.compile);
  return (rows) => first(rows, count);
};

/** `count`: one row with the column `Count`. */
export const compileCount: OperatorCompiler = () => (rows) => {
  let count = 0;
  for (const _ of rows) count++;
  return [{ Count: count }];
};

/** How many rows an operator is told to keep. */
export function countOf(node: Syntax, compile: (node: Syntax) => Evaluate): number {
  const count = compile(node)({});
  if (typeof count !== 'number' || count < 0) throw unsupported(node, 'is not a number of rows');
  return count;
}

function* first(rows: Rows, count: number): Rows {
  let left = count;
  if (left <= 0) return;
  for (const row of rows) {
    yield row;
    left -= 1;
    if (left <= 0) return;
  }
}

/** Refuses parameters and hints (`kind=`, `hint.…=`) but those named. */
export function refuseParameters(node: Syntax, known: readonly string[] = []): void {
  for (const parameter of items(node, 'Parameters')) {
    if (!known.includes(part(parameter, 'Name').name ?? '')) throw unsupported(parameter);
  }
}

function* filter(rows: Rows, holds: Evaluate): Rows {
  for (const row of rows) if (holds(row) === true) yield row;
}
