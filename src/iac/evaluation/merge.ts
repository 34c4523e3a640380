import { alternatives, lazy, type Lazy, listOf, mapOf, unknown, type Value, type Values } from './value.ts';

type Entries = Map<string, Lazy>;

/**
 * The map that several make, of which later ones win; of lists one list, as Bicep's `union` joins them. Where one may be
 * one of several, what it may hold is one more alternative for what is there before it; where nothing is known of it, it
 * may have replaced everything.
 */
export function mergeAll(args: readonly Values[]): Values {
  const lists = args.flatMap((values) =>
    values.length === 1 && values[0]?.kind === 'list' ? [values[0]] : [],
  );
  if (lists.length > 0 && lists.length === args.length) return listOf(lists.flatMap(({ items }) => items));
  if (!args.some((values) => values.some(({ kind }) => kind === 'map'))) return unknown;
  const entries: Entries = new Map();
  for (const values of args) overlay(entries, values);
  return mapOf([...entries]);
}

/** Overlays the entries with a map, or with a value that may not be one. */
export function overlay(entries: Entries, values: Values): void {
  const [only, ...others] = values.filter((value) => !isNull(value));
  if (values.length > 0 && only === undefined) return;
  if (only?.kind === 'map' && others.length === 0 && values.length === 1) {
    for (const [key, element] of only.entries) entries.set(key, element);
    return;
  }
  const maps = values.flatMap((value) => (value.kind === 'map' ? [value.entries] : []));
  if (maps.length === 0 && !values.some(isNull)) {
    for (const key of entries.keys()) entries.set(key, () => unknown);
    return;
  }
  const isWhollyKnown = values.length > 0 && values.every((value) => value.kind === 'map' || isNull(value));
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
}

/** Terraform passes over `null` where maps are merged. */
function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}
