import type { Locate } from '../checkout/source-text.ts';
import type { Expression } from '../languages/expression.ts';
import type { LocatedValue } from './template.ts';

/**
 * The properties of an object as ARM knows them, with all that is written below them: `properties.networkacls` and
 * `properties.networkacls.defaultaction`. Paths are in lower case, since ARM's names are compared so.
 */
export function objectProperties(
  object: Expression | undefined,
  locate: Locate,
  prefix = 'properties',
): ReadonlyMap<string, LocatedValue> {
  const properties = new Map<string, LocatedValue>();
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

/** The values that an object gives the parameters named by its keys, in lower case. */
export function argumentsOf(
  object: Expression | undefined,
  locate: Locate,
): ReadonlyMap<string, LocatedValue> {
  const given = new Map<string, LocatedValue>();
  if (object?.kind !== 'object') return given;
  for (const { key, at, value } of object.entries) {
    if (key !== undefined) given.set(key.toLowerCase(), { at: locate(at), value: located(value, locate) });
  }
  return given;
}

/** The expression with the places of the keys of every object in it. */
export function located(expression: Expression, locate: Locate): Expression {
  if (expression.kind === 'array')
    return { ...expression, items: expression.items.map((item) => located(item, locate)) };
  if (expression.kind !== 'object') return expression;
  const entries = expression.entries.map((entry) => ({ ...entry, value: located(entry.value, locate) }));
  return { ...expression, entries, locate };
}
