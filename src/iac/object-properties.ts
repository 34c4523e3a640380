import type { Expression } from './syntax/expression.ts';
import type { Locate } from './source-text.ts';
import type { Written } from './template.ts';

/**
 * The properties of an object as ARM knows them, with all that is written below them: `properties.networkacls` and
 * `properties.networkacls.defaultaction`. Paths are in lower case, since ARM's names are compared so.
 */
export function objectProperties(
  object: Expression | undefined,
  locate: Locate,
  prefix = 'properties',
): ReadonlyMap<string, Written> {
  const properties = new Map<string, Written>();
  const open = [{ prefix, object }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.object?.kind !== 'object') continue;
    for (const { key, at, value } of next.object.entries) {
      if (key === undefined) continue;
      const path = `${next.prefix}.${key.toLowerCase()}`;
      properties.set(path, { at: locate(at), value });
      open.push({ prefix: path, object: value });
    }
  }
  return properties;
}
