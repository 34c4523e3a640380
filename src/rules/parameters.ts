import { isJsonObject, type Json, type JsonObject, type JsonPath, parseJson } from '../model/json.ts';
import type { ParameterDefinition } from '../model/rule.ts';
import { parameterTypes } from './schema/parameter-schema.ts';
import type { CheckResult, Mistake } from '../documents/document.ts';
import { readTemplate } from './condition/template.ts';
import { suggestion } from '../documents/suggestions.ts';

/** Describes a mistake in a parameter's value, in words that follow its name; `undefined` when there is none. */
export function checkParameter(definition: ParameterDefinition, value: Json): string | undefined {
  if (!hasType(definition.type, value)) return `must be ${article(definition.type)}, not ${describe(value)}`;
  const { minimum, maximum, allowedValues } = definition;
  if (typeof value === 'number' && minimum !== undefined && value < minimum) {
    return `must be at least ${minimum}, not ${value}`;
  }
  if (typeof value === 'number' && maximum !== undefined && value > maximum) {
    return `must be at most ${maximum}, not ${value}`;
  }
  if (allowedValues !== undefined && !allowedValues.some((allowed) => allowed === value)) {
    return `must be one of ${allowedValues.map(describe).join(', ')}, not ${describe(value)}`;
  }
  return undefined;
}

/**
 * Reads a value as written on the command line: numbers and booleans by the parameter's type, arrays as JSON or as
 * text parted by commas. What does not fit comes back as text, for `checkParameter` to refuse.
 */
export function parseParameter(definition: ParameterDefinition, text: string): Json {
  const { type } = definition;
  if (type === 'string') return text;
  if (type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : text;
  if (type === 'array') return text.trim().startsWith('[') ? parseArray(text) : text.split(',');
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function hasType(type: ParameterDefinition['type'], value: Json): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'array') return Array.isArray(value);
  return typeof value === type;
}

function parseArray(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function describe(value: Json): string {
  return JSON.stringify(value);
}

/** Checks the parameters that a rule file declares against themselves: a default must be a value that is allowed. */
export function checkParameters(rule: JsonObject): readonly Mistake[] {
  const declared = isJsonObject(rule['parameters']) ? rule['parameters'] : {};
  return Object.entries(declared).flatMap(([name, definition]) =>
    isDefinition(definition) ? checkDefinition(name, definition) : [],
  );
}

function checkDefinition(name: string, definition: ParameterDefinition): readonly Mistake[] {
  const { type, minimum, maximum, allowedValues } = definition;
  const at = (key: string, message: string): Mistake => ({ path: ['parameters', name, key], message });
  const bound = (['minimum', 'maximum'] as const).find((key) => definition[key] !== undefined);
  if (type !== 'integer' && type !== 'number' && bound !== undefined) {
    return [at(bound, `"${bound}" is for numbers; "${name}" is of type ${type}`)];
  }
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    return [at('minimum', `"minimum" ${minimum} is above "maximum" ${maximum}: no value is allowed`)];
  }
  const { allowedValues: _, ...unlisted } = definition;
  const wrongItem = allowedValues
    ?.map((value) => checkParameter(unlisted, value))
    .find((fault) => fault !== undefined);
  if (wrongItem !== undefined) return [at('allowedValues', `an allowed value of "${name}" ${wrongItem}`)];
  const fault = checkParameter(definition, definition.default);
  return fault === undefined ? [] : [at('default', `the default of "${name}" ${fault}`)];
}

/** True for what the schema accepts; anything else has been reported already. */
function isDefinition(value: Json | undefined): value is JsonObject & ParameterDefinition {
  if (!isJsonObject(value) || value['default'] === undefined) return false;
  const { type, minimum, maximum, allowedValues } = value;
  const isListed = allowedValues === undefined || Array.isArray(allowedValues);
  return (
    typeof type === 'string' &&
    parameterTypes.includes(type) &&
    isBound(minimum) &&
    isBound(maximum) &&
    isListed
  );
}

function isBound(value: Json | undefined): boolean {
  return value === undefined || typeof value === 'number';
}

/** Checks every `[parameters('…')]` in the conditions of a rule file against the parameters that it declares. */
export function checkTemplates(rule: JsonObject): CheckResult {
  const declared = isJsonObject(rule['parameters']) ? Object.keys(rule['parameters']) : [];
  const texts = ['when', 'require'].flatMap((key) => textsIn(rule[key], [key]));
  const templates = texts.map(({ text, path }) => ({ path, template: readTemplate(text) }));
  const used = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const { path, template } of templates) {
    if ('unsupported' in template) {
      const message = `the expression ${template.unsupported} is not supported; only [parameters('name')] is`;
      mistakes.push({ path, message });
    }
    if (!('parameter' in template)) continue;
    used.add(template.parameter);
    if (!declared.includes(template.parameter)) mistakes.push(undeclared(template.parameter, path, declared));
  }
  const unused = declared.filter((name) => !used.has(name));
  return { mistakes, warnings: unused.map(neverUsed) };
}

interface TextSite {
  readonly text: string;
  readonly path: JsonPath;
}

function textsIn(value: Json | undefined, path: JsonPath): readonly TextSite[] {
  if (typeof value === 'string') return path.at(-1) === 'field' ? [] : [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => textsIn(item, [...path, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

function neverUsed(name: string): Mistake {
  return { path: ['parameters', name], at: 'key', message: `parameter "${name}" is never used` };
}

function undeclared(name: string, path: JsonPath, declared: readonly string[]): Mistake {
  return {
    path,
    message: `parameter "${name}" is not declared under parameters${suggestion(name, declared)}`,
  };
}
