import type { Json } from './json.ts';

/** The value of a field that a condition compares; `undefined` where the field is missing. */
export type Actual = Json | undefined;

/** The operand of a condition: a field of the resource by canonical path, or a literal value. */
type Operand =
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'value'; readonly value: Json };

/** Azure Policy's `count`: the elements of an array, optionally only those for which `where` holds. */
export interface Count {
  readonly field: string;
  readonly where?: Condition;
}

/** One comparison. `operator` is a key of the operator registry; `expected` may be `[parameters('name')]`. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly operand: Operand | ({ readonly kind: 'count' } & Count);
  readonly operator: string;
  readonly expected: Json;
}

/** The condition language of Azure Policy, after parsing. */
export type Condition =
  | { readonly kind: 'allOf'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'anyOf'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | Comparison;
