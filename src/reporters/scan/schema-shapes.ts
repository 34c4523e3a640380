import type { JsonObject } from '../../model/json.ts';

/** Text. */
export const textSchema = { type: 'string' };

/** A list of texts. */
export const textListSchema = { type: 'array', items: textSchema };

/** The schemas of an object's properties, by name. */
export type Properties = Readonly<Record<string, JsonObject>>;

/** Returns the properties where the version of the report has them. */
export type Since11 = (properties: Properties) => Properties;

/** An object with exactly these properties; the second set may be absent. */
export function shape(required: Properties, optional: Properties = {}) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

/** A list. */
export function list(items: JsonObject): JsonObject {
  return { type: 'array', items };
}
