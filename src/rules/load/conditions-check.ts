import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../../model/json.ts';
import type { ParameterValues } from '../condition/template.ts';
import { operators } from '../operators/index.ts';
import type { CheckResult, Mistake } from '../../documents/document.ts';
import { checkCountOperand, checkOperand, checkOperandAlone, type Operand } from './operands-check.ts';
import { canonicalField, type KnownField } from '../catalogue/canonical-field.ts';
import { isAtOrBelow } from '../../model/field-path.ts';

/** Checks the fields and operands of every condition of a rule file. */
export function checkConditions(rule: JsonObject, resourceTypes: readonly string[]): CheckResult {
  const defaults = defaultsOf(rule['parameters']);
  const sites = ['when', 'require'].flatMap((key) => conditionSites(rule[key], [key], resourceTypes));
  const found = sites.flatMap((site) => checkSite(site, resourceTypes, defaults));
  return {
    mistakes: found.flatMap(({ mistakes }) => mistakes),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}

function checkSite(
  site: ConditionSite,
  resourceTypes: readonly string[],
  defaults: ParameterValues,
): readonly CheckResult[] {
  const { field, mistakes } = checkFieldOf(site, resourceTypes);
  const checks = operandsOf(site).map((operand): readonly CheckResult[] => {
    const alone = checkOperandAlone(operand, defaults);
    if (site.condition['count'] !== undefined) return [alone, checkCountOperand(operand, defaults)];
    return field === undefined ? [alone] : [alone, checkOperand(operand, field, defaults)];
  });
  return [{ mistakes, warnings: [] }, ...checks.flat()];
}

/** The operators of a condition whose operands have the type that the schema wants. */
function operandsOf({ condition, path }: ConditionSite): readonly Operand[] {
  return Object.entries(condition).flatMap(([operator, expected]) => {
    const isList = operators[operator]?.kind === 'membership';
    const isReadable = isList ? Array.isArray(expected) || typeof expected === 'string' : isScalar(expected);
    if (!Object.hasOwn(operators, operator) || !isReadable || expected === undefined) return [];
    return [{ operator, expected, path: [...path, operator] }];
  });
}

function isScalar(value: Json | undefined): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function defaultsOf(parameters: Json | undefined): ParameterValues {
  const entries = Object.entries(isJsonObject(parameters) ? parameters : {});
  return Object.fromEntries(
    entries.map(([name, definition]) => [
      name,
      (isJsonObject(definition) ? definition['default'] : null) ?? null,
    ]),
  );
}

/** One condition of a rule file as written, and its place in the file. */
interface ConditionSite {
  readonly condition: JsonObject;
  readonly path: JsonPath;
  /** Canonical paths of the `count` fields around it, outermost first. */
  readonly counted: readonly string[];
}

/** Every condition in a value that may not be well-formed, outermost first. */
function conditionSites(
  value: Json | undefined,
  path: JsonPath,
  resourceTypes: readonly string[],
): readonly ConditionSite[] {
  return sitesIn(value, { path, counted: [] }, resourceTypes);
}

type ConditionPlace = Omit<ConditionSite, 'condition'>;

function sitesIn(
  value: Json | undefined,
  place: ConditionPlace,
  resourceTypes: readonly string[],
): readonly ConditionSite[] {
  if (!isJsonObject(value)) return [];
  const { path, counted } = place;
  const within = (child: Json | undefined, ...steps: JsonPath): readonly ConditionSite[] =>
    sitesIn(child, { path: [...path, ...steps], counted }, resourceTypes);
  const listed = (key: string): readonly ConditionSite[] => {
    const items = value[key];
    return Array.isArray(items) ? items.flatMap((item: Json, index) => within(item, key, index)) : [];
  };
  const { count } = value;
  return [
    { condition: value, path, counted },
    ...listed('allOf'),
    ...listed('anyOf'),
    ...within(value['not'], 'not'),
    ...(isJsonObject(count) ? sitesInWhere(count, place, resourceTypes) : []),
  ];
}

function sitesInWhere(
  count: JsonObject,
  { path, counted }: ConditionPlace,
  resourceTypes: readonly string[],
): readonly ConditionSite[] {
  const { field, where } = count;
  const known = typeof field === 'string' ? canonicalField(resourceTypes, field) : undefined;
  const inner = known !== undefined && 'path' in known ? [...counted, known.path] : counted;
  return sitesIn(where, { path: [...path, 'count', 'where'], counted: inner }, resourceTypes);
}

/** The field that a condition names, if it names a known one, and what is wrong with the name. */
interface FieldCheck {
  readonly field?: KnownField;
  readonly mistakes: readonly Mistake[];
}

/** Checks the field, or the counted array, that a condition is about. */
function checkFieldOf(site: ConditionSite, resourceTypes: readonly string[]): FieldCheck {
  const { condition, path, counted } = site;
  const { field, count } = condition;
  if (typeof field === 'string')
    return checkName(field, { path: [...path, 'field'], counted, resourceTypes });
  if (!isJsonObject(count) || typeof count['field'] !== 'string') return { mistakes: [] };
  const place = { path: [...path, 'count', 'field'], counted, resourceTypes };
  const { field: known, mistakes } = checkName(count['field'], place);
  if (known === undefined || known.path.endsWith('[*]')) return { mistakes };
  const hint = known.type === 'array' ? `; write "${known.path}[*]"` : '';
  return {
    mistakes: [...mistakes, { path: place.path, message: `a count needs an array that ends in [*]${hint}` }],
  };
}

/** Describes what is wrong with the name of a field; `undefined` when it is a field. */
export function fieldFault(resourceTypes: readonly string[], written: string): string | undefined {
  const found = canonicalField(resourceTypes, written);
  if ('path' in found) return undefined;
  return found.suggestion === undefined
    ? found.problem
    : `${found.problem}. Did you mean ${found.suggestion}?`;
}

interface FieldSite {
  readonly path: JsonPath;
  readonly counted: readonly string[];
  readonly resourceTypes: readonly string[];
}

function checkName(written: string, { path, counted, resourceTypes }: FieldSite): FieldCheck {
  const fault = written === '' ? undefined : fieldFault(resourceTypes, written);
  if (fault !== undefined) return { mistakes: [{ path, message: fault }] };
  const field = canonicalField(resourceTypes, written);
  if (!('path' in field)) return { mistakes: [] };
  const innermost = counted.at(-1);
  if (innermost === undefined || counted.some((array) => isAtOrBelow(field.path, array))) {
    return { field, mistakes: [] };
  }
  const message = `"${written}" lies outside the counted array; in this where, fields begin with ${innermost}`;
  return { field, mistakes: [{ path, message }] };
}
