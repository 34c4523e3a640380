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
  /** Elements for which it is false are left out. */
  readonly condition?: Expression;
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
  /** `list...`, as the last arguments of a call, and `...list` in a list. */
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

/** Operators from those that bind least; what is left binds more, and is not worked out. */
const levels: readonly ReadonlySet<string>[] = [
  new Set(['??']),
  new Set(['||']),
  new Set(['&&']),
  new Set(['==', '!=', '=~', '!~']),
];

/**
 * The expression that operands with binary operators between them make: a choice for `??`, calls of the functions that ARM
 * has for the logical operators and for equality, and something opaque for any other.
 */
export function combined(operands: readonly Expression[], operators: readonly string[]): Expression {
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) return only;
  const level = levels.find((one) => operators.some((operator) => one.has(operator)));
  if (level === undefined) return { kind: 'opaque', parts: operands };
  const parts: Expression[] = [];
  const between: string[] = [];
  let start = 0;
  for (let index = 0; index <= operators.length; index += 1) {
    const operator = operators[index];
    if (operator !== undefined && !level.has(operator)) continue;
    parts.push(combined(operands.slice(start, index + 1), operators.slice(start, index)));
    if (operator !== undefined) between.push(operator);
    start = index + 1;
  }
  return operation(parts, between);
}

/** ARM's `not` of a value. */
export function negation(of: Expression): Expression {
  return call('not', [of]);
}

/** Operators of one level between values. */
function operation(parts: readonly Expression[], operators: readonly string[]): Expression {
  const [operator] = operators;
  if (operator === '??') return call('coalesce', parts);
  if (operator === '||') return call('or', parts);
  if (operator === '&&') return call('and', parts);
  if (parts.length > 2 || (operator !== '==' && operator !== '!=')) return { kind: 'opaque', parts };
  const equality = call('equals', parts);
  return operator === '==' ? equality : negation(equality);
}

function call(name: string, args: readonly Expression[]): Expression {
  return { kind: 'call', name, arguments: args };
}
