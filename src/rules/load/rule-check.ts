import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../../model/json.ts';
import { ruleSchema } from '../schema/rule-schema.ts';
import { checkExampleNames, checkPatch, fieldFault } from './fields-check.ts';
import { conditionVocabulary } from '../schema/condition-schema.ts';
import { checkConditions } from './conditions-check.ts';
import { describeOtherFile } from './other-file.ts';
import type { CheckResult, Mistake } from '../../documents/document.ts';
import { checkParameters, checkTemplates } from '../parameters.ts';
import { validateBy } from '../../documents/schema/validate.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import { nearest } from '../../documents/suggestions.ts';

const validate = validateBy(ruleSchema, conditionVocabulary);

/** Checks a rule file by the schema, and all that can be checked without judging a resource. Never throws. */
export function checkRule(value: Json): CheckResult {
  if (sizeOf(value) > largest) return { mistakes: [tooLarge], warnings: [] };
  const otherFile = describeOtherFile(value);
  if (otherFile !== undefined) return { mistakes: [{ path: [], message: otherFile }], warnings: [] };
  const mistakes = validate(value);
  if (!isJsonObject(value)) return { mistakes, warnings: [] };
  const types = typesWritten(value);
  const templates = checkTemplates(value);
  const parts = [checkTypes(value), templates, checkConditions(value, types)];
  return {
    mistakes: [
      ...withoutThoseAt(templates.mistakes, [...mistakes, ...parts.flatMap((part) => part.mistakes)]),
      ...checkParameters(value),
      ...checkUnset(value['unset'], types),
      ...checkPatch(patchOf(value), types),
    ],
    warnings: [...parts.flatMap((part) => part.warnings), ...checkExampleNames(value['examples'], types)],
  };
}

/** The most values that a rule file may hold, far more than any rule has: the time of checking grows with their square. */
const largest = 10_000;

const tooLarge: Mistake = { path: [], message: `this is not a rule: it holds more than ${largest} values` };

function sizeOf(value: Json | undefined): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values<Json | undefined>(value).reduce<number>((sum, item) => sum + sizeOf(item), 1);
}

/** Leaves out what is wrong at the same place as a misspelt expression, for it comes of that. */
function withoutThoseAt(known: readonly Mistake[], mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.filter(
    (mistake) =>
      known.includes(mistake) ||
      !known.some(({ path }) => path.every((step, index) => mistake.path[index] === step)),
  );
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

/** The resource types that a rule file names, as written. */
function typesWritten({ resourceType }: JsonObject): readonly string[] {
  return [resourceType].flat().filter((type) => typeof type === 'string');
}

/** Checks that there are resources of these types: a rule about a misspelt type would silently match nothing. */
function checkTypes({ resourceType }: JsonObject): CheckResult {
  const sites: readonly { readonly type: Json; readonly path: JsonPath }[] = Array.isArray(resourceType)
    ? resourceType.map((type: Json, index) => ({ type, path: ['resourceType', index] }))
    : [{ type: resourceType ?? null, path: ['resourceType'] }];
  const known = resourceTypes.map(({ type }) => type);
  const strange = sites.flatMap(({ type, path }) => {
    if (typeof type !== 'string' || known.some((each) => each.toLowerCase() === type.toLowerCase()))
      return [];
    return [{ type, path, near: nearestType(type, known) }];
  });
  return {
    mistakes: strange.flatMap(({ type, path, near }): readonly Mistake[] =>
      near === undefined ? [] : [{ path, message: `unknown resource type "${type}". Did you mean ${near}?` }],
    ),
    warnings: strange.flatMap(({ type, path, near }): readonly Mistake[] =>
      near === undefined
        ? [{ path, message: `no resources of the type ${type} are read, so nothing is judged` }]
        : [],
    ),
  };
}

/** The known type that was meant, if namespace and name are both near: deletedVaults are not misspelt vaults. */
function nearestType(written: string, known: readonly string[]): string | undefined {
  const [namespace, name] = parts(written);
  return known.find((type) => {
    const [knownNamespace, knownName] = parts(type);
    return [nearest(namespace, [knownNamespace]), nearest(name, [knownName])].every(
      (each) => each !== undefined,
    );
  });
}

function parts(type: string): readonly [string, string] {
  const slash = type.indexOf('/');
  return slash === -1 ? ['', type] : [type.slice(0, slash), type.slice(slash + 1)];
}
