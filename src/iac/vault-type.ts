import { knownType } from '../resource-types/known-type.ts';

/** The resource type in Azure's own spelling, of a text with or without `@version`; others are not declared here. */
export function vaultTypeOf(resourceType: string): string | undefined {
  const [type = ''] = resourceType.split('@');
  return knownType(type)?.type;
}
