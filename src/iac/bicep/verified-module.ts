import { objectProperties } from '../object-properties.ts';
import type { Locate } from '../source-text.ts';
import type { Expression } from '../syntax/expression.ts';
import type { Written } from '../template.ts';

/** True for the Azure Verified Module of key vaults, by its registry, by `public`, or by an alias of one's own. */
export function isVaultModule(target: string): boolean {
  return /^br[:/].*\bavm\/res\/key-vault\/vault:[^/:]+$/i.test(target);
}

/**
 * What the parameters of that module set. They are named as the properties are, but for private endpoints; source:
 * Azure/bicep-registry-modules, avm/res/key-vault/vault/main.bicep.
 */
export function moduleProperties(
  params: Expression | undefined,
  locate: Locate,
): ReadonlyMap<string, Written> {
  const properties = new Map(objectProperties(params, locate));
  const endpoints = properties.get('properties.privateendpoints');
  if (endpoints !== undefined) properties.set('properties.privateendpointconnections', endpoints);
  return properties;
}
