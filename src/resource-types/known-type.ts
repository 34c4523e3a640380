import { resourceTypes } from './index.ts';
import type { SourceName } from '../model/source-name.ts';
import type { ResourceType } from './resource-type.ts';

const byName = new Map(resourceTypes.map((one) => [one.type.toLowerCase(), one]));

/** The record of a resource type in any letter case; `undefined` for a type that purgeproof does not know. */
export function knownType(type: string): ResourceType | undefined {
  return byName.get(type.toLowerCase());
}

/** True for a resource type that has a record, in any letter case. */
export function isKnownType(type: string): boolean {
  return knownType(type) !== undefined;
}

/** The types that sources of these names read. */
export function typesReadBy(...sources: readonly SourceName[]): readonly string[] {
  return resourceTypes
    .filter(({ readBy }) => sources.some((source) => readBy.includes(source)))
    .map(({ type }) => type);
}

/** The types that a live scan reads, whichever rules are selected. */
export const scannedTypes: readonly string[] = typesReadBy('live');

/** The ARM right to read resources of a type: `Microsoft.KeyVault/vaults/read`. */
export function readRight(type: string): string {
  return `${knownType(type)?.type ?? type}/read`;
}

/** The ARM right to change resources of a type. */
export function writeRight(type: string): string {
  return `${knownType(type)?.type ?? type}/write`;
}

/** The ARM right to purge deleted resources of a type, which is held at the subscription or above. */
export function purgeRight(type: string): string {
  const [provider = ''] = type.split('/');
  return `${provider}/locations/${knownType(type)?.recycleBin?.collection ?? 'deleted'}/purge/action`;
}

/** The resource type that a right to read is about. */
export function typeOfReadRight(right: string): string {
  return right.replace(/\/read$/u, '');
}

/** The columns of `resources` that a scan reads, in the order of its queries. */
export const graphColumns: readonly string[] = [
  ...new Set(resourceTypes.flatMap(({ resourceGraph }) => Object.keys(resourceGraph?.columns ?? {}))),
];
