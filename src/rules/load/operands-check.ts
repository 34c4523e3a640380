import { isJsonObject, type Json, type JsonPath } from '../../model/json.ts';
import type { KnownField } from '../catalogue/canonical-field.ts';
import type { FieldType } from '../../resource-types/resource-type.ts';
import { type ParameterValues, readTemplate, resolveTemplate } from '../condition/template.ts';
import { operators } from '../operators/index.ts';
import type { OperatorKind } from '../operators/operator.ts';
import { type CheckResult, noIssues } from '../../documents/document.ts';
import { kindInWords, shown } from '../../documents/value-wording.ts';
import { suggestion } from '../../documents/suggestions.ts';

/** Kinds that compare for equality, and so with values that a field can have. */
const equality: ReadonlySet<OperatorKind | undefined> = new Set(['equality', 'membership']);

/** Checks an operand against what its field holds: a comparison that can never hold is a mistake. */
export function checkOperand(operand: Operand, field: KnownField, defaults: ParameterValues): CheckResult {
  const { operator, path } = operand;
  const { type } = field;
  const kind = operators[operator]?.kind;
  if (type === undefined || kind === 'presence') return noIssues;
  const misused = misuse(operator, field.path, type);
  if (misused !== undefined) return { mistakes: [{ path, at: 'key', message: misused }], warnings: [] };
  if (!equality.has(kind) && kind !== 'order') return noIssues;
  const values = valuesOf(operand, defaults);
  const wrong = values.find((value) => !fits(value, type));
  if (wrong !== undefined) {
    const message = `${field.path} is ${kindInWords(type)}; it is never ${shown(wrong)}`;
    return { mistakes: [{ path, message }], warnings: [] };
  }
  return equality.has(kind) ? unfamiliar(values, field, path) : noIssues;
}

/** Checks what a count is compared with. */
export function checkCountOperand(operand: Operand, defaults: ParameterValues): CheckResult {
  const { operator, path } = operand;
  const kind = operators[operator]?.kind;
  if (!equality.has(kind) && kind !== 'order') {
    const message = `"${operator}" cannot compare a count; use equals, in, less, greater or similar`;
    return { mistakes: [{ path, at: 'key', message }], warnings: [] };
  }
  const wrong = valuesOf(operand, defaults).find((value) => !/^\d+$/u.test(scalarText(value)));
  if (wrong === undefined) return noIssues;
  return {
    mistakes: [{ path, message: `a count is a whole number; it is never ${shown(wrong)}` }],
    warnings: [],
  };
}

/** The values compared with, parameters at their defaults; none for a parameter that has none. */
function valuesOf({ expected }: Operand, defaults: ParameterValues): readonly Json[] {
  const values = [resolveTemplate(expected, defaults)].flat();
  return values.filter(
    (value) => value !== null && !(typeof value === 'string' && 'parameter' in readTemplate(value)),
  );
}

function misuse(operator: string, path: string, type: FieldType): string | undefined {
  const kind = operators[operator]?.kind;
  if (kind === 'key') {
    return type === 'object'
      ? undefined
      : `"${operator}" looks for a key, but ${path} is ${kindInWords(type)}`;
  }
  const isText = type === 'string' || typeof type !== 'string';
  if (kind === 'containment') {
    return isText || type === 'array'
      ? undefined
      : `"${operator}" needs text or a list, but ${path} is ${kindInWords(type)}`;
  }
  if (type === 'array') return `${path} is a list; add [*] to compare its elements, or use contains`;
  if (type === 'object') return `${path} is an object; compare a field in it, or use containsKey`;
  if (kind === 'order' && type === 'boolean')
    return `"${operator}" cannot compare ${path}, which is true or false`;
  return undefined;
}

function fits(value: Json, type: FieldType): boolean {
  if (type === 'boolean') return /^(true|false)$/iu.test(scalarText(value));
  if (type === 'integer') return /^[+-]?\d+(\.\d+)?$/u.test(scalarText(value));
  return true;
}

/** Azure may add values, so one that is not known is only suspicious. */
function unfamiliar(values: readonly Json[], { path: field, type }: KnownField, path: JsonPath): CheckResult {
  if (typeof type === 'string' || type === undefined) return noIssues;
  const known = new Set(type.map((word) => word.toLowerCase()));
  const unfamiliarValue = values.find((value) => !known.has(scalarText(value).toLowerCase()));
  if (unfamiliarValue === undefined) return noIssues;
  const hint = suggestion(scalarText(unfamiliarValue), type) || `; known: ${type.join(', ')}`;
  const message = `${shown(unfamiliarValue)} is not a known value of ${field}${hint}`;
  return { mistakes: [], warnings: [{ path, message }] };
}

/** A scalar as text; empty for a list or an object, which no comparison takes. */
function scalarText(value: Json): string {
  return typeof value === 'object' ? '' : String(value);
}

/** An operator in a rule file with the value written after it. */
export interface Operand {
  readonly operator: string;
  readonly expected: Json;
  readonly path: JsonPath;
}

/** Checks an operand for what is wrong whatever it is compared with. */
export function checkOperandAlone(operand: Operand, defaults: ParameterValues): CheckResult {
  const { operator, expected, path } = operand;
  const kind = operators[operator]?.kind;
  const isList = kind === 'membership';
  const misfit = misfitOf(operand, defaults, isList);
  if (misfit !== undefined) return { mistakes: [{ path, message: misfit }], warnings: [] };
  if (isList && Array.isArray(expected) && expected.length === 0) {
    const outcome = isNegated(operator) ? 'always' : 'never';
    return {
      mistakes: [{ path, message: `"${operator}" with an empty list ${outcome} holds` }],
      warnings: [],
    };
  }
  const mispatterned = patternFault(operand, defaults);
  if (mispatterned !== undefined) return { mistakes: [{ path, message: mispatterned }], warnings: [] };
  if (kind !== 'wildcard' || typeof expected !== 'string' || /\*|^\[/u.test(expected)) return noIssues;
  const plain = isNegated(operator) ? 'notEquals' : 'equals';
  return { mistakes: [], warnings: [{ path, message: `"${operator}" without * is the same as ${plain}` }] };
}

/** The schema has judged a pattern that is written out, but not the default of a parameter. */
function patternFault({ operator, expected }: Operand, defaults: ParameterValues): string | undefined {
  const { not, patternErrorMessage } = operators[operator]?.operand ?? {};
  const refused = isJsonObject(not) ? not['pattern'] : undefined;
  const value = resolveTemplate(expected, defaults);
  if (typeof refused !== 'string' || typeof patternErrorMessage !== 'string') return undefined;
  if (typeof value !== 'string' || value === expected) return undefined;
  if (!new RegExp(refused, 'u').test(value)) return undefined;
  return `"${operator}" must be ${patternErrorMessage}, but its parameter is ${shown(value)}`;
}

/** Negated operators hold on a missing field. */
function isNegated(operator: string): boolean {
  return operators[operator]?.compile('')(undefined) === true;
}

/** A parameter in the place of a list must hold a list, and nowhere else may it. */
function misfitOf(
  { operator, expected }: Operand,
  defaults: ParameterValues,
  isList: boolean,
): string | undefined {
  const template = readTemplate(typeof expected === 'string' ? expected : '');
  const value = 'parameter' in template ? defaults[template.parameter] : undefined;
  if (!('parameter' in template) || value === undefined || value === null) return undefined;
  if (Array.isArray(value) === isList) return undefined;
  const name = `the parameter "${template.parameter}"`;
  return isList
    ? `"${operator}" needs a list, but ${name} holds none`
    : `"${operator}" takes one value, but ${name} holds a list`;
}
