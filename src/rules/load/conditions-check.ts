import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../../model/json.ts';
import type { ParameterValues } from '../condition/template.ts';
import { operators } from '../operators/index.ts';
import type { CheckResult } from '../../documents/document.ts';
import { canonicalField } from '../catalogue/canonical-field.ts';
import { checkFieldOf, checkValueOf, type ConditionSite } from './fields-check.ts';
import { checkCountOperand, checkOperand, checkOperandAlone, type Operand } from './operands-check.ts';

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
  return [{ mistakes, warnings: [] }, checkValueOf(site, resourceTypes), ...checks.flat()];
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
