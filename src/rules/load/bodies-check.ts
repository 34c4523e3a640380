import { isJsonObject, type Json, type JsonPath } from '../../model/json.ts';
import { canonicalField } from '../catalogue/canonical-field.ts';
import { knownType } from '../../resource-types/known-type.ts';
import type { FieldType } from '../../resource-types/resource-type.ts';
import type { Mistake } from '../../documents/document.ts';
import { shown } from '../../documents/value-wording.ts';

/** Checks that a patch names only fields that exist, by their exact names, and nothing that Azure refuses. */
export function checkPatch(patch: Json | undefined, resourceTypes: readonly string[]): readonly Mistake[] {
  return leavesOf(patch, ['remediation', 'patch']).flatMap((leaf) => {
    const fault = nameFault(leaf, resourceTypes) ?? valueFault(leaf, resourceTypes);
    return fault === undefined ? [] : [fault];
  });
}

/** Finds fields in example bodies that the resource type does not have: such an example shows nothing. */
export function checkExampleNames(
  examples: Json | undefined,
  resourceTypes: readonly string[],
): readonly Mistake[] {
  if (!isJsonObject(examples)) return [];
  return Object.entries(examples).flatMap(([kind, bodies]) =>
    Array.isArray(bodies)
      ? bodies.flatMap((body: Json, index) => exampleFaults(body, [kind, index], resourceTypes))
      : [],
  );
}

function exampleFaults(body: Json, place: JsonPath, resourceTypes: readonly string[]): readonly Mistake[] {
  if (!isJsonObject(body)) return [];
  const types = typeof body['type'] === 'string' ? [body['type']] : resourceTypes;
  return leavesOf(body, ['examples', ...place]).flatMap((leaf) => nameFault(leaf, types) ?? []);
}

/** A value in a body that is not an object, or an empty object: its place, and its field path. */
interface Leaf {
  readonly field: string;
  readonly path: JsonPath;
  readonly value: Json;
}

function leavesOf(value: Json | undefined, path: JsonPath, field = ''): readonly Leaf[] {
  if (isJsonObject(value) && (field === '' || Object.keys(value).length > 0)) {
    return Object.entries(value).flatMap(([key, item]) =>
      leavesOf(item, [...path, key], childField(field, key)),
    );
  }
  if (Array.isArray(value) && value.some(isJsonObject)) {
    return value.flatMap((item: Json, index) => leavesOf(item, [...path, index], `${field}[*]`));
  }
  return value === undefined ? [] : [{ field, path, value }];
}

function childField(field: string, key: string): string {
  if (field === '') return key;
  return field === 'tags' ? `tags['${key}']` : `${field}.${key}`;
}

function nameFault({ field, path }: Leaf, resourceTypes: readonly string[]): Mistake | undefined {
  if (field.startsWith("tags['") || field.startsWith('identity.userAssignedIdentities')) return undefined;
  const found = canonicalField(resourceTypes, field);
  if ('path' in found) {
    if (found.path === field) return undefined;
    return { path, at: 'key', message: `"${field}" must be written exactly: ${found.path}` };
  }
  const hint = found.suggestion === undefined ? '' : `. Did you mean ${found.suggestion}?`;
  return { path, at: 'key', message: `${found.problem}${hint}` };
}

function valueFault({ field, path, value }: Leaf, resourceTypes: readonly string[]): Mistake | undefined {
  const found = canonicalField(resourceTypes, field);
  const type = 'path' in found ? found.type : undefined;
  if (isTrueOnly(field, resourceTypes) && value !== true) {
    return { path, message: `${field} can only be set to true; Azure refuses ${shown(value)}` };
  }
  if (type === undefined || value === null || hasType(value, type)) return undefined;
  return { path, message: `${field} is ${kinds[String(type)] ?? 'text'}, not ${shown(value)}` };
}

/** True for a one-way switch: Azure refuses false and null. */
function isTrueOnly(field: string, types: readonly string[]): boolean {
  const [, property] = /^properties\.([^.[]+)$/u.exec(field) ?? [];
  if (property === undefined) return false;
  return types.some((type) => knownType(type)?.properties.get(property)?.change === 'trueOnly');
}

function hasType(value: Json, type: FieldType): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === (type === 'boolean' ? 'boolean' : 'string');
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  integer: 'a whole number',
  boolean: 'true or false',
};
