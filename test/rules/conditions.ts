import type { Json } from '../../src/model/json.ts';
import type { Comparison, Condition } from '../../src/model/rule.ts';

/** Compares a field. */
export function field(path: string, operator: string, expected: Json): Comparison {
  return { kind: 'comparison', operand: { kind: 'field', path }, operator, expected };
}

/** Compares a literal. */
export function literal(value: Json, operator: string, expected: Json): Comparison {
  return { kind: 'comparison', operand: { kind: 'value', value }, operator, expected };
}

/** Compares the number of elements, or of those for which `where` holds. */
export function count(
  path: string,
  where: Condition | undefined,
  [operator, expected]: readonly [string, Json],
): Comparison {
  const operand = { kind: 'count', field: path, ...(where === undefined ? {} : { where }) } as const;
  return { kind: 'comparison', operand, operator, expected };
}

/** Wants a property to be true. */
export function isTrue(name: string): Comparison {
  return field(`properties.${name}`, 'equals', true);
}

/** All must hold. */
export function allOf(...conditions: readonly Condition[]): Condition {
  return { kind: 'allOf', conditions };
}

/** One must hold. */
export function anyOf(...conditions: readonly Condition[]): Condition {
  return { kind: 'anyOf', conditions };
}

/** Must not hold. */
export function not(condition: Condition): Condition {
  return { kind: 'not', condition };
}
