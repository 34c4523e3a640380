import { isJsonObject, type JsonObject, type JsonPath, type Json } from '../../model/json.ts';
import { parameterMeant, readTemplate } from '../condition/template.ts';
import { type CheckResult, type Mistake, noIssues } from '../../documents/document.ts';
import { kindInWords, shown } from '../../documents/value-wording.ts';
import { canonicalField, type KnownField } from '../catalogue/canonical-field.ts';
import { isAtOrBelow } from '../../model/field-path.ts';
import { knownType } from '../../resource-types/known-type.ts';
import type { FieldType } from '../../resource-types/resource-type.ts';

/** One condition of a rule file as written, and its place in the file. */
export interface ConditionSite {
  readonly condition: JsonObject;
  readonly path: JsonPath;
  /** Canonical paths of the `count` fields around it, outermost first. */
  readonly counted: readonly string[];
}

/** The field that a condition names, if it names a known one, and what is wrong with the name. */
interface FieldCheck {
  readonly field?: KnownField;
  readonly mistakes: readonly Mistake[];
}

/** Checks the field, or the counted array, that a condition is about. */
export function checkFieldOf(site: ConditionSite, resourceTypes: readonly string[]): FieldCheck {
  const { condition, path, counted } = site;
  const { field, count } = condition;
  if (typeof field === 'string')
    return checkName(field, { path: [...path, 'field'], counted, resourceTypes });
  if (!isJsonObject(count) || typeof count['field'] !== 'string') return { mistakes: [] };
  const place = { path: [...path, 'count', 'field'], counted, resourceTypes };
  const { field: known, mistakes } = checkName(count['field'], place);
  if (known === undefined || known.path.endsWith('[*]')) return { mistakes };
  const hint = known.type === 'array' ? `; write "${known.path}[*]"` : '';
  return {
    mistakes: [...mistakes, { path: place.path, message: `a count needs an array that ends in [*]${hint}` }],
  };
}

/** Describes what is wrong with the name of a field; `undefined` when it is a field. */
export function fieldFault(resourceTypes: readonly string[], written: string): string | undefined {
  const found = canonicalField(resourceTypes, written);
  if ('path' in found) return undefined;
  return found.suggestion === undefined
    ? found.problem
    : `${found.problem}. Did you mean ${found.suggestion}?`;
}

/** Checks what stands in the place of a field: only a parameter makes sense there, and a path is compared as text. */
export function checkValueOf(
  { condition: { value }, path }: ConditionSite,
  resourceTypes: readonly string[],
): CheckResult {
  if (value === undefined || value === null || typeof value === 'object') return noIssues;
  const site = { path: [...path, 'value'], at: 'key' } as const;
  const template = readTemplate(String(value));
  if (!('literal' in template) || parameterMeant(template.literal) !== undefined) return noIssues;
  const field = fieldMeant(template.literal, resourceTypes);
  if (field !== undefined) {
    const message = `"value" compares the text ${shown(value)} itself; to compare the field, write field: ${field}`;
    return { mistakes: [{ ...site, message }], warnings: [] };
  }
  const message = `"value" is ${shown(value)} for every resource, so the outcome is always the same`;
  return { mistakes: [], warnings: [{ ...site, message }] };
}

/** The field that a text names, or nearly; `undefined` for other text. */
function fieldMeant(text: string, resourceTypes: readonly string[]): string | undefined {
  const found = canonicalField(resourceTypes, text);
  if ('path' in found) return found.type === undefined && !/^properties\./iu.test(text) ? undefined : text;
  return /^(?:properties|tags)[.[]|^Microsoft\.\w+\//iu.test(text) ? (found.suggestion ?? text) : undefined;
}

interface FieldSite extends Pick<ConditionSite, 'path' | 'counted'> {
  readonly resourceTypes: readonly string[];
}

function checkName(written: string, { path, counted, resourceTypes }: FieldSite): FieldCheck {
  const fault = written === '' ? undefined : fieldFault(resourceTypes, written);
  if (fault !== undefined) return { mistakes: [{ path, message: fault }] };
  const field = canonicalField(resourceTypes, written);
  if (!('path' in field)) return { mistakes: [] };
  const innermost = counted.at(-1);
  if (innermost === undefined || counted.some((array) => isAtOrBelow(field.path, array))) {
    return { field, mistakes: [] };
  }
  const message = `"${written}" lies outside the counted array; in this where, fields begin with ${innermost}`;
  return { field, mistakes: [{ path, message }] };
}

/** Checks that a patch names only fields that exist, by their exact names, and nothing that Azure refuses. */
export function checkPatch(patch: Json | undefined, resourceTypes: readonly string[]): readonly Mistake[] {
  return leavesOf(patch, ['remediation', 'patch']).flatMap(
    (leaf) => nameFault(leaf, resourceTypes) ?? valueFault(leaf, resourceTypes) ?? [],
  );
}

/** Finds fields in example bodies that the resource type does not have: such an example shows nothing. */
export function checkExampleNames(examples: Json | undefined, types: readonly string[]): readonly Mistake[] {
  if (!isJsonObject(examples)) return [];
  return Object.entries(examples).flatMap(([kind, bodies]) =>
    Array.isArray(bodies)
      ? bodies.flatMap((body: Json, index) => exampleFaults(body, [kind, index], types))
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
  const fault = fieldFault(resourceTypes, field);
  if (fault !== undefined) return { path, at: 'key', message: fault };
  const found = canonicalField(resourceTypes, field);
  if (!('path' in found) || found.path === field) return undefined;
  return { path, at: 'key', message: `"${field}" must be written exactly: ${found.path}` };
}

function valueFault({ field, path, value }: Leaf, resourceTypes: readonly string[]): Mistake | undefined {
  if (isTrueOnly(field, resourceTypes) && value !== true)
    return { path, message: `${field} can only be set to true; Azure refuses ${shown(value)}` };
  const found = canonicalField(resourceTypes, field);
  const type = 'path' in found ? found.type : undefined;
  if (type === undefined || value === null || hasType(value, type)) return undefined;
  return { path, message: `${field} is ${kindInWords(type)}, not ${shown(value)}` };
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
