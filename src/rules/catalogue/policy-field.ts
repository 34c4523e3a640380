import { readTemplate } from '../condition/template.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { aliasOf, canonicalField, type KnownField, type UnknownField } from './canonical-field.ts';

/** A name that Azure Policy knows, and that resources of the types in question never have. */
interface AbsentField {
  readonly absent: true;
}

/**
 * Finds what a definition of Azure Policy reads: names of its own, such as `fullName`, tags and aliases, in any letter case.
 * An alias of another resource type is absent here. Paths from `properties` on are no names in Azure Policy.
 */
export function policyField(
  resourceTypes: readonly string[],
  written: string,
): KnownField | AbsentField | UnknownField {
  const name = written.toLowerCase();
  if (name === 'fullname') return { path: 'name', type: 'string' };
  // Source: the models of @azure/arm-keyvault, where neither vaults nor managed HSMs have a kind.
  if (name === 'kind') return { absent: true };
  if (!('literal' in readTemplate(written))) return canonicalField(resourceTypes, written);
  if (written.includes('/') && !/^tags\W/iu.test(written)) {
    const type = written.slice(0, written.lastIndexOf('/')).toLowerCase();
    const own = resourceTypes.find((one) => one.toLowerCase() === type);
    if (own === undefined) return { absent: true };
    const found = canonicalField(resourceTypes, written);
    return 'path' in found ? found : { problem: found.problem, ...meant([own], found) };
  }
  const found = canonicalField(resourceTypes, written);
  if ('path' in found && ownNames.test(found.path)) return found;
  if (/^identity(?:\.|$)/iu.test(written)) return { absent: true };
  return { problem: `"${written}" is no field of Azure Policy`, ...meant(resourceTypes, found) };
}

const ownNames = /^(?:name|type|location|id|identity|identity\..+|tags|tags\[.+\])$/u;

/** The name of a field in Azure Policy; `undefined` where it has none: facts, and what no alias is known of. */
export function nameInPolicy(resourceType: string, path: string): string | undefined {
  if (ownNames.test(path)) return path;
  const known = knownType(resourceType);
  return known?.fields[path] === undefined ? undefined : aliasOf(known.type, path);
}

/** The name in Azure Policy of what is known by a path. */
function meant(
  [type]: readonly string[],
  found: KnownField | UnknownField,
): { readonly suggestion?: string } {
  const path = 'path' in found ? found.path : found.suggestion;
  const suggestion = path === undefined || type === undefined ? undefined : nameInPolicy(type, path);
  return suggestion === undefined ? {} : { suggestion };
}
