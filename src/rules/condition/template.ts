import { isJsonObject, type Json } from '../../model/json.ts';

/** Values of a rule's parameters, by name. */
export type ParameterValues = Readonly<Record<string, Json>>;

const reference = /^\[\s*parameters\(\s*'([^']+)'\s*\)\s*\]$/u;

/**
 * The meaning of a string in Azure Policy's template syntax: a reference to a parameter, an expression that purgeproof
 * does not know, or a literal (`[[text` escapes a literal that starts with a bracket).
 */
export function readTemplate(
  text: string,
): { readonly parameter: string } | { readonly unsupported: string } | { readonly literal: string } {
  const parameter = reference.exec(text)?.[1];
  if (parameter !== undefined) return { parameter };
  if (text.startsWith('[[')) return { literal: text.slice(1) };
  return text.startsWith('[') && text.endsWith(']') ? { unsupported: text } : { literal: text };
}

/** The parameter that a text means to refer to, though it is not how one writes that: `parameters('x')`, `[parameters(x)]`. */
export function parameterMeant(text: string): string | undefined {
  return /^\[?\s*parameters\(\s*['"]?([^'"()]+?)['"]?\s*\)\s*\]?$/iu.exec(text)?.[1];
}

/** Replaces every parameter reference in a value. A reference to an undeclared parameter stays as it is. */
export function resolveTemplate(value: Json, parameters: ParameterValues): Json {
  if (typeof value === 'string') {
    const template = readTemplate(value);
    if ('literal' in template) return template.literal;
    return 'parameter' in template ? (parameters[template.parameter] ?? value) : value;
  }
  if (Array.isArray(value)) return value.map((item: Json) => resolveTemplate(item, parameters));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveTemplate(item ?? null, parameters)]),
  );
}
