import type { Json } from '../../../src/model/json.ts';
import { argumentAt, textOf } from '../argument.ts';
import type { FunctionCompiler } from '../context.ts';
import { toBool, toDatetime, toDynamic, toInt, toLong, toReal, typeName } from '../conversion.ts';
import type { Value } from '../value.ts';

/** `to…()`, `is…()`, `parse_json()` and `gettype()`. */
export const conversions = {
  tostring: (args) => textOf(argumentAt(args, 0)),
  tobool: cast(toBool),
  toboolean: cast(toBool),
  toint: cast(toInt),
  tolong: cast(toLong),
  toreal: cast(toReal),
  todouble: cast(toReal),
  todatetime: (args) => {
    const { evaluate, type } = argumentAt(args, 0);
    return type === 'datetime' ? evaluate : (row) => toDatetime(evaluate(row));
  },
  parse_json: parse,
  parsejson: parse,
  todynamic: parse,
  isnull: (args) => {
    const { evaluate, type } = argumentAt(args, 0);
    return type === 'string' ? () => false : (row) => evaluate(row) === null;
  },
  isnotnull: (args) => {
    const { evaluate, type } = argumentAt(args, 0);
    return type === 'string' ? () => true : (row) => evaluate(row) !== null;
  },
  isempty: (args) => {
    const text = textOf(argumentAt(args, 0));
    return (row) => text(row) === '';
  },
  isnotempty: (args) => {
    const text = textOf(argumentAt(args, 0));
    return (row) => text(row) !== '';
  },
  gettype: (args) => {
    const { evaluate, type } = argumentAt(args, 0);
    return type === 'dynamic' ? (row) => typeName(evaluate(row)) : () => type;
  },
} satisfies Record<string, FunctionCompiler>;

function cast(convert: (value: Value) => Value): FunctionCompiler {
  return (args) => {
    const { evaluate } = argumentAt(args, 0);
    return (row) => convert(evaluate(row));
  };
}

/** Text that is no JSON stays as a dynamic string; empty text is null. */
function parse(args: Parameters<FunctionCompiler>[0]): ReturnType<FunctionCompiler> {
  const { evaluate, type } = argumentAt(args, 0);
  if (type !== 'string') return (row) => toDynamic(evaluate(row), type);
  return (row) => {
    const text = evaluate(row);
    return typeof text !== 'string' || text === '' ? null : parseText(text);
  };
}

function parseText(text: string): Value {
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch {
    return text;
  }
}
