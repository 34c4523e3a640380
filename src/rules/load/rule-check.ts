import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { ruleSchema } from '../schema/rule-schema.ts';
import { checkExampleNames, checkPatch } from './bodies-check.ts';
import { conditionVocabulary } from './condition-vocabulary.ts';
import { checkConditions } from './conditions-check.ts';
import { fieldFault } from './fields-check.ts';
import type { CheckResult, Mistake } from '../../documents/document.ts';
import { checkParameters } from './parameters-check.ts';
import { checkTemplates } from './templates-check.ts';
import { checkTypes, typesOf } from './types-check.ts';
import { validateBy } from '../../documents/schema/validate.ts';

const validate = validateBy(ruleSchema, conditionVocabulary);

/** Checks a rule file by the schema and beyond it, as far as one can without judging anything. Never throws. */
export function checkRule(value: Json): CheckResult {
  if (sizeOf(value) > largest) return { mistakes: [tooLarge], warnings: [] };
  const mistakes = validate(value);
  if (!isJsonObject(value)) return { mistakes, warnings: [] };
  if (isAzurePolicy(value)) return { mistakes: [azurePolicy], warnings: [] };
  const types = typesOf(value);
  const parts = [checkTypes(value), checkTemplates(value), checkConditions(value, types)];
  return {
    mistakes: [
      ...mistakes,
      ...parts.flatMap((part) => part.mistakes),
      ...checkParameters(value),
      ...checkUnset(value['unset'], types),
      ...checkPatch(patchOf(value), types),
    ],
    warnings: [...parts.flatMap((part) => part.warnings), ...checkExampleNames(value['examples'], types)],
  };
}

/** So many values are far more than any rule has; checking takes the square of their number. */
const largest = 10_000;

const tooLarge: Mistake = { path: [], message: `this is not a rule: it holds more than ${largest} values` };

function sizeOf(value: Json | undefined): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values<Json | undefined>(value).reduce<number>((sum, item) => sum + sizeOf(item), 1);
}

const azurePolicy: Mistake = {
  path: [],
  message: 'this is an Azure Policy definition, not a rule; a rule says under require what must hold',
};

function isAzurePolicy(value: JsonObject): boolean {
  const { properties } = value;
  const definition = isJsonObject(properties) ? properties['policyRule'] : value['policyRule'];
  return definition !== undefined || (value['if'] !== undefined && value['then'] !== undefined);
}

function checkUnset(unset: Json | undefined, types: readonly string[]): readonly Mistake[] {
  if (!isJsonObject(unset)) return [];
  return Object.keys(unset).flatMap((field): readonly Mistake[] => {
    const fault = fieldFault(types, field);
    return fault === undefined ? [] : [{ path: ['unset', field], at: 'key', message: fault }];
  });
}

function patchOf(rule: JsonObject): Json | undefined {
  const { remediation } = rule;
  return isJsonObject(remediation) ? remediation['patch'] : undefined;
}
