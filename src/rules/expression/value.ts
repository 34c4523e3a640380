import type { Json } from '../../model/json.ts';

/** The value of something that could not be read, or of a call that fails. */
export const notKnown = Symbol('unknown');

/** The result of an expression. Azure Policy refuses a request on a failed call; here the verdict is unknown. */
export type Computation = Json | typeof notKnown;

/** A function of ARM over the values of its arguments. */
export interface ValueFunction {
  /** The number of arguments that it takes. */
  readonly least: number;
  readonly most: number;
  readonly call: (args: readonly Json[]) => Computation;
}

/** Functions by their names as Azure spells them. */
export type FunctionTable = Readonly<Record<string, ValueFunction>>;

/** A function of a fixed number of arguments. */
export function taking(count: number, call: ValueFunction['call']): ValueFunction {
  return { least: count, most: count, call };
}

/** A function of as many arguments as one writes. */
export function takingAll(least: number, call: ValueFunction['call']): ValueFunction {
  return { least, most: Infinity, call };
}

/** The text of a scalar; `undefined` for a list, an object or nothing. */
export function scalarText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A whole number, also as text; `undefined` for anything else. */
export function integerOf(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/u.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}
