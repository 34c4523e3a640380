import { resourceTypes } from '../resource-types/index.ts';

const spellings = new Map(resourceTypes.map(({ type }) => [type.toLowerCase(), type]));

/** The resource type in Azure's own spelling, of a text with or without `@version`; others are not declared here. */
export function vaultTypeOf(resourceType: string): string | undefined {
  const [type = ''] = resourceType.split('@');
  return spellings.get(type.toLowerCase());
}
