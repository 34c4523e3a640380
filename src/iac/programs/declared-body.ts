import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { type Form, formOfType } from '../../resource-types/form.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { respell } from '../../resource-types/spelling.ts';
import type { Values } from '../evaluation/value.ts';
import { givenToModule, type KnownValue, knownValue } from './known-value.ts';

/** A resource as it will be deployed: what is certain, in Azure's spelling, and the paths of what is not. */
export interface DeclaredBody {
  readonly body: JsonObject;
  /** They, and all below them, are unknown, not unset. */
  readonly gaps: readonly string[];
}

/** A declaration, as far as the values of its expressions are worked out. */
export interface DeclaredValues {
  /** The resource type, in Azure's own spelling. */
  readonly type: string;
  readonly body: Values;
  /** The values of the API version; `undefined` where no version decides what is set. */
  readonly apiVersion: Values | undefined;
  /** Paths of fields that the declaration does not show. */
  readonly unknownPaths: readonly string[];
  /** True where fields that are not written may be set all the same. */
  readonly isPartial: boolean;
}

/** Works out what is certain of a declared resource. */
export function declaredBody(declared: DeclaredValues): DeclaredBody {
  const { type, unknownPaths } = declared;
  const form = formOfType(type);
  const known = knownType(type);
  const marked = markedObject(knownValue(declared.body), declared.isPartial);
  const { body, conflicts } = respell(marked ?? { [openMark]: true });
  const found = new Set<string>([...unknownPaths, ...(known?.filledIn ?? []), ...conflicts]);
  const cleaned = withoutMarks(body, { form, path: '', gaps: found });
  if (mayBeRecovered(body, declared)) found.add('properties');
  for (const path of setByAzure(declared, cleaned)) found.add(path);
  return { body: without(cleaned, known?.filledIn ?? []), gaps: [...found] };
}

/** Stands for a value that is not certain, until names are spelled as Azure spells them. No text of Azure holds it. */
const gapMark = '\uE001gap';
/** The name of a member of objects that may have others. */
const openMark = '\uE001open';

function markedObject(known: KnownValue, isPartial: boolean): JsonObject | undefined {
  const marked = markedJson(isPartial ? givenToModule(known) : known);
  if (!isJsonObject(marked)) return undefined;
  const parts = Object.entries(marked).filter(
    ([name]) => name === openMark || resourceParts.has(name.toLowerCase()),
  );
  return Object.fromEntries(parts);
}

/** The parts of a resource: the rest of a declaration says when and how often it is deployed. */
const resourceParts: ReadonlySet<string> = new Set([
  'name',
  'location',
  'tags',
  'sku',
  'identity',
  'properties',
]);

function markedJson(known: KnownValue): Json | undefined {
  switch (known.kind) {
    case 'gap':
      return gapMark;
    case 'scalar':
      return known.value;
    case 'list':
      return known.items.map((item) => markedJson(item) ?? null);
    case 'object': {
      // The key of an element may be computed.
      const named = [...known.members].filter(([name]) => !name.startsWith('\u0000'));
      const isOpen = known.isOpen || named.length < known.members.size;
      const members = named.map(([name, member]) => [name, markedJson(member)] as const);
      return Object.fromEntries(isOpen ? [...members, [openMark, true]] : members);
    }
  }
}

interface Place {
  readonly form: Form | undefined;
  readonly path: string;
  readonly gaps: Set<string>;
}

/** The object without the marks; the path of each is noted. */
function withoutMarks(object: JsonObject, { form, path, gaps }: Place): JsonObject {
  const entries: [string, Json][] = [];
  for (const [name, value] of Object.entries(object)) {
    if (name === openMark || value === undefined) continue;
    const below = pathOf(path, name);
    const part = { form: form?.parts.get(name), path: below, gaps };
    if (value === gapMark) gaps.add(below);
    else if (Array.isArray(value)) entries.push([name, listWithoutMarks(value, part)]);
    else if (isJsonObject(value)) entries.push([name, withoutMarks(value, part)]);
    else entries.push([name, value]);
  }
  if (openMark in object) for (const missing of openPaths(object, { form, path, gaps })) gaps.add(missing);
  return Object.fromEntries(entries);
}

/** Names with other characters than those of fields are not told apart: what they are in is unknown as a whole. */
function pathOf(path: string, name: string): string {
  if (path === 'tags') return path;
  if (!/^[\w-]+$/.test(name)) return path;
  return path === '' ? name : `${path}.${name}`;
}

/** Of an object that may have other members, the known fields that are not among them; without those, the object. */
function openPaths(object: JsonObject, { form, path }: Place): readonly string[] {
  if (form === undefined || form.parts.size === 0) return [path];
  return [...form.parts.keys()]
    .filter((name) => !(name in object) && (path !== '' || resourceParts.has(name)))
    .map((name) => pathOf(path, name));
}

/** The list without the marks: a member that is unknown in one element is unknown in all of them. */
function listWithoutMarks(list: readonly Json[], { form, path, gaps }: Place): Json {
  return list.map((item: Json) => {
    if (item === gapMark) gaps.add(path);
    if (item === gapMark) return null;
    const place = { form: form?.each, path: `${path}[*]`, gaps };
    if (Array.isArray(item)) return listWithoutMarks(item, place);
    return isJsonObject(item) ? withoutMarks(item, place) : item;
  });
}

/** True where a deleted resource may be recovered: then it keeps the properties that it had. */
function mayBeRecovered({ properties }: JsonObject, { isPartial }: DeclaredValues): boolean {
  if (!isJsonObject(properties)) return false;
  const mode = properties['createMode'] ?? undefined;
  if (typeof mode === 'string') return mode.toLowerCase() !== 'default';
  return mode !== undefined || (openMark in properties && !isPartial);
}

/** Properties that are left out, and that newer API versions do not leave unset. */
function setByAzure({ type, apiVersion }: DeclaredValues, body: JsonObject): readonly string[] {
  if (apiVersion === undefined) return [];
  const version = knownValue(apiVersion);
  const date = version.kind === 'scalar' && typeof version.value === 'string' ? version.value : '9999';
  const properties = body['properties'];
  return [...(knownType(type)?.properties ?? [])].flatMap(([name, { setByAzureSince }]) => {
    if (setByAzureSince === undefined || date.slice(0, 10) < setByAzureSince) return [];
    return isJsonObject(properties) && name in properties ? [] : [`properties.${name}`];
  });
}

/** The body without what Azure fills in: to write it changes nothing. */
function without(body: JsonObject, paths: readonly string[]): JsonObject {
  const properties = body['properties'];
  if (!isJsonObject(properties)) return body;
  const left = new Set(paths.map((path) => path.replace(/^properties\./, '')));
  const kept = Object.entries(properties).filter(([name]) => !left.has(name));
  return { ...body, properties: Object.fromEntries(kept) };
}
