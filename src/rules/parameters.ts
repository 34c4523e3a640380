import { type Json, parseJson } from '../model/json.ts';
import type { ParameterDefinition } from '../model/rule.ts';

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
