import { resourceTypes } from '../resource-types/index.ts';

/** Vaults and managed HSMs: not what was deleted, nor what is inside of them. */
const declared = resourceTypes.filter(({ readBy }) => readBy.includes('live'));
const spellings = new Map(declared.map(({ type }) => [type.toLowerCase(), type]));

/** The resource type in Azure's own spelling, of a text with or without `@version`; others are not declared here. */
export function vaultTypeOf(resourceType: string): string | undefined {
  const [type = ''] = resourceType.split('@');
  return spellings.get(type.toLowerCase());
}
