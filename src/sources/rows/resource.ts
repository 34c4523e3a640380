import { type Json, type JsonObject, isJsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { hasRows, knownType } from '../../resource-types/known-type.ts';
import { type ArmId, parseArmId } from './arm-id.ts';
import { azureShape, respell, type Shape, nestPrivateEndpoints } from '../../resource-types/spelling.ts';
import { readTags } from '../../resource-types/tags.ts';
import { fits, type Form, formOfType, forms, misfits } from '../../resource-types/form.ts';

/** A row that cannot be understood as a resource. `id` is empty when the row has none. */
export interface RowProblem {
  readonly problem: string;
  readonly id: string;
}

/**
 * Reads a row of any source (Resource Graph, ARM, `az`) as a resource: names and known types in Azure's spelling,
 * private endpoint connections in ARM's nested shape, tags as a map of strings. Nothing is guessed: a part that is
 * missing or contradicts itself becomes a gap.
 */
export function toResource(row: unknown): Resource | RowProblem {
  if (!isJsonObject(row)) return { problem: `is ${describe(row)}, not a resource`, id: '' };
  const plain = isPlainRow(row);
  const { body, conflicts } = plain ? { body: row, conflicts: none } : respell(row);
  const id = body['id'];
  if (typeof id !== 'string' || id === '') return { problem: 'has no "id"', id: '' };
  const parts = parseArmId(id);
  if (parts === undefined) return { problem: '"id" is not an Azure resource id', id };
  const type = typeOf(body['type'], parts);
  if (type === '') return { problem: 'has no "type"', id };
  if (['id', 'name', 'type'].some((name) => conflicts.includes(name)))
    return { problem: 'spells "id", "name" or "type" in two ways, with different values', id };
  const disagreement = compareWithId(body, type, parts);
  if (disagreement !== undefined) return { problem: disagreement, id };
  return assemble({ body, plain, id, parts, type: knownType(type)?.type ?? type }, conflicts);
}

/** True when `toResource` could not read the row. */
export function isRowProblem(read: Resource | RowProblem): read is RowProblem {
  return 'problem' in read;
}

/** A query that projects columns may leave out the type, which the id holds as well. */
function typeOf(type: Json | undefined, parts: ArmId): string {
  if (typeof type === 'string' && type !== '') return type;
  return (type === undefined || type === null) && parts.type.includes('/') ? parts.type : '';
}

/** A vault under a foreign type would be skipped unseen, so type, name and id must agree. */
function compareWithId(body: JsonObject, type: string, parts: ArmId): string | undefined {
  if (!hasRows(type) && !hasRows(parts.type)) return undefined;
  if (parts.subscriptionId === '' || parts.resourceGroup === '')
    return '"id" does not name a subscription and resource group';
  if (!isSame(parts.type, type)) return '"id" and "type" name different resource types';
  const name = body['name'];
  const same = typeof name !== 'string' || isSame(name, parts.name);
  return same ? undefined : '"id" and "name" name different resources';
}

/** Compares in any letter case, and most texts without changing it. */
function isSame(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}

interface Row {
  readonly body: JsonObject;
  /** True where all of it is known to be well-formed. */
  readonly plain: boolean;
  readonly id: string;
  readonly parts: ArmId;
  readonly type: string;
}

function assemble({ body, plain, id, parts, type }: Row, conflicts: readonly string[]): Resource {
  const readable = readTags(body['tags']);
  const tags = readable ?? {};
  const name = text(body['name']) || parts.name;
  const { subscriptionId, resourceGroup } = parts;
  const given = withMembers(body, { name, type, subscriptionId, resourceGroup, tags });
  const whole = nestPrivateEndpoints(given);
  const malformed = plain && whole === given ? none : findMalformed(type, whole);
  return {
    id,
    name,
    type,
    subscriptionId,
    resourceGroup,
    location: text(body['location']),
    tags,
    ...(body['tags'] === undefined && hasRows(type) ? { tagsLeftOut: true } : {}),
    body: whole,
    gaps: findGaps(whole, { hasTags: readable !== undefined, conflicts, malformed }),
  };
}

type Members = Pick<Resource, 'name' | 'type' | 'subscriptionId' | 'resourceGroup' | 'tags'>;

/**
 * A copy of a body with members that every source then has: ARM writes subscription and group into the id alone. They
 * are replaced, and not added, which takes ten times as long.
 */
function withMembers(
  body: JsonObject,
  { name, type, subscriptionId, resourceGroup, tags }: Members,
): JsonObject {
  const whole: Record<string, Json | undefined> = {
    name: '',
    type: '',
    subscriptionId: '',
    resourceGroup: '',
    tags: '',
    ...body,
  };
  whole['name'] = name;
  whole['type'] = type;
  whole['subscriptionId'] = subscriptionId;
  whole['resourceGroup'] = resourceGroup;
  whole['tags'] = tags;
  return whole;
}

interface Flaws {
  readonly hasTags: boolean;
  readonly conflicts: readonly string[];
  readonly malformed: readonly string[];
}

function findGaps(body: JsonObject, { hasTags, conflicts, malformed }: Flaws): readonly string[] {
  const hasProperties = isJsonObject(body['properties']);
  // As good as all rows are: no list is made for them.
  if (hasProperties && hasTags && conflicts.length + malformed.length === 0) return none;
  return [
    ...(hasProperties ? [] : ['properties']),
    ...(hasTags ? [] : ['tags']),
    ...conflicts.filter((path) => hasProperties || !path.startsWith('properties')),
    ...malformed.filter((path) => !conflicts.includes(path)),
  ];
}

const none: readonly string[] = [];

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/**
 * Paths of values in a form that Azure never writes for a vault or managed HSM: a value that should be a list would be
 * read as an empty one, and an empty text as a setting that is off. Other types are not checked, nor are tags and
 * properties that are not objects, which the reader of the row reports.
 */
function findMalformed(type: string, body: JsonObject): readonly string[] {
  const form = formOfType(type);
  if (form === undefined || fits(body, form)) return none;
  return misfits(body, form).filter((path) => path !== 'properties' && path !== 'tags');
}

/**
 * True for a row of a known type that is spelled as Azure spells, and all of which is of the form that the type has: both
 * are seen in one walk. Where it is false, `respell` and `fits` say what is the matter, if anything is.
 */
export function isPlainRow(row: JsonObject): boolean {
  const { type } = row;
  const expected = typeof type === 'string' ? plainRows.get(type) : undefined;
  return expected !== undefined && isPlainValue(row, expected);
}

/** The values that a place of a plain row may have. An array's elements are spelled alike, and of the form `each`. */
interface Plain {
  readonly type: Form['type'] | undefined;
  readonly parts: ReadonlyMap<string, Plain>;
  /** Names of parts in lower case: one that is spelled otherwise is not plain. */
  readonly lower: ReadonlySet<string>;
  readonly each: Plain | undefined;
}

const plainRows: ReadonlyMap<string, Plain> = new Map(
  Array.from(forms, ([type, form]) => [type, plainOf(azureShape, form)]),
);

function plainOf(shape: Shape | undefined, form: Form | undefined): Plain {
  const names = new Set([...(shape?.exact.keys() ?? []), ...(form?.parts.keys() ?? [])]);
  const parts = Array.from(names, (name): [string, Plain] => [
    name,
    plainOf(shape?.exact.get(name)?.below, form?.parts.get(name)),
  ]);
  return {
    type: form?.type,
    parts: new Map(parts),
    lower: new Set(shape?.lower.keys()),
    each: form?.type === 'array' ? plainOf(shape, form.each) : undefined,
  };
}

function isPlainValue(value: Json | undefined, expected: Plain): boolean {
  const { type } = expected;
  if (value === null || value === undefined) return true;
  if (typeof value !== 'object')
    return type === undefined || (type === 'integer' ? typeof value === 'number' : typeof value === type);
  if (isJsonObject(value)) return (type === undefined || type === 'object') && hasPlainParts(value, expected);
  return isPlainList(value, expected);
}

function isPlainList(list: readonly Json[], expected: Plain): boolean {
  const { type, each = expected } = expected;
  if (type !== undefined && type !== 'array') return false;
  for (const element of list) if (element === null || !isPlainValue(element, each)) return false;
  return true;
}

function hasPlainParts(object: JsonObject, { parts, lower }: Plain): boolean {
  if (parts.size === 0) return true;
  for (const key in object) {
    const part = parts.get(key);
    if (part === undefined ? lower.has(key.toLowerCase()) : !isPlainValue(object[key], part)) return false;
  }
  return true;
}
