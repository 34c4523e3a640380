import type { Location } from '../model/location.ts';
import { evaluate } from './evaluation/evaluate.ts';
import type { Scope } from './evaluation/scope.ts';
import { keyOf } from './evaluation/value.ts';
import { elementPassedOn, passedOn } from './passed-on.ts';
import type { Written } from './template.ts';

/**
 * Where the value of a property is written: in the module call or parameter file that hands it over, if one does, and
 * there at the element of an object that is handed over whole.
 */
export function writtenAt({ at, value }: Written, scope: Scope): Location {
  const [name, ...others] = passedOn(value);
  if (name === undefined || others.length > 0) return at;
  const element = elementPassedOn(value);
  return (element && placeOf(element, scope)) ?? scope.argument(name)?.at ?? at;
}

type Element = NonNullable<ReturnType<typeof elementPassedOn>>;

function placeOf({ of, key }: Element, scope: Scope): Location | undefined {
  const [owner, ...owners] = evaluate(of, scope);
  const [name, ...names] = evaluate(key, scope).map(keyOf);
  if (owner?.kind !== 'map' || owners.length > 0 || name === undefined || names.length > 0) return undefined;
  return owner.placeOf?.(name);
}
