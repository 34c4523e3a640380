import { isJsonObject, type Json, type JsonObject, parseJson, sameJson } from '../../model/json.ts';
import { integerOf, type FunctionTable, taking, takingAll, scalarText, notKnown } from './value.ts';

/** Functions over lists and objects, and those that take texts as well. */
export const listFunctions: FunctionTable = {
  length: taking(1, ([value]) => lengthOf(value)),
  contains: taking(2, ([container, item]) => contains(container, item)),
  concat: takingAll(1, concat),
  first: taking(1, ([value]) => endOf(value, 0)),
  last: taking(1, ([value]) => endOf(value, -1)),
  take: taking(2, ([value, count]) => cut(value, count, (size) => [0, size])),
  skip: taking(2, ([value, count]) => cut(value, count, (size) => [size])),
  join: taking(2, ([list, between]) =>
    Array.isArray(list) && typeof between === 'string'
      ? list.map((item: Json) => scalarText(item) ?? JSON.stringify(item)).join(between)
      : notKnown,
  ),
  array: taking(1, ([value = null]) => (Array.isArray(value) ? value : [value])),
  createArray: takingAll(0, (args) => args),
  createObject: takingAll(0, createObject),
  union: takingAll(2, union),
  intersection: takingAll(2, intersection),
  json: taking(1, ([text]) => parseText(text)),
  tryGet: takingAll(2, ([value = null, ...keys]) =>
    keys.reduce<Json>((at, key) => memberNamed(at, key) ?? null, value),
  ),
};

/** The member of an object in any letter case, or the element of a list by its number. */
export function memberNamed(value: Json, key: Json): Json | undefined {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  if (!isJsonObject(value) || typeof key !== 'string') return undefined;
  const wanted = key.toLowerCase();
  const name = Object.hasOwn(value, key)
    ? key
    : Object.keys(value).find((other) => other.toLowerCase() === wanted);
  return name === undefined ? undefined : value[name];
}

function lengthOf(value: Json | undefined) {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : notKnown;
}

function contains(container: Json | undefined, item: Json | undefined) {
  if (Array.isArray(container)) return container.some((one: Json) => sameJson(one, item));
  const key = scalarText(item);
  if (key === undefined) return notKnown;
  if (isJsonObject(container)) return memberNamed(container, key) !== undefined;
  return typeof container === 'string' ? container.includes(key) : notKnown;
}

function concat(args: readonly Json[]) {
  if (args.every((arg) => Array.isArray(arg))) return args.flat();
  const texts = args.flatMap((arg) => scalarText(arg) ?? []);
  return texts.length === args.length ? texts.join('') : notKnown;
}

function endOf(value: Json | undefined, index: number) {
  if (typeof value === 'string') return value.at(index) ?? '';
  return Array.isArray(value) ? (value.at(index) ?? null) : notKnown;
}

function cut(
  value: Json | undefined,
  count: Json | undefined,
  range: (size: number) => readonly [number, number?],
) {
  const size = integerOf(count);
  if (size === undefined || (typeof value !== 'string' && !Array.isArray(value))) return notKnown;
  return value.slice(...range(Math.max(0, size)));
}

function createObject(args: readonly Json[]) {
  const entries = args.flatMap((key, index) =>
    index % 2 === 0 && typeof key === 'string' ? [[key, args[index + 1] ?? null] as const] : [],
  );
  return entries.length * 2 === args.length ? Object.fromEntries(entries) : notKnown;
}

function union(args: readonly Json[]) {
  if (args.every((arg) => Array.isArray(arg))) return withoutRepeats(args.flat());
  return args.every(isJsonObject) ? args.reduce(merged) : notKnown;
}

/** Objects inside the objects are merged as well; lists are not. */
function merged(before: JsonObject, next: JsonObject): JsonObject {
  const entries = Object.entries(next).map(([key, value]) => {
    const former = Object.hasOwn(before, key) ? before[key] : undefined;
    return [key, isJsonObject(former) && isJsonObject(value) ? merged(former, value) : value] as const;
  });
  return { ...before, ...Object.fromEntries(entries) };
}

function intersection(args: readonly Json[]) {
  const lists = args.flatMap((arg): readonly (readonly Json[])[] => (Array.isArray(arg) ? [arg] : []));
  const [first = [], ...others] = lists;
  if (lists.length < args.length) return notKnown;
  return withoutRepeats(
    first.filter((item) => others.every((list) => list.some((one) => sameJson(one, item)))),
  );
}

function withoutRepeats(list: readonly Json[]): readonly Json[] {
  return list.filter((item, index) => list.findIndex((one) => sameJson(one, item)) === index);
}

function parseText(text: Json | undefined) {
  if (typeof text !== 'string') return notKnown;
  try {
    return parseJson(text);
  } catch {
    return notKnown;
  }
}
