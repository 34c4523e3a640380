import { resourceTypes } from '../resource-types/index.ts';
import { literalOf, type NamePattern } from './evaluation/name-pattern.ts';

/** Vaults and managed HSMs: not what was deleted, nor what is inside of them. */
const declared = resourceTypes.filter(({ readBy }) => readBy.includes('live'));
const spellings = new Map(declared.map(({ type }) => [type.toLowerCase(), type]));

/** The resource type in Azure's own spelling, of a text with or without `@version`; others are not declared here. */
export function vaultTypeOf(resourceType: string): string | undefined {
  const [type = ''] = resourceType.split('@');
  return spellings.get(type.toLowerCase());
}

/** A resource of this type may deploy a vault that a template inside of it declares. */
const deployments = 'microsoft.resources/deployments';
const declaring = [...spellings.keys(), deployments];

/**
 * The vault type that a computed text with `@version` names. `false` for any other type, `undefined` where it is not known
 * whether it is one, or a deployment.
 */
export function vaultTypeIn(pattern: NamePattern): string | false | undefined {
  const [first] = pattern;
  const head = typeof first === 'string' ? first.toLowerCase() : '';
  const type = head.split('@')[0] ?? '';
  if (head.includes('@')) return type === deployments ? undefined : (spellings.get(type) ?? false);
  if (literalOf(pattern) !== undefined) return false;
  const versioned = pattern.find((part) => typeof part === 'string' && part.includes('@'));
  const tail = typeof versioned === 'string' ? (versioned.toLowerCase().split('@')[0] ?? '') : '';
  const mayBeOne = declaring.some((known) => known.startsWith(head) && known.endsWith(tail));
  return mayBeOne ? undefined : false;
}
