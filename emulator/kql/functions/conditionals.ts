import { argumentAt } from '../argument.ts';
import type { Argument, Call, FunctionCompiler } from '../context.ts';
import { toDynamic } from '../conversion.ts';
import { unsupported } from '../syntax.ts';
import type { Evaluate, Value } from '../value.ts';

const iff: FunctionCompiler = (args, call) => {
  const condition = argumentAt(args, 0).evaluate;
  const [then, otherwise] = [branch(argumentAt(args, 1), call), branch(argumentAt(args, 2), call)];
  return (row) => (condition(row) === true ? then(row) : otherwise(row));
};

const caseOf: FunctionCompiler = (args, call) => {
  const otherwise = branch(argumentAt(args, args.length - 1), call);
  const arms: (readonly [Evaluate, Evaluate])[] = [];
  for (let index = 0; index + 1 < args.length - 1; index += 2) {
    arms.push([argumentAt(args, index).evaluate, branch(argumentAt(args, index + 1), call)]);
  }
  return (row) => (arms.find(([condition]) => condition(row) === true)?.[1] ?? otherwise)(row);
};

/** The first value that is neither null nor an empty string. */
const coalesce: FunctionCompiler = (args, call) => {
  const branches = args.map((arg) => branch(arg, call));
  const nothing: Value = call.type === 'string' ? '' : null;
  const isEmpty = (value: Value): boolean => value === null || (value === '' && call.type === 'string');
  return (row) => {
    for (const evaluate of branches) {
      const value = evaluate(row);
      if (!isEmpty(value)) return value;
    }
    return nothing;
  };
};

/** `not(null)` is null. */
const not: FunctionCompiler = (args) => {
  const { evaluate } = argumentAt(args, 0);
  return (row) => {
    const value = evaluate(row);
    return value === null ? null : value !== true;
  };
};

/** `iff`, `case`, `coalesce` and `not`. */
export const conditionals = { iff, iif: iff, case: caseOf, coalesce, not } satisfies Record<
  string,
  FunctionCompiler
>;

function branch(argument: Argument, call: Call): Evaluate {
  const { evaluate, type, node } = argument;
  if (type === call.type) return evaluate;
  if (call.type === 'dynamic') return (row) => toDynamic(evaluate(row), type);
  if (/^(int|long|real)$/.test(type) && /^(long|real)$/.test(call.type)) return evaluate;
  throw unsupported(node, `is a ${type} where the other values are ${call.type}`);
}
