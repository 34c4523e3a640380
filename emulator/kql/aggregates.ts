import { argumentAt } from './argument.ts';
import type { Accumulator, AggregateCompiler, Argument } from './context.ts';
import { toDynamic } from './conversion.ts';
import { literalOf } from './literal.ts';
import { unsupported } from './syntax.ts';
import type { Value } from './value.ts';

/** The aggregates, by name. All but `count` ignore nulls. */
export const aggregates: Readonly<Record<string, AggregateCompiler>> = {
  count: () => () => tally(() => true),
  countif: (args) => {
    const { evaluate } = argumentAt(args, 0);
    return () => tally((row) => evaluate(row) === true);
  },
  dcount: (args) => collector(args, true, (values) => values.length),
  make_set: (args) => collector(args, true, (values) => values),
  make_list: (args) => collector(args, false, (values) => values),
  sum: (args) => folded(args, (total, value) => Number(total ?? 0) + Number(value), 0),
  min: (args) => folded(args, (best, value) => (best === null || value < best ? value : best), null),
  max: (args) => folded(args, (best, value) => (best === null || value > best ? value : best), null),
  avg: (args) => collector(args, false, average),
  any: takeAny,
  take_any: takeAny,
};

function tally(counts: (row: Parameters<Accumulator['add']>[0]) => boolean): Accumulator {
  let count = 0;
  return {
    add: (row) => {
      if (counts(row)) count += 1;
    },
    result: () => count,
  };
}

/** Keeps the values that are not null, distinct ones only if asked, up to the `maxSize` of the call. */
function collector(
  args: readonly Argument[],
  unique: boolean,
  finish: (values: readonly Value[]) => Value,
): () => Accumulator {
  const { evaluate, type } = argumentAt(args, 0);
  const limit = limitOf(args[1]);
  return () => {
    const values = new Map<string | number, Value>();
    return {
      add: (row) => {
        const value = toDynamic(evaluate(row), type);
        if (value === null || values.size >= limit) return;
        const key = unique ? JSON.stringify(value) : values.size;
        if (!values.has(key)) values.set(key, value);
      },
      result: () => finish([...values.values()]),
    };
  };
}

function limitOf(argument: Argument | undefined): number {
  if (argument === undefined) return Number.POSITIVE_INFINITY;
  const limit = literalOf(argument.node);
  if (typeof limit !== 'number') throw unsupported(argument.node, 'must be a number here');
  return limit;
}

function folded(
  args: readonly Argument[],
  step: (total: Value, value: Exclude<Value, null>) => Value,
  start: Value,
): () => Accumulator {
  const { evaluate } = argumentAt(args, 0);
  return () => {
    let total = start;
    return {
      add: (row) => {
        const value = evaluate(row);
        if (value !== null) total = step(total, value);
      },
      result: () => total,
    };
  };
}

function average(values: readonly Value[]): Value {
  if (values.length === 0) return null;
  return values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length;
}

/** Takes the first value that is not null; Kusto may take any. */
function takeAny(args: readonly Argument[]): () => Accumulator {
  if (args.length !== 1) throw unsupported(argumentAt(args, 1).node, 'is one argument too many');
  return folded(args, (found, value) => found ?? value, null);
}
