import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Comparison, Condition } from '../../model/condition.ts';
import { canonicalField } from '../catalogue/canonical-field.ts';

/** Reads a condition that the schema has accepted; fields come out under their canonical paths. */
export function toCondition(raw: Json | undefined, resourceTypes: readonly string[]): Condition {
  if (!isJsonObject(raw)) throw new Error('a condition that is no object reached the compiler');
  const { allOf, anyOf, not } = raw;
  if (Array.isArray(allOf)) return { kind: 'allOf', conditions: toConditions(allOf, resourceTypes) };
  if (Array.isArray(anyOf)) return { kind: 'anyOf', conditions: toConditions(anyOf, resourceTypes) };
  if (not !== undefined) return { kind: 'not', condition: toCondition(not, resourceTypes) };
  const { field, value, count, ...rest } = raw;
  const [operator = '', expected = null] = Object.entries(rest)[0] ?? [];
  return {
    kind: 'comparison',
    operand: toOperand({ field, value, count }, resourceTypes),
    operator,
    expected,
  };
}

function toConditions(items: readonly Json[], resourceTypes: readonly string[]): readonly Condition[] {
  return items.map((item) => toCondition(item, resourceTypes));
}

function toOperand(
  { field, value, count }: JsonObject,
  resourceTypes: readonly string[],
): Comparison['operand'] {
  if (typeof field === 'string') return { kind: 'field', path: pathOf(field, resourceTypes) };
  if (!isJsonObject(count)) return { kind: 'value', value: value ?? null };
  const { field: array, where } = count;
  return {
    kind: 'count',
    field: pathOf(typeof array === 'string' ? array : '', resourceTypes),
    ...(where === undefined ? {} : { where: toCondition(where, resourceTypes) }),
  };
}

/** The canonical path of a field; a name that is not known stays as it is. */
export function pathOf(written: string, resourceTypes: readonly string[]): string {
  const found = canonicalField(resourceTypes, written);
  return 'path' in found ? found.path : written;
}
