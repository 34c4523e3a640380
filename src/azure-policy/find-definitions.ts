import type { Mistake } from '../documents/document.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import {
  type PolicyEntry,
  isObjectEntry,
  itemsOf,
  entryAt,
  membersOf,
  objectIn,
  type ObjectEntry,
  textIn,
} from './entries.ts';

/** A definition or an initiative in a document. */
export interface FoundDefinition {
  readonly kind: 'definition' | 'initiative';
  readonly entry: ObjectEntry;
  /** True where it is a resource of an ARM template, or as one has it: with an API version. */
  readonly isResource: boolean;
}

/**
 * Every definition and initiative in a document: on its own, in a list, in an answer of the REST API, or among the resources of an
 * ARM template. Empty for a document of another kind.
 */
export function findDefinitions(value: Json): readonly FoundDefinition[] {
  const top: PolicyEntry = { value, path: [] };
  if (Array.isArray(value)) return itemsOf(top).flatMap(found);
  if (!isJsonObject(value)) return [];
  const own = found(top);
  if (own.length > 0) return own;
  const resources = entryAt(top, 'resources');
  if (resources !== undefined)
    return [...itemsOf(resources), ...membersOf(resources)].flatMap(found).map(asResource);
  const listed = entryAt(top, 'value');
  return listed === undefined ? [] : itemsOf(listed).flatMap(found);
}

function asResource(one: FoundDefinition): FoundDefinition {
  return { ...one, isResource: true };
}

function found(entry: PolicyEntry): readonly FoundDefinition[] {
  if (!isObjectEntry(entry)) return [];
  const kind = kindOf(entry);
  return kind === undefined ? [] : [{ kind, entry, isResource: textIn(entry, 'apiVersion') !== undefined }];
}

function kindOf(entry: ObjectEntry): FoundDefinition['kind'] | undefined {
  const body = objectIn(entry, 'properties') ?? entry;
  if (entryAt(body, 'policyRule') !== undefined) return 'definition';
  const type = textIn(entry, 'type')?.toLowerCase();
  if (type === 'microsoft.authorization/policydefinitions') return 'definition';
  if (type === 'microsoft.authorization/policysetdefinitions') return 'initiative';
  if (Array.isArray(entryAt(body, 'policyDefinitions')?.value)) return 'initiative';
  const isBareRule = ['if', 'then'].every((key) => entryAt(entry, key) !== undefined);
  return isBareRule ? 'definition' : undefined;
}

/** The strings in a value, each with its place. */
function textsIn(entry: PolicyEntry): readonly (PolicyEntry & { readonly value: string })[] {
  const { value, path } = entry;
  if (typeof value === 'string') return [{ value, path }];
  return [...itemsOf(entry), ...membersOf(entry)].flatMap(textsIn);
}

/** The value with every escaped bracket taken back: ARM writes `[[` for a text that begins with `[`. */
function unescaped(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('[[') ? value.slice(1) : value;
  if (Array.isArray(value)) return value.map(unescaped);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unescaped(item ?? null)]));
}

const escapedCall = /^\[\[\s*[A-Za-z_]\w*\s*\(/u;
const plainCall = /^\[\s*[A-Za-z_]\w*\s*\(/u;

/**
 * A definition as Azure Policy has it: what an ARM template exports has its expressions escaped, and there those that are not
 * are worked out by the template.
 */
export function withoutEscapes(
  one: FoundDefinition,
): FoundDefinition & { readonly mistakes: readonly Mistake[] } {
  const texts = textsIn(one.entry);
  const isEscaped = texts.some(({ value }) => escapedCall.test(value));
  const plain = texts.filter(({ value }) => plainCall.test(value));
  if (!isEscaped || (plain.length > 0 && !one.isResource)) return { ...one, mistakes: [] };
  const value = unescaped(one.entry.value);
  return {
    ...one,
    entry: { path: one.entry.path, value: isJsonObject(value) ? value : {} },
    mistakes: plain.map(({ value: text, path }) => ({
      path,
      message: `${text} is worked out by the template that holds the definition; export the definition itself, as "az policy definition show" prints it`,
    })),
  };
}
