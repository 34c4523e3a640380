import type { Loop } from '../languages/expression.ts';
import { alternatives, text, unknown, type Value, type Values } from './value.ts';

/** More turns of one loop than this are not looked at. */
const mostTurns = 500;

/**
 * The names that a loop gives in each of its turns: over a list, a map, or a number of turns. What cannot be told is
 * one turn over something unknown, since a loop that is written is meant to declare something.
 */
export function iterate(
  over: Values,
  { keyName, valueName, keyedByItem }: Omit<Loop, 'over'>,
): readonly ReadonlyMap<string, Values>[] {
  const turns = over.flatMap((value) => turnsOf(value, keyedByItem)).slice(0, mostTurns);
  return turns.map(({ key, value }) => {
    const names = new Map<string, Values>();
    if (keyName !== undefined) names.set(keyName, key);
    if (valueName !== undefined) names.set(valueName, value);
    return names;
  });
}

interface Turn {
  readonly key: Values;
  readonly value: Values;
}

function turnsOf(value: Value, keyedByItem: boolean): readonly Turn[] {
  if (value.kind === 'list') {
    return value.items.slice(0, mostTurns).map((item, index) => {
      const values = item();
      return { key: keyedByItem ? values : number(index), value: values };
    });
  }
  if (value.kind === 'map') {
    return [...value.entries].slice(0, mostTurns).map(([key, element]) => ({
      key: key.startsWith('\u0000') ? unknown : text(key),
      value: element(),
    }));
  }
  if (value.kind !== 'scalar') return [{ key: unknown, value: unknown }];
  const count = Math.min(Number(value.value), mostTurns);
  return Array.from({ length: Math.max(0, Math.trunc(count)) }, (_, index) => ({
    key: number(index),
    value: number(index),
  }));
}

function number(value: number): Values {
  return alternatives([{ kind: 'scalar', value }]);
}
