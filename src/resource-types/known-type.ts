import { resourceTypes } from './index.ts';
import type { ResourceType } from './resource-type.ts';

const byName = new Map(resourceTypes.map((one) => [one.type.toLowerCase(), one]));

/** The record of a resource type in any letter case; `undefined` for a type that purgeproof does not know. */
export function knownType(type: string): ResourceType | undefined {
  return byName.get(type.toLowerCase());
}

/** The types that a live scan reads, whichever rules are selected. */
export const scannedTypes: readonly string[] = resourceTypes
  .filter(({ resourceGraph }) => resourceGraph !== undefined)
  .map(({ type }) => type);
