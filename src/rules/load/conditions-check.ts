import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { ParameterValues } from '../condition/template.ts';
import { operators } from '../operators/index.ts';
import { type ConditionSite, conditionSites } from './condition-sites.ts';
import { checkFieldOf } from './fields-check.ts';
import type { CheckResult } from '../../documents/document.ts';
import { checkOperandAlone, type Operand } from './operand.ts';
import { checkCountOperand, checkOperand } from './operands-check.ts';

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
