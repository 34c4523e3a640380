import { located } from './located.ts';
import type { Locate } from './source-text.ts';
import type { Expression } from './syntax/expression.ts';
import type { Written } from './template.ts';

/** What an object hands over to the parameters of its keys, by their names in lower case. */
export function argumentsOf(object: Expression | undefined, locate: Locate): ReadonlyMap<string, Written> {
  const given = new Map<string, Written>();
  if (object?.kind !== 'object') return given;
  for (const { key, at, value } of object.entries) {
    if (key !== undefined) given.set(key.toLowerCase(), { at: locate(at), value: located(value, locate) });
  }
  return given;
}
