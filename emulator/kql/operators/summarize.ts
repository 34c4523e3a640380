import { aggregates } from '../aggregates.ts';
import type { Accumulator, OperatorCompiler, OperatorContext } from '../context.ts';
import { KqlError } from '../error.ts';
import { columnsOf, items, nameOf, optionalPart, part, unsupported, type Syntax } from '../syntax.ts';
import type { Evaluate, Row, Rows, Value } from '../value.ts';
import { valueOf } from './project.ts';
import { refuseParameters } from './rows.ts';

/** `summarize … by …`: first the columns of `by`, then the aggregates. Without `by` there is always one row. */
export const compileSummarize: OperatorCompiler = (node, context) => {
  refuseParameters(node);
  const by = optionalPart(node, 'ByClause');
  const groups = (by === undefined ? [] : items(by, 'Expressions')).map((key) =>
    context.compile(valueOf(key)),
  );
  const makers = items(node, 'Aggregates').map((aggregate) => makerOf(valueOf(aggregate), context));
  const names = columnsOf(node).map((column) => column.name);
  if (names.length !== groups.length + makers.length) throw unsupported(node);
  return (rows) => summarize(rows, { groups, makers, names });
};

interface Plan {
  readonly groups: readonly Evaluate[];
  readonly makers: readonly (() => Accumulator)[];
  readonly names: readonly string[];
}

function makerOf(node: Syntax, context: OperatorContext): () => Accumulator {
  if (node.kind !== 'FunctionCallExpression') throw unsupported(node, 'is not an aggregate');
  const name = nameOf(part(node, 'Name'));
  const compile = Object.hasOwn(aggregates, name) ? aggregates[name] : undefined;
  if (compile === undefined) throw new KqlError('UnknownFunction', `Unknown function: '${name}'.`);
  const args = items(part(node, 'ArgumentList'), 'Expressions');
  return compile(args.map((arg) => ({ node: arg, type: arg.type ?? '', evaluate: context.compile(arg) })));
}

function summarize(rows: Rows, plan: Plan): readonly Row[] {
  const groups = new Map<
    string,
    { readonly keys: readonly Value[]; readonly totals: readonly Accumulator[] }
  >();
  const start = (keys: readonly Value[]) => ({ keys, totals: plan.makers.map((make) => make()) });
  for (const row of rows) {
    const keys = plan.groups.map((key) => key(row));
    const id = JSON.stringify(keys);
    const group = groups.get(id) ?? start(keys);
    groups.set(id, group);
    for (const total of group.totals) total.add(row);
  }
  if (groups.size === 0 && plan.groups.length === 0) groups.set('', start([]));
  return Array.from(groups.values(), ({ keys, totals }) => {
    const values = [...keys, ...totals.map((total) => total.result())];
    return Object.fromEntries(plan.names.map((name, index) => [name, values[index] ?? null]));
  });
}
