import { isJsonObject, type Json, sameJson } from '../../model/json.ts';
import { listFunctions } from './list-functions.ts';
import { stringFunctions } from './string-functions.ts';
import { integerOf, type FunctionTable, taking, takingAll, type ValueFunction, notKnown } from './value.ts';

/** Truth and order. `if`, `and`, `or` and `coalesce` are not among them: they do not need all of their arguments. */
const truthFunctions: FunctionTable = {
  true: taking(0, () => true),
  false: taking(0, () => false),
  null: taking(0, () => null),
  not: taking(1, ([value]) => (typeof value === 'boolean' ? !value : notKnown)),
  // ARM compares texts with regard to case here, which conditions do not.
  equals: taking(2, ([left = null, right = null]) => sameJson(left, right)),
  bool: taking(1, ([value]) => toBoolean(value)),
  empty: taking(1, ([value = null]) => isEmpty(value)),
  less: ordering((sign) => sign < 0),
  lessOrEquals: ordering((sign) => sign <= 0),
  greater: ordering((sign) => sign > 0),
  greaterOrEquals: ordering((sign) => sign >= 0),
  add: arithmetic((left, right) => left + right),
  sub: arithmetic((left, right) => left - right),
  mul: arithmetic((left, right) => left * right),
  div: arithmetic((left, right) => Math.trunc(left / right)),
  mod: arithmetic((left, right) => left % right),
  min: takingAll(1, (args) => extreme(args, Math.min)),
  max: takingAll(1, (args) => extreme(args, Math.max)),
  int: taking(1, ([value]) => integerOf(value) ?? notKnown),
  float: taking(1, ([value]) => toNumber(value) ?? notKnown),
};

const spelledValues: FunctionTable = {
  ...truthFunctions,
  ...stringFunctions,
  ...listFunctions,
};

/** The number of arguments that a function takes. */
interface Arity {
  readonly least: number;
  readonly most: number;
}

/** Functions that read more than their arguments, or do not need all of them. */
const spelledOthers: Readonly<Record<string, Arity>> = {
  parameters: { least: 1, most: 1 },
  field: { least: 1, most: 1 },
  current: { least: 0, most: 1 },
  requestContext: { least: 0, most: 0 },
  resourceGroup: { least: 0, most: 0 },
  subscription: { least: 0, most: 0 },
  if: { least: 3, most: 3 },
  and: { least: 2, most: Infinity },
  or: { least: 2, most: Infinity },
  coalesce: { least: 1, most: Infinity },
};

/** Every function whose result follows from the values of its arguments, by its name in lower case. */
export const valueFunctions: ReadonlyMap<string, ValueFunction> = byLowerCase(spelledValues);

/** The number of arguments that every function takes, by its name in lower case. */
export const arities: ReadonlyMap<string, Arity> = byLowerCase({ ...spelledValues, ...spelledOthers });

/** The names of all functions as Azure spells them. */
export const functionNames: readonly string[] = Object.keys({ ...spelledValues, ...spelledOthers });

function byLowerCase<T>(table: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(table).map(([name, value]) => [name.toLowerCase(), value]));
}

function toBoolean(value: Json | undefined): boolean | typeof notKnown {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' || text === 'false' ? text === 'true' : notKnown;
}

function isEmpty(value: Json): boolean | typeof notKnown {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isJsonObject(value)) return Object.keys(value).length === 0;
  return typeof value === 'string' ? false : notKnown;
}

function ordering(holds: (sign: number) => boolean) {
  return taking(2, ([left, right]) => {
    const numbers = [toNumber(left), toNumber(right)];
    const [first, second] = numbers;
    if (first !== undefined && second !== undefined) return holds(first - second);
    if (typeof left !== 'string' || typeof right !== 'string') return notKnown;
    return holds(left === right ? 0 : left < right ? -1 : 1);
  });
}

function toNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function arithmetic(work: (left: number, right: number) => number) {
  return taking(2, ([left, right]) => {
    const [first, second] = [integerOf(left), integerOf(right)];
    if (first === undefined || second === undefined) return notKnown;
    const result = work(first, second);
    return Number.isSafeInteger(result) ? result : notKnown;
  });
}

function extreme(args: readonly Json[], pick: (...numbers: readonly number[]) => number) {
  const [only] = args;
  const list: readonly Json[] = args.length === 1 && Array.isArray(only) ? only : args;
  const numbers = list.flatMap((item) => integerOf(item) ?? []);
  return numbers.length === list.length && numbers.length > 0 ? pick(...numbers) : notKnown;
}
