import { type Budget, spend } from './budget.ts';
import { iterate } from './iterate.ts';
import { mergeAll } from './merge.ts';
import {
  alternatives,
  concatenate,
  keyOf,
  type Lazy,
  listOf,
  mapOf,
  numberOf,
  scalarOf,
  text,
  unknown,
  type Value,
  type Values,
} from './value.ts';

type CollectionFunction = (args: readonly Values[], budget: Budget) => Values;

const same: CollectionFunction = ([of]) => of ?? unknown;
const merged: CollectionFunction = (args) => mergeAll(args);
const listed: CollectionFunction = (args) => listOf(args.map((values) => () => values));
const first: CollectionFunction = ([of]) => each(of, (value) => itemAt(value, 0));
const last: CollectionFunction = ([of]) => each(of, (value) => itemAt(value, -1));

/** Functions over lists and maps, by their names in lower case. */
export const collectionFunctions: Readonly<Record<string, CollectionFunction>> = {
  toset: same,
  tolist: same,
  tomap: same,
  distinct: same,
  sort: same,
  array: ([of]) => each(of, (value) => (value.kind === 'list' ? [value] : listOf([() => [value]]))),
  createarray: listed,
  list: listed,
  createobject: (args) => createObject(args),
  merge: merged,
  union: merged,
  shallowmerge: ([of]) =>
    each(of, (value) => mergeAll(value.kind === 'list' ? value.items.map((item) => item()) : [])),
  items: ([of]) => each(of, itemsOf),
  keys: ([of]) =>
    each(of, (value) =>
      value.kind === 'map' ? listOf([...value.entries.keys()].map((key) => () => text(key))) : unknown,
    ),
  objectkeys: ([of]) =>
    each(of, (value) =>
      value.kind === 'map' ? listOf([...value.entries.keys()].map((key) => () => text(key))) : unknown,
    ),
  values: ([of]) =>
    each(of, (value) => (value.kind === 'map' ? listOf([...value.entries.values()]) : unknown)),
  length: ([of]) => each(of, lengthOf),
  range: ([start, count]) => range(start, count),
  element: ([of, index]) => each(of, (value) => itemAt(value, numberOf(index))),
  first,
  last,
  one: ([of]) => each(of, onlyItemOf),
  lookup: ([of, key, otherwise]) => lookup(of, key, otherwise),
  join,
};

function each(values: Values | undefined, change: (value: Value) => Values): Values {
  return alternatives((values ?? unknown).flatMap(change));
}

function createObject(args: readonly Values[]): Values {
  const entries: (readonly [string, Lazy])[] = [];
  for (let index = 0; index + 1 < args.length; index += 2) {
    const key = scalarOf(args[index] ?? unknown);
    if (typeof key === 'string') entries.push([key, () => args[index + 1] ?? unknown]);
  }
  return mapOf(entries);
}

/** Bicep's `items`: a list of `{ key, value }`. */
function itemsOf(value: Value): Values {
  if (value.kind !== 'map') return unknown;
  return listOf(
    [...value.entries].map(([key, element]): Lazy => {
      const entries = new Map<string, Lazy>([
        ['key', () => text(key)],
        ['value', element],
      ]);
      return () => [{ kind: 'map', entries }];
    }),
  );
}

/** Terraform's `one`: of an empty list it is `null`. */
function onlyItemOf(value: Value): Values {
  if (value.kind !== 'list' || value.items.length > 1) return unknown;
  return value.items[0]?.() ?? [{ kind: 'scalar', value: null }];
}

function lengthOf(value: Value): Values {
  if (value.kind === 'list') return [{ kind: 'scalar', value: value.items.length }];
  return value.kind === 'map' ? [{ kind: 'scalar', value: value.entries.size }] : unknown;
}

/** `range(start, count)` of Bicep and ARM; with one argument Terraform's. */
function range(start: Values | undefined, count: Values | undefined): Values {
  const from = scalarOf(start ?? unknown);
  const length = count === undefined ? from : scalarOf(count);
  if (typeof from !== 'number' || typeof length !== 'number') return unknown;
  const offset = count === undefined ? 0 : from;
  const iterations = iterate([{ kind: 'scalar', value: length }], { valueName: 'i', keyedByItem: false });
  return listOf(iterations.map((_, index) => () => [{ kind: 'scalar', value: offset + index }]));
}

function itemAt(value: Value, index: number | undefined): Values {
  if (value.kind !== 'list' || index === undefined) return unknown;
  return (value.items.at(index) ?? (() => unknown))();
}

function lookup(of: Values | undefined, key: Values | undefined, otherwise: Values | undefined): Values {
  const names = (key ?? unknown).map(keyOf);
  return each(of, (value) =>
    names.flatMap((name) => {
      const found = value.kind === 'map' && name !== undefined ? value.entries.get(name) : undefined;
      return found === undefined ? unknown.concat(otherwise ?? []) : found();
    }),
  );
}

/** `join("-", list)` of Terraform, `join(list, '-')` of Bicep and ARM. */
function join([left, right]: readonly Values[], budget: Budget): Values {
  const [one, two] = [left?.[0], right?.[0]];
  const [items, separator] = one?.kind === 'list' ? [one, right] : [two, left];
  if (items?.kind !== 'list') return unknown;
  const parts = items.items.slice(0, 50).flatMap((item, index) => {
    return index === 0 ? [item()] : [separator ?? unknown, item()];
  });
  spend(budget, parts.length);
  return concatenate(parts);
}
