import type { Loop } from '../languages/expression.ts';
import { alternatives, isClosed, text, unknown, type Value, type Values } from './value.ts';

/** More iterations of one loop than this are not evaluated. */
const mostIterations = 500;

/**
 * The names that a loop gives in each of its iterations: over a list, a map, or a number of iterations. An unknown value is
 * one iteration over something unknown, since a loop that is written is meant to declare something.
 */
export function iterate(
  over: Values,
  { keyName, valueName, keyedByItem }: Omit<Loop, 'over'>,
): readonly ReadonlyMap<string, Values>[] {
  const iterations = over.flatMap((value) => iterationsOf(value, keyedByItem)).slice(0, mostIterations);
  return iterations.map(({ key, value }) => {
    const names = new Map<string, Values>();
    if (keyName !== undefined) names.set(keyName, key);
    if (valueName !== undefined) names.set(valueName, value);
    return names;
  });
}

/** True where it is certain what a loop goes over, and that it is not cut off. */
export function isCertainLoop(over: Values): boolean {
  const [only, ...others] = over;
  if (only === undefined || others.length > 0) return false;
  if (only.kind === 'list') return isClosed(only) && only.items.length <= mostIterations;
  if (only.kind === 'map') return isClosed(only) && only.entries.size <= mostIterations;
  return only.kind === 'scalar' && Number(only.value) <= mostIterations;
}

/** True where a loop has more iterations than are evaluated. */
export function isCutOff(over: Values): boolean {
  return over.some((value) => {
    if (value.kind === 'list') return value.items.length > mostIterations;
    if (value.kind === 'map') return value.entries.size > mostIterations;
    return value.kind === 'scalar' && Number(value.value) > mostIterations;
  });
}

/** The one thing that a loop goes over. Of several counts it is the largest: `count = var.enabled ? 1 : 0`. */
export function oneOf(over: Values): Value | undefined {
  const [only] = over;
  if (over.length === 1) return only;
  const counts = over.flatMap((value) => (value.kind === 'scalar' ? [Number(value.value)] : []));
  return counts.length === over.length ? { kind: 'scalar', value: Math.max(...counts) } : undefined;
}

interface Iteration {
  readonly key: Values;
  readonly value: Values;
}

function iterationsOf(value: Value, keyedByItem: boolean): readonly Iteration[] {
  if (value.kind === 'list') {
    return value.items.slice(0, mostIterations).map((item, index) => {
      const values = item();
      return { key: keyedByItem ? values : number(index), value: values };
    });
  }
  if (value.kind === 'map') {
    return byKey(value.ifThere ?? value.entries)
      .slice(0, mostIterations)
      .map(([key, element]) => ({
        key: key.startsWith('\u0000') ? unknown : text(key),
        value: element(),
      }));
  }
  if (value.kind !== 'scalar') return [{ key: unknown, value: unknown }];
  const count = Math.min(Number(value.value), mostIterations);
  return Array.from({ length: Math.max(0, Math.trunc(count)) }, (_, index) => ({
    key: number(index),
    value: number(index),
  }));
}

/** Elements in the order of their keys, in which Terraform goes through maps, and Bicep's `items` lists them. */
export function byKey<T>(elements: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...elements].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function number(value: number): Values {
  return alternatives([{ kind: 'scalar', value }]);
}
