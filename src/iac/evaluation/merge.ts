import type { Entry, Expression } from '../languages/expression.ts';
import {
  alternatives,
  isClosed,
  isNull,
  lazy,
  type Lazy,
  listOf,
  mapOf,
  opened,
  orUnknown,
  unknown,
  type Value,
  type Values,
} from './value.ts';

type Entries = Map<string, Lazy>;

type Evaluate = (expression: Expression) => Values;

/** The value of a key that two maps have, of which the second wins. */
type Join = (before: Values, next: Values) => Values;

/** The way to lay a map over entries. `isOpen` is true where there may be other entries than these. */
interface Overlay {
  readonly join: Join;
  readonly isOpen: boolean;
}

/** A map of which nothing is known. */
export const anyMap: Values = opened(mapOf([]));

const plainly: Overlay = { join: (_, next) => next, isOpen: false };

/**
 * The map that several make, of which later ones win; of lists one list, as Bicep's `union` joins them. Where one may be
 * one of several, what it may hold is one more alternative for what is there before it; where nothing is known of it, it
 * may have replaced everything.
 */
export function mergeAll(args: readonly Values[]): Values {
  return joinAll(args, (_, next) => next);
}

/** Bicep's and ARM's `union`: as `mergeAll`, and of objects inside the objects as well. */
export function unionAll(args: readonly Values[]): Values {
  return joinAll(args, (before, next) => {
    const [one, other] = [onlyOf(before), onlyOf(next)];
    if (one === undefined || other === undefined) return alternatives([...before, ...next, ...unknown]);
    if (other.kind === 'map' && (one.kind === 'map' || one.kind === 'unknown'))
      return unionAll([before, next]);
    const isDecided = other.kind === 'scalar' ? !isNull(other) : ![one.kind, other.kind].includes('unknown');
    return isDecided ? next : alternatives([...before, ...next, ...unknown]);
  });
}

function joinAll(args: readonly Values[], join: Join): Values {
  const lists = args.flatMap((values) =>
    values.length === 1 && values[0]?.kind === 'list' ? [values[0]] : [],
  );
  if (lists.length > 0 && lists.length === args.length) {
    const joined = listOf(lists.flatMap(({ items }) => items));
    return lists.every(isClosed) ? joined : opened(joined);
  }
  if (!args.some((values) => values.some(({ kind }) => kind === 'map'))) return unknown;
  const entries: Entries = new Map();
  let isOpen = false;
  for (const values of args) isOpen = overlay(entries, values, { join, isOpen }) || isOpen;
  const merged = mapOf([...entries]);
  return isOpen ? opened(merged) : merged;
}

/**
 * Overlays the entries with a map, or with a value that may not be one; Terraform passes over null. Returns true where there may
 * be other keys than those that the entries have then.
 */
function overlay(entries: Entries, values: Values, how: Overlay = plainly): boolean {
  const [only, ...others] = values.filter((value) => !isNull(value));
  if (values.length > 0 && only === undefined) return false;
  if (only?.kind === 'map' && others.length === 0 && values.length === 1) {
    overlayMap(entries, only, how);
    return !isClosed(only);
  }
  const maps = values.flatMap((value) => (value.kind === 'map' ? [value.entries] : []));
  if (maps.length === 0 && !values.some(isNull)) {
    for (const key of entries.keys()) entries.set(key, () => unknown);
    return true;
  }
  const isWhollyKnown = values.length > 0 && values.every((value) => isClosed(value) || isNull(value));
  for (const key of new Set([...entries.keys(), ...maps.flatMap((map) => [...map.keys()])])) {
    const before = entries.get(key);
    const found = maps.flatMap((map) => map.get(key) ?? []);
    const isCertain = before !== undefined && isWhollyKnown;
    const possible = (): Values =>
      [before, ...found].flatMap((element) => element?.() ?? []).concat(isCertain ? [] : unknown);
    entries.set(
      key,
      lazy(() => alternatives(possible())),
    );
  }
  return !isWhollyKnown;
}

/** Replaces what the map has. Of a map that may hold more, the rest may have been replaced as well. */
function overlayMap(entries: Entries, map: Extract<Value, { kind: 'map' }>, { join, isOpen }: Overlay): void {
  for (const [key, before] of entries) {
    const next = map.entries.get(key);
    if (next !== undefined)
      entries.set(
        key,
        lazy(() => join(before(), next())),
      );
    else if (map.isOpen === true)
      entries.set(
        key,
        lazy(() => orUnknown(before())),
      );
  }
  for (const [key, element] of map.entries)
    if (!entries.has(key)) entries.set(key, isOpen ? lazy(() => join(unknown, element())) : element);
}

function onlyOf(values: Values): Value | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/** The list of these items. One that is spread in it is as many as it has; of one that is not known, nobody knows how many. */
export function listWithSpreads(items: readonly Expression[], evaluate: Evaluate): Values {
  if (!items.some(({ kind }) => kind === 'expansion'))
    return listOf(items.map((item) => lazy(() => evaluate(item))));
  let isOpen = false;
  const all = items.flatMap((item): readonly Lazy[] => {
    if (item.kind !== 'expansion') return [lazy(() => evaluate(item))];
    const [only, ...others] = evaluate(item.of);
    if (only?.kind !== 'list' || others.length > 0 || !isClosed(only)) isOpen = true;
    return only?.kind === 'list' ? only.items : [() => unknown];
  });
  return isOpen ? opened(listOf(all)) : listOf(all);
}

interface HeldEntries {
  readonly held: readonly (readonly [string, Lazy])[];
  readonly isOpen: boolean;
}

/** The entries of an object. One without a key is a spread, or has a computed key, which may be that of one before it. */
export function heldEntries(entries: readonly Entry[], evaluate: Evaluate): HeldEntries {
  const held = new Map<string, Lazy>();
  let isOpen = false;
  for (const { key, value } of entries) {
    if (key === undefined)
      isOpen = overlay(held, value.kind === 'opaque' ? anyMap : evaluate(value)) || isOpen;
    else
      held.set(
        key,
        lazy(() => evaluate(value)),
      );
  }
  return { held: [...held], isOpen };
}
