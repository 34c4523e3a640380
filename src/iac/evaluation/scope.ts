import type { Location } from '../../model/location.ts';
import type { Budget } from './budget.ts';
import { type Lazy, lazy, type Values } from './value.ts';

/** The format as which a file is loaded. */
export type DataFormat = 'text' | 'json' | 'yaml';

/** Reads the data of a file; `undefined` where there is none. Each file is read once, at the cost of the first caller. */
export type DataAt = (path: string, format: DataFormat, budget: Budget) => Values | undefined;

/** A value that a module call or a parameter file passes, and the place at which it is written. */
export interface Argument {
  readonly at: Location;
  readonly values: Lazy;
}

/** The meaning of names at a place of a template. `undefined`: the name is not known here. */
export interface NameScope {
  reference(name: string): Values | undefined;
  parameter(name: string): Values | undefined;
  /** The argument that was passed for a parameter, where one was. */
  argument(name: string): Argument | undefined;
  /** Calls a function that the template defines or imports; `undefined` for any other. */
  call(name: string, args: readonly Values[]): Values | undefined;
  /** The data in a file of the checkout. */
  readonly dataAt: DataAt;
  /** The folder of the template in the checkout. */
  readonly folder: string;
  readonly budget: Budget;
}

/** The scope, with names of a loop before its own. */
export function withNames(scope: NameScope, names: ReadonlyMap<string, Values>): NameScope {
  return { ...scope, reference: (name) => names.get(name) ?? scope.reference(name) };
}

/** Evaluates each name when it is first asked for, and only once. */
export function remembered(make: (name: string) => Lazy | undefined): (name: string) => Values | undefined {
  const known = new Map<string, Lazy>();
  return (name) => {
    const held = known.get(name);
    if (held !== undefined) return held();
    const found = make(name);
    if (found === undefined) return undefined;
    const once = lazy(found);
    known.set(name, once);
    return once();
  };
}
