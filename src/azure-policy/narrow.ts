import type { Mistake } from '../documents/document.ts';
import type { Comparison, Condition } from '../model/rule.ts';
import { knownType, typesReadBy } from '../resource-types/known-type.ts';
import { policyField } from '../rules/catalogue/policy-field.ts';
import { readTemplate } from '../rules/condition/template.ts';
import { every, not, some, type Truth } from '../rules/condition/truth.ts';
import { operators } from '../rules/operators/index.ts';
import type { FieldSite } from './condition-reader.ts';

/** The types that a definition can be judged on: those that Azure Policy judges, too. */
export const policyTypes: readonly string[] = typesReadBy('live', 'inventory');

/** The types among `candidates` on which a condition may hold; all of them where it does not compare the type. */
export function typesAbout(condition: Condition, candidates = policyTypes): readonly string[] {
  return candidates.filter((type) => truthOn(condition, type) !== false);
}

/** The truth of a condition as far as the type of a resource decides it. */
function truthOn(condition: Condition, type: string): Truth {
  switch (condition.kind) {
    case 'allOf':
      return every(condition.conditions, (part) => truthOn(part, type));
    case 'anyOf':
      return some(condition.conditions, (part) => truthOn(part, type));
    case 'not':
      return not(truthOn(condition.condition, type));
    case 'comparison':
      return comparesType(condition)
        ? (operators[condition.operator]?.compile(condition.expected)(type) ?? 'unknown')
        : 'unknown';
  }
}

/** A comparison with a parameter is decided when its value is known. */
function comparesType({ operand, expected }: Comparison): boolean {
  if (operand.kind !== 'field' || operand.path !== 'type') return false;
  return [expected].flat().every((value) => typeof value !== 'string' || 'literal' in readTemplate(value));
}

/** The types that a condition names, as written. */
export function typesNamed(condition: Condition): readonly string[] {
  if (condition.kind === 'not') return typesNamed(condition.condition);
  if (condition.kind !== 'comparison') return condition.conditions.flatMap(typesNamed);
  if (!comparesType(condition)) return [];
  return [condition.expected].flat().filter((value) => typeof value === 'string');
}

/** The condition without what is the same on all of these types; a truth where nothing else is left. */
export function withoutType(condition: Condition, types: readonly string[]): Condition | boolean {
  const [truth, ...others] = new Set(types.map((type) => truthOn(condition, type)));
  if (others.length === 0 && typeof truth === 'boolean') return truth;
  if (condition.kind === 'comparison') return condition;
  if (condition.kind === 'not') {
    const part = withoutType(condition.condition, types);
    return typeof part === 'boolean' ? !part : { kind: 'not', condition: part };
  }
  const parts = condition.conditions
    .map((part) => withoutType(part, types))
    .filter((part) => typeof part !== 'boolean');
  const [only, ...more] = parts;
  return only !== undefined && more.length === 0 ? only : { kind: condition.kind, conditions: parts };
}

/** Finds wrong names of fields, for a definition about these types. */
export function checkFields(sites: readonly FieldSite[], types: readonly string[]): readonly Mistake[] {
  return sites.flatMap(({ name, path }): readonly Mistake[] => {
    const found = policyField(types, name);
    if ('path' in found || 'absent' in found) return [];
    const { problem, suggestion } = found;
    return [
      { path, message: suggestion === undefined ? problem : `${problem}. Did you mean ${suggestion}?` },
    ];
  });
}

/** The condition with fields under their canonical paths, and with what no resource of these types has as missing. */
export function withPaths(condition: Condition, types: readonly string[]): Condition {
  if (condition.kind === 'not') return { kind: 'not', condition: withPaths(condition.condition, types) };
  if (condition.kind !== 'comparison')
    return { kind: condition.kind, conditions: condition.conditions.map((part) => withPaths(part, types)) };
  const { operand } = condition;
  if (operand.kind === 'value') return condition;
  if (operand.kind === 'valueCount')
    return { ...condition, operand: { ...operand, ...whereOf(operand, types) } };
  const written = operand.kind === 'field' ? operand.path : operand.field;
  if (written.startsWith('[')) return condition;
  const found = policyField(types, written);
  if (!('path' in found)) return missing(condition);
  const here: Comparison =
    operand.kind === 'field'
      ? { ...condition, operand: { kind: 'field', path: found.path } }
      : { ...condition, operand: { kind: 'count', field: found.path, ...whereOf(operand, types) } };
  return onOwnType(here, missing(condition), { written, types });
}

function whereOf(
  { where }: { readonly where?: Condition },
  types: readonly string[],
): { readonly where?: Condition } {
  return where === undefined ? {} : { where: withPaths(where, types) };
}

/** The comparison on a resource that does not have the field: of nothing, of no elements, or of every one of none. */
function missing(comparison: Comparison): Comparison {
  const { operand } = comparison;
  if (operand.kind === 'count') return { ...comparison, operand: { kind: 'value', value: 0 } };
  if (operand.kind === 'field' && operand.path.includes('[*]'))
    return {
      kind: 'comparison',
      operand: { kind: 'value', value: true },
      operator: 'equals',
      expected: true,
    };
  return { ...comparison, operand: { kind: 'value', value: null } };
}

/** An alias is of one type: on resources of another there is nothing, though they may have a field of the same path. */
function onOwnType(
  here: Condition,
  elsewhere: Condition,
  { written, types }: { readonly written: string; readonly types: readonly string[] },
): Condition {
  const own = written.includes('/') ? knownType(written.slice(0, written.lastIndexOf('/')))?.type : undefined;
  if (own === undefined || types.length < 2) return here;
  const isOwn = (operator: string): Condition => {
    return { kind: 'comparison', operand: { kind: 'field', path: 'type' }, operator, expected: own };
  };
  return {
    kind: 'anyOf',
    conditions: [
      { kind: 'allOf', conditions: [isOwn('equals'), here] },
      { kind: 'allOf', conditions: [isOwn('notEquals'), elsewhere] },
    ],
  };
}
