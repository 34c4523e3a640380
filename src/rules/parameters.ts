import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../model/json.ts';
import type { ParameterDefinition } from '../model/rule.ts';
import { tryParseJson } from '../documents/json/parse.ts';
import { parameterTypes } from './schema/parameter-schema.ts';
import type { CheckResult, Mistake } from '../documents/document.ts';
import { parameterMeant, readTemplate } from './condition/template.ts';
import { suggestion } from '../documents/suggestions.ts';

/** Describes a mistake in a parameter's value, in words that follow its name; `undefined` when there is none. */
export function checkParameter(definition: ParameterDefinition, value: Json): string | undefined {
  if (!hasType(definition.type, value)) {
    const form = definition.type === 'array' && typeof value === 'string' ? ', such as a,b or ["a","b"]' : '';
    return `must be ${article(definition.type)}${form}, not ${describe(value)}`;
  }
  const { minimum, maximum, allowedValues } = definition;
  if (typeof value === 'number' && minimum !== undefined && value < minimum) {
    return `must be at least ${minimum}, not ${value}`;
  }
  if (typeof value === 'number' && maximum !== undefined && value > maximum) {
    return `must be at most ${maximum}, not ${value}`;
  }
  const items = Array.isArray(value) && allowedValues?.some(Array.isArray) !== true ? value : [value];
  if (allowedValues !== undefined && items.some((item: Json) => !allowedValues.includes(item))) {
    return `must be one of ${allowedValues.map(describe).join(', ')}, not ${describe(value)}`;
  }
  return undefined;
}

/**
 * Reads a value as written on the command line: numbers and booleans by the parameter's type, arrays as JSON or as
 * text parted by commas, around which spaces do not count. What does not fit comes back as text, for `checkParameter` to refuse.
 */
export function parseParameter(definition: ParameterDefinition, text: string): Json {
  const { type } = definition;
  if (type === 'string') return text;
  if (type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : text;
  if (type === 'object') return tryParseJson(text) ?? text;
  if (type === 'array') return text.trim().startsWith('[') ? (tryParseJson(text) ?? text) : itemsOf(text);
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function hasType(type: ParameterDefinition['type'], value: Json): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'array' || type === 'object')
    return type === 'array' ? Array.isArray(value) : isJsonObject(value);
  return typeof value === type;
}

function itemsOf(text: string): readonly string[] {
  return text.split(',').flatMap((item) => item.trim() || []);
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
  const fault = definition.default === undefined ? undefined : checkParameter(definition, definition.default);
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
  const used = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const { path, text } of texts) {
    const template = readTemplate(text);
    const name = 'parameter' in template ? template.parameter : parameterMeant(text);
    if (name !== undefined) {
      used.add(name);
      if (!('parameter' in template)) mistakes.push(miswritten(name, text, path));
      if (!declared.includes(name)) mistakes.push(undeclared(name, path, declared));
    } else if ('unsupported' in template) {
      mistakes.push(unsupported(text, path));
    }
  }
  const unused = declared.filter((name) => !used.has(name));
  return { mistakes, warnings: unused.map(neverUsed) };
}

function unsupported(text: string, path: JsonPath): Mistake {
  const field = /^\[\s*field\(\s*'([^']+)'\s*\)\s*\]$/iu.exec(text)?.[1];
  const instead =
    field === undefined ? "only [parameters('name')] is" : `to compare the field, write field: ${field}`;
  return { path, message: `the expression ${text} is not supported; ${instead}` };
}

/** In YAML, brackets without quotes make a list of what is in them. */
function miswritten(name: string, text: string, path: JsonPath): Mistake {
  const right = `"[parameters('${name}')]"`;
  if (text.startsWith('[')) return { path, message: `the expression ${text} must be written ${right}` };
  const list = path.slice(0, path.findLastIndex((step) => typeof step === 'string') + 1);
  if (list.length === path.length)
    return { path, message: `a parameter stands in brackets and quotes: ${right}` };
  const message = `a parameter stands in quotes: ${right}; without them, the brackets make a list`;
  return { path: list, message };
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
  const meant = suggestion(name, declared);
  return { path, message: `parameter "${name}" is not declared under parameters${meant}` };
}
