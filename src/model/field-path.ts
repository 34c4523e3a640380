/** One step of a path: the name of a key, or every element of an array. */
export type Step = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'each' };

const step = /\[\*\]|\['([^']*)'\]|\[([^\]*']+)\]|([^.[\]]+)/gu;

/**
 * Reads a canonical path, such as `properties.accessPolicies[*].permissions.keys[*]` or `tags['cost center']`.
 * Paths from rule files are checked and brought to this form by the loader.
 */
export function parsePath(path: string): readonly Step[] {
  return Array.from(path.matchAll(step), ([text, quoted, bracketed, plain]): Step => {
    if (text === '[*]') return { kind: 'each' };
    return { kind: 'key', key: quoted ?? bracketed ?? plain ?? '' };
  });
}

/** True when `path` is `ancestor` or lies below it. */
export function isAtOrBelow(path: string, ancestor: string): boolean {
  if (!path.startsWith(ancestor)) return false;
  const next = path[ancestor.length];
  return next === undefined || next === '.' || next === '[';
}
