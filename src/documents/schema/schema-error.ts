import type { ErrorObject } from 'ajv';

import { isJsonObject, type Json, type JsonPath } from '../../model/json.ts';
import type { JsonSchema } from './json-schema.ts';

/** One error of ajv, in types that we can read. */
export interface SchemaError {
  readonly keyword: string;
  /** The place in the schema; errors below an alternative have longer ones. */
  readonly schemaPath: string;
  readonly path: JsonPath;
  /** The offending key, where the error is about a key. */
  readonly key?: string;
  /** Two indexes, where items of a list are the same. */
  readonly pair?: readonly [number, number];
  /** The value of the keyword, and the schema around it. */
  readonly schema: Json;
  readonly parentSchema: JsonSchema;
  readonly data: Json;
}

/** Reads an error of an ajv that was made with `verbose`. */
export function readError(error: ErrorObject, root: Json): SchemaError {
  const params: Readonly<Record<string, unknown>> = error.params;
  const key = params['additionalProperty'] ?? params['missingProperty'] ?? error.propertyName;
  const { i, j } = params;
  return {
    keyword: error.keyword,
    schemaPath: error.schemaPath,
    path: pathOf(error.instancePath, root),
    ...(typeof key === 'string' ? { key } : {}),
    ...(typeof i === 'number' && typeof j === 'number'
      ? { pair: [Math.min(i, j), Math.max(i, j)] as const }
      : {}),
    schema: isJson(error.schema) ? error.schema : null,
    parentSchema: isJsonObject(error.parentSchema) ? error.parentSchema : {},
    data: isJson(error.data) ? error.data : null,
  };
}

/** A JSON pointer as a path; the value itself decides whether a digit is an index or a key. */
function pathOf(pointer: string, root: Json): JsonPath {
  const path: (string | number)[] = [];
  let value: unknown = root;
  for (const token of pointer.split('/').slice(1)) {
    const step = token.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(step) : step);
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  return path;
}

/** ajv types what it returns as unknown; it is our own schema, and the JSON value that it was given. */
function isJson(value: unknown): value is Json {
  return value === null || ['string', 'number', 'boolean', 'object'].includes(typeof value);
}
