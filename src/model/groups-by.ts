/** Puts things with the same key together: groups in the order of the first of each, none of them empty. */
export function groupsBy<T>(
  things: readonly T[],
  keyOf: (thing: T) => string,
): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [thing]);
    else known.push(thing);
  }
  return [...groups.values()];
}
