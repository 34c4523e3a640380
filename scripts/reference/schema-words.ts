import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';

/** One key of a schema's object. */
export interface SchemaKey {
  readonly key: string;
  readonly required: boolean;
  readonly takes: string;
  readonly meaning: string;
}

/** The keys of an object's schema, in the order of the schema; `$schema` is for editors and left out. */
export function keysOf(schema: JsonObject): readonly SchemaKey[] {
  const { properties, required } = schema;
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(isJsonObject(properties) ? properties : {})
    .filter(([key]) => key !== '$schema')
    .map(([key, value]) => ({
      key,
      required: needed.has(key),
      takes: isJsonObject(value) ? takes(value) : '',
      meaning: isJsonObject(value) ? text(value['description']) : '',
    }));
}

/** The schema at a path of keys below another; throws where there is none, so that no table is empty in silence. */
export function schemaAt(schema: JsonObject, ...path: readonly string[]): JsonObject {
  return path.reduce((parent, key) => {
    const child = parent[key];
    if (!isJsonObject(child)) throw new Error(`the schema has no ${path.join('.')}`);
    return child;
  }, schema);
}

/** What a value of this schema may be, in a few words. */
export function takes(schema: JsonObject): string {
  const { $ref, enum: values, anyOf, patternErrorMessage, type, items } = schema;
  if ($ref !== undefined) return 'condition';
  if (Array.isArray(values)) return alternatives(values.map((value) => `\`${JSON.stringify(value)}\``));
  if (Array.isArray(anyOf) && type === undefined)
    return alternatives(anyOf.flatMap((one) => (isJsonObject(one) ? takes(one) : [])));
  if (patternErrorMessage !== undefined) return text(patternErrorMessage);
  if (Array.isArray(type)) return alternatives(type.map((one) => typeWords(one)));
  if (type === 'array' && isJsonObject(items)) return `list of: ${takes(items)}`;
  return typeWords(type ?? null);
}

function typeWords(type: Json): string {
  const words: Readonly<Record<string, string>> = {
    array: 'list',
    boolean: 'boolean',
    integer: 'whole number',
    number: 'number',
    object: 'object',
    string: 'text',
  };
  return words[text(type)] ?? 'anything';
}

/** `a, b or c`. JSON's quotes are left out, as YAML does. */
function alternatives(words: readonly string[]): string {
  const plain = [...new Set(words.map((word) => word.replaceAll('"', '')))];
  const last = plain.at(-1) ?? '';
  return plain.length < 2 ? last : `${plain.slice(0, -1).join(', ')} or ${last}`;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
