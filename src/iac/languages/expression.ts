import type { Location } from '../../model/location.ts';

/** A property, attribute or argument as it is written. `key` is absent where the text does not show it. */
export interface Entry {
  readonly key?: string;
  /** Offset of the key. */
  readonly at: number;
  readonly value: Expression;
}

/** `[for k, v in over: value]`; with `key`, the `{ for … : key => value }` of Terraform. */
export interface ForExpression {
  readonly kind: 'for';
  readonly keyName?: string;
  readonly valueName: string;
  readonly over: Expression;
  readonly key?: Expression;
  readonly value: Expression;
}

/** A resource or module call for each element of `over`: of a list or map, or as often as a number says. */
export interface Loop {
  readonly over: Expression;
  readonly keyName?: string;
  readonly valueName?: string;
  /** Terraform's sets: the key of an element is the element itself. */
  readonly keyedByItem: boolean;
}

/** An expression of Bicep, ARM or Terraform, as far as the name of a vault can depend on it. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | {
      readonly kind: 'object';
      readonly entries: readonly Entry[];
      readonly at?: number;
      /** Finds the places of its keys, in a value that is passed to a template. */
      readonly locate?: (offset: number) => Location;
    }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'choice'; readonly condition?: Expression; readonly options: readonly Expression[] }
  /** `list...`, as the last arguments of a call. */
  | { readonly kind: 'expansion'; readonly of: Expression }
  | { readonly kind: 'opaque'; readonly parts: readonly Expression[] }
  | ForExpression;

/** An expression of which nothing is known. */
export const opaque: Expression = { kind: 'opaque', parts: [] };

/** The element of that name. */
export function elementNamed(of: Expression, name: string): Expression {
  return { kind: 'member', of, key: { kind: 'literal', value: name } };
}

/** The value of that key, in any letter case. */
export function valueOf(expression: Expression | undefined, key: string): Expression | undefined {
  return entryOf(expression, key)?.value;
}

/** The text of a literal string. */
export function textOf(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'literal' && typeof expression.value === 'string'
    ? expression.value
    : undefined;
}

/** The entry of that key, in any letter case; `undefined` where `expression` is not an object. */
function entryOf(expression: Expression | undefined, key: string): Entry | undefined {
  if (expression?.kind !== 'object') return undefined;
  const wanted = key.toLowerCase();
  return expression.entries.find((entry) => entry.key?.toLowerCase() === wanted);
}
