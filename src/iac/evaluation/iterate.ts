import type { Loop } from '../languages/expression.ts';
import { alternatives, text, unknown, type Value, type Values } from './value.ts';

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
    return [...value.entries].slice(0, mostIterations).map(([key, element]) => ({
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

function number(value: number): Values {
  return alternatives([{ kind: 'scalar', value }]);
}
