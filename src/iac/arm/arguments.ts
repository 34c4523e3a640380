import type { Locate } from '../checkout/source-text.ts';
import { type Expression, valueOf } from '../languages/expression.ts';
import { argumentsOf } from '../programs/object-properties.ts';
import type { LocatedValue } from '../programs/template.ts';

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
