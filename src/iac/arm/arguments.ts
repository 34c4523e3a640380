import type { Locate } from '../checkout/source-text.ts';
import { type Entry, type Expression, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { argumentsOf } from '../programs/object-properties.ts';
import type { LocatedValue, Parameter } from '../programs/template.ts';

/**
 * `{ "name": { "value": … } }`, located at the name. An argument without a value is given nonetheless: a reference to a
 * secret, or an expression for both.
 */
export function passedArguments(
  parameters: Expression | undefined,
  { locate }: { readonly locate: Locate },
): ReadonlyMap<string, LocatedValue> {
  const given = new Map<string, LocatedValue>();
  for (const [name, { at, value }] of argumentsOf(parameters, locate)) {
    given.set(name, { at, value: valueOf(value, 'value') ?? notWritten });
  }
  return given;
}

/** A value that is decided elsewhere. */
const notWritten: Expression = { kind: 'call', name: 'elsewhere()', arguments: [] };

/** True where the name of each argument is written; ARM also takes an expression for all of them. */
export function isReadWhole(parameters: Expression): boolean {
  return parameters.kind === 'object' && parameters.entries.every(({ key }) => key !== undefined);
}

/** A parameter as a template declares it, by its name in lower case. */
export function parameterOf({ key = '', value }: Entry): readonly [string, Parameter] {
  const allowed = optional('allowed', valueOf(value, 'allowedValues'));
  const nullable = valueOf(value, 'nullable');
  const isNullable = nullable?.kind === 'literal' && nullable.value === true;
  const standard = optional('default', valueOf(value, 'defaultValue'));
  return [key.toLowerCase(), { isNullable, ...standard, ...allowed }];
}

/** An output by its name; none where it has no value. */
export function outputOf({ key = '', value }: Entry): readonly (readonly [string, Expression])[] {
  const output = valueOf(value, 'value');
  return output === undefined ? [] : [[key, output]];
}

/** The address or the template spec that a deployment links to, as far as it is written. */
export function linkText(properties: Expression | undefined): string | undefined {
  const link = valueOf(properties, 'templateLink');
  return textOf(valueOf(link, 'uri')) ?? textOf(valueOf(link, 'id'));
}
