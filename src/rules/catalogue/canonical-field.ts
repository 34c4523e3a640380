import { readTemplate } from '../condition/template.ts';
import { nearest } from '../../documents/suggestions.ts';
import { knownType } from '../../resource-types/known-type.ts';
import type { FieldType, ResourceType } from '../../resource-types/resource-type.ts';

/** A field under the one name that conditions are compiled with; `type` where it is known. */
export interface KnownField {
  readonly path: string;
  readonly type?: FieldType;
}

/** The reason why a text names no field of the resource types in question, and the field that it may have meant. */
export interface UnknownField {
  readonly problem: string;
  readonly suggestion?: string;
}

/**
 * Finds the field that a rule names by path, by tag or by Azure Policy alias, in any letter case. Fields of resource
 * types that the catalogue does not know pass as they are written.
 */
export function canonicalField(resourceTypes: readonly string[], written: string): KnownField | UnknownField {
  const known = resourceTypes.map(knownType).filter((entry) => entry !== undefined);
  const everyTypeKnown = known.length > 0 && known.length === resourceTypes.length;
  const template = readTemplate(written);
  if (!('literal' in template)) {
    const hint = 'parameter' in template ? '; a parameter is compared under value' : '';
    return { problem: `a field is a path, not an expression: "${written}"${hint}` };
  }
  if (!wellFormed.test(written)) return malformed(written, known);
  const tag = tagPath(written);
  if (tag !== undefined) return { path: tag, type: 'string' };
  if (written.includes('/')) return fieldByAlias(written, resourceTypes);
  const found = fieldByPath(written, known);
  if (found !== undefined) return found;
  if (!everyTypeKnown) return { path: written };
  return {
    problem: `"${written}" is not a field of ${known.map((entry) => entry.type).join(' or ')}`,
    ...suggest(written, known),
  };
}

const wellFormed = /^[^.[\]']+(?:\.[^.[\]']+|\[\*\]|\['[^']+'\]|\[[^[\]'*\d][^[\]'*]*\])*$/u;

function malformed(written: string, known: readonly ResourceType[]): UnknownField {
  const problem = /\[\d+\]/u.test(written)
    ? `"${written}" names one element by number; [*] stands for every element`
    : `"${written}" is not a path; a path looks like properties.networkAcls.ipRules[*].value`;
  return { problem, ...suggest(written, known) };
}

function fieldByPath(written: string, known: readonly ResourceType[]): KnownField | undefined {
  const wanted = written.toLowerCase();
  for (const entry of known) {
    const path = Object.keys(entry.fields).find((candidate) => candidate.toLowerCase() === wanted);
    // The Azure CLI shows private endpoint connections without their inner `properties`, as aliases do.
    const alias = wanted.replace(/^properties\./u, `${entry.type.toLowerCase()}/`);
    const flattened = alias.includes('[*]') ? pathsByAlias(entry).get(alias) : undefined;
    const found = path ?? flattened;
    const type = found === undefined ? undefined : entry.fields[found];
    if (found !== undefined && type !== undefined) return { path: found, type };
  }
  return undefined;
}

function fieldByAlias(written: string, resourceTypes: readonly string[]): KnownField | UnknownField {
  const typeWritten = written.slice(0, written.lastIndexOf('/'));
  const aliased = knownType(typeWritten);
  if (aliased === undefined) {
    return { problem: `no aliases are known of ${typeWritten}; write the path, such as properties.name` };
  }
  if (
    resourceTypes.length > 0 &&
    !resourceTypes.some((type) => type.toLowerCase() === aliased.type.toLowerCase())
  ) {
    const about = resourceTypes.join(' and ');
    return { problem: `"${written}" is a field of ${aliased.type}, but the rule is about ${about}` };
  }
  const paths = pathsByAlias(aliased);
  const path = paths.get(written.toLowerCase());
  const type = path === undefined ? undefined : aliased.fields[path];
  if (path !== undefined && type !== undefined) return { path, type };
  const short = written.slice(typeWritten.length + 1);
  return { problem: `"${written}" is not an alias that is known`, ...suggest(short, [aliased]) };
}

/** Every name by which a rule may read a field of a type, but for those of tags: paths, and aliases with their variants. */
export function fieldNames(type: ResourceType): readonly string[] {
  const aliases = [...pathsByAlias(type).keys()];
  const flattened = aliases
    .filter((alias) => alias.includes('[*]'))
    .map((alias) => `properties.${alias.slice(type.type.length + 1)}`);
  return [...Object.keys(type.fields), ...aliases, ...flattened];
}

/** The field meant: by name alone, without its brackets, or nearly spelt so. */
function suggest(written: string, known: readonly ResourceType[]): { readonly suggestion?: string } {
  const paths = new Map(
    known.flatMap(({ fields }) => Object.keys(fields)).map((path) => [shortened(path), path]),
  );
  const short = shortened(written);
  const suggestion = paths.get(short) ?? paths.get(nearest(short, paths.keys()) ?? '');
  return suggestion === undefined ? {} : { suggestion };
}

function shortened(path: string): string {
  return path
    .toLowerCase()
    .replace(/^properties\.+/u, '')
    .replaceAll(/\[[*\d]*\]/gu, '');
}

/**
 * Azure Policy's name for a field: the resource type, and the path without its `properties`. `undefined` for the
 * fields that Azure Policy names without a type, such as `location`.
 */
export function aliasOf(resourceType: string, path: string): string | undefined {
  const named = path.startsWith('properties.') || path === 'sku' || path.startsWith('sku.');
  if (!named) return undefined;
  const short = path.replace(/^properties\./u, '').replaceAll('[*].properties.', '[*].');
  return `${resourceType}/${short}`;
}

/** The paths of a resource type by their aliases in lower case. */
function pathsByAlias({ type, fields }: Pick<ResourceType, 'type' | 'fields'>): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const path of Object.keys(fields)) {
    const alias = aliasOf(type, path)?.toLowerCase();
    if (alias !== undefined) paths.set(alias, path);
  }
  return paths;
}

const dotted = /^tags\.([^[\]']+)$/iu;
const quoted = /^tags\['([^']+)'\]$/iu;
const bare = /^tags\[([^[\]'*]+)\]$/iu;

/**
 * The canonical path of a tag, which Azure Policy lets one write as `tags.owner`, `tags[owner]` or `tags['owner']`;
 * `undefined` for what names no tag.
 */
function tagPath(written: string): string | undefined {
  const name = [dotted, quoted, bare]
    .map((form) => form.exec(written)?.[1])
    .find((found) => found !== undefined);
  return name === undefined ? undefined : `tags['${name}']`;
}
