import type { Argument } from './context.ts';
import { toLong, toReal, toText } from './conversion.ts';
import { literalOf } from './literal.ts';
import { unsupported } from './syntax.ts';
import type { Row } from './value.ts';

/** Reads an argument as text: null is empty. */
export function textOf(argument: Argument): (row: Row) => string {
  const { evaluate, type } = argument;
  return (row) => toText(evaluate(row), type);
}

/** Reads an argument as a number. */
export function realOf(argument: Argument): (row: Row) => number | null {
  return (row) => toReal(argument.evaluate(row));
}

/** Reads an argument as a whole number. */
export function longOf(argument: Argument): (row: Row) => number | null {
  return (row) => toLong(argument.evaluate(row));
}

/** The argument at an index; the binder has checked that it is there. */
export function argumentAt(args: readonly Argument[], index: number): Argument {
  const argument = args[index];
  if (argument === undefined) throw new RangeError(`argument ${index} is missing`);
  return argument;
}

/** The text of an argument that has to be a literal. */
export function literalText(argument: Argument): string {
  const value = literalOf(argument.node);
  if (typeof value !== 'string') throw unsupported(argument.node, 'must be a string literal here');
  return value;
}
