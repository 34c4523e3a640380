import { byKey } from './iterate.ts';
import { anyMap, mergeAll } from './merge.ts';
import { literalOf } from './name-pattern.ts';
import { expanded } from './uncertain-elements.ts';
import {
  eachValue,
  isClosed,
  keyOf,
  type Lazy,
  listOf,
  mapOf,
  nothing,
  numberOf,
  opened,
  scalarOf,
  text,
  unknown,
  type Value,
  type Values,
} from './value.ts';

type MapFunction = (args: readonly Values[]) => Values;

/** Functions over maps, and over lists and maps alike, by their names in lower case. */
export const functionsOfMaps: Readonly<Record<string, MapFunction>> = {
  tomap: ([of]) => of ?? unknown,
  createobject: createObject,
  merge: mergeAll,
  shallowmerge: ([of]) => eachValue(of, (value) => mergeAll(expanded([value]))),
  items: ([of]) => eachValue(of, itemsOf),
  keys: ([of]) => eachValue(of, keysOf),
  objectkeys: ([of]) => eachValue(of, keysOf),
  values: ([of]) => eachValue(of, (value) => elementsOf(value, (_, element) => element)),
  empty: ([of]) => eachValue(of, isEmpty),
  tryget: ([of, ...keys]) =>
    keys.reduce((owner: Values, key) => eachValue(owner, memberOf(key)), of ?? unknown),
  length: ([of]) => eachValue(of, lengthOf),
  lookup,
};

function createObject(args: readonly Values[]): Values {
  const entries: (readonly [string, Lazy])[] = [];
  const parts: Values[] = [];
  for (let index = 0; index + 1 < args.length; index += 2) {
    const key = scalarOf(args[index] ?? unknown);
    const entry = [String(key), () => args[index + 1] ?? unknown] as const;
    if (typeof key === 'string') entries.push(entry);
    parts.push(typeof key === 'string' ? mapOf([entry]) : anyMap);
  }
  return entries.length === parts.length ? mapOf(entries) : mergeAll(parts);
}

function keysOf(value: Value): Values {
  return elementsOf(value, (key) => () => (key.startsWith('\u0000') ? unknown : text(key)));
}

/** A list with an item for each element of a map, whose end is as open as that of the map. */
function elementsOf(value: Value, itemOf: (key: string, element: Lazy) => Lazy): Values {
  if (value.kind !== 'map') return unknown;
  const list = listOf(byKey(value.ifThere ?? value.entries).map(([key, element]) => itemOf(key, element)));
  return isClosed(value) ? list : opened(list);
}

/** ARM's and Bicep's `empty`: of null it is true as well. */
function isEmpty(value: Value): Values {
  if (value.kind === 'scalar' && value.value === null) return [{ kind: 'scalar', value: true }];
  if (value.kind === 'text') {
    const literal = literalOf(value.pattern);
    const isFull = value.pattern.some((part) => typeof part === 'string' || part.min > 0);
    return literal === undefined && !isFull ? unknown : [{ kind: 'scalar', value: literal === '' }];
  }
  const size = numberOf(lengthOf(value));
  return size === undefined ? unknown : [{ kind: 'scalar', value: size === 0 }];
}

/** ARM's `tryGet`: null where there is no such member. */
function memberOf(key: Values): (owner: Value) => Values {
  return (owner) => {
    if (owner.kind === 'scalar' && owner.value === null) return nothing;
    const [name, ...others] = key.map(keyOf);
    if (name === undefined || others.length > 0 || !isClosed(owner)) return unknown;
    if (owner.kind === 'map') {
      const wanted = name.toLowerCase();
      const found = [...owner.entries].find(([own]) => own.toLowerCase() === wanted);
      return found === undefined ? nothing : found[1]();
    }
    return owner.kind === 'list' ? (owner.items[Number(name)] ?? (() => nothing))() : unknown;
  };
}

/** Bicep's `items`: a list of `{ key, value }`. */
function itemsOf(value: Value): Values {
  const [name, held] = [text('key'), text('value')];
  return elementsOf(value, (key, element) => () => createObject([name, text(key), held, element()]));
}

function lengthOf(value: Value): Values {
  if (!isClosed(value)) return unknown;
  if (value.kind === 'list') return [{ kind: 'scalar', value: value.items.length }];
  return value.kind === 'map' ? [{ kind: 'scalar', value: value.entries.size }] : unknown;
}

function lookup([of, key, otherwise]: readonly Values[]): Values {
  const names = (key ?? unknown).map(keyOf);
  return eachValue(of, (value) =>
    names.flatMap((name) => {
      const found = value.kind === 'map' && name !== undefined ? value.entries.get(name) : undefined;
      if (found !== undefined) return found();
      const isAbsent = value.kind === 'map' && isClosed(value) && name !== undefined;
      return isAbsent && otherwise !== undefined ? otherwise : unknown.concat(otherwise ?? []);
    }),
  );
}
