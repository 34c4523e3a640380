import type { Location } from '../../model/location.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import type { NameScope } from '../evaluation/scope.ts';
import { keyOf } from '../evaluation/value.ts';
import type { Expression } from '../languages/expression.ts';
import type { LocatedValue } from './template.ts';

/**
 * The place at which the value of a property is written: in the module call or parameter file that hands it over, if one does, and
 * there at the element of an object that is passed as a whole.
 */
export function writtenAt({ at, value }: LocatedValue, scope: NameScope): Location {
  const [name, ...others] = forwardedNames(value);
  if (name === undefined || others.length > 0) return at;
  const element = forwardedElement(value);
  return (element && placeOf(element, scope)) ?? scope.argument(name)?.at ?? at;
}

type Element = NonNullable<ReturnType<typeof forwardedElement>>;

function placeOf({ of, key }: Element, scope: NameScope): Location | undefined {
  const [owner, ...owners] = evaluate(of, scope);
  const [name, ...names] = evaluate(key, scope).map(keyOf);
  if (owner?.kind !== 'map' || owners.length > 0 || name === undefined || names.length > 0) return undefined;
  return owner.placeOf?.(name);
}

/** Functions that give what they are given. */
const transparent = new Set([
  'any',
  'bool',
  'not',
  'tobool',
  'coalesce',
  'try',
  'nonsensitive',
  'string',
  'tonumber',
  'int',
]);

/**
 * The names whose value an expression passes on, as `purge`, `!purge`, `purge ? true : null` and `settings.purge` do.
 * A value that depends on a name in another way, such as `env == 'prod'`, is decided at its own place.
 */
function forwardedNames(expression: Expression): readonly string[] {
  return [...new Set(namesIn(expression))];
}

/** The one element that an expression passes on, as `settings.purge` and `try(settings.purge, true)` do. */
function forwardedElement(expression: Expression): Extract<Expression, { kind: 'member' }> | undefined {
  switch (expression.kind) {
    case 'member':
      return expression;
    case 'opaque':
      return onlyElementIn(expression.parts);
    case 'choice':
      return onlyElementIn([...(expression.condition ? [expression.condition] : []), ...expression.options]);
    case 'call':
      return onlyElementIn(transparent.has(expression.name.toLowerCase()) ? expression.arguments : []);
    default:
      return undefined;
  }
}

function onlyElementIn(parts: readonly Expression[]): Extract<Expression, { kind: 'member' }> | undefined {
  const elements = parts.flatMap((part) => forwardedElement(part) ?? []);
  return elements[0];
}

function namesIn(expression: Expression | undefined): readonly string[] {
  switch (expression?.kind) {
    case 'parameter':
    case 'reference':
      return [expression.name.toLowerCase()];
    case 'member':
      return namesIn(expression.of);
    case 'opaque':
      return expression.parts.length === 1 ? namesIn(expression.parts[0]) : [];
    case 'choice':
      return [...namesIn(expression.condition), ...expression.options.flatMap(namesIn)];
    case 'call':
      return transparent.has(expression.name.toLowerCase()) ? expression.arguments.flatMap(namesIn) : [];
    default:
      return [];
  }
}
