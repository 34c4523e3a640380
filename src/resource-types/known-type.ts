import { resourceTypes } from './index.ts';
import { type CoveragePartName, partsToInclude, type SourceName } from '../model/source-name.ts';
import type { ResourceType } from './resource-type.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { DeletedVault } from '../model/arm-ports.ts';

/** By the name in lower case, and as Azure spells it: most rows have that. */
const byName = new Map(
  resourceTypes.flatMap((one) => [one.type.toLowerCase(), one.type].map((name) => [name, one])),
);

/** The record of a resource type in any letter case; `undefined` for a type that purgeproof does not know. */
export function knownType(type: string): ResourceType | undefined {
  return byName.get(type) ?? byName.get(type.toLowerCase());
}

/** True for a type whose resources are rows of Resource Graph or of an inventory, in any letter case. */
export function hasRows(type: string): boolean {
  const known = knownType(type);
  return known !== undefined && withRows.has(known);
}

const withRows = new Set(
  resourceTypes.filter(({ readBy }) => readBy.includes('live') || readBy.includes('inventory')),
);

/** The types that sources of these names read. */
export function typesReadBy(...sources: readonly SourceName[]): readonly string[] {
  return resourceTypes
    .filter(({ readBy }) => sources.some((source) => readBy.includes(source)))
    .map(({ type }) => type);
}

/** The types that a live scan reads, whichever rules are selected. */
export const scannedTypes: readonly string[] = typesReadBy('live');

/** The parts of a scan that read further types, or facts about types. */
export const includableParts: readonly CoveragePartName[] = [
  ...new Set(resourceTypes.flatMap(({ readBy, facts = {} }) => [...readBy, ...Object.values(facts)])),
].filter(isIncludable);

function isIncludable(name: SourceName): name is (typeof partsToInclude)[number] {
  return partsToInclude.some((part) => part === name);
}

/** The types of which ARM shows the deleted ones. */
export const recycleBinTypes: readonly string[] = resourceTypes
  .filter(({ recycleBin }) => recycleBin !== undefined)
  .map(({ type }) => type);

/** The type of the entries in the recycle bin of a live type: `Microsoft.KeyVault/deletedVaults`. */
export function deletedTypeOf(type: string): string {
  return `${type.split('/')[0]}/${knownType(type)?.recycleBin?.collection ?? 'deleted'}`;
}

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
  return `${binRights(type).entry.replace(/\/read$/u, '')}/purge/action`;
}

/**
 * The ARM rights to read the recycle bin of a live type: the list of a subscription, a single entry, and the result of an
 * operation that takes long. Each is held at the subscription or above.
 */
export function binRights(type: string): Readonly<Record<'list' | 'entry' | 'result', string>> {
  const [provider = ''] = type.split('/');
  const { collection = 'deleted', operationResults = 'operationResults' } = knownType(type)?.recycleBin ?? {};
  return {
    list: `${provider}/${collection}/read`,
    entry: `${provider}/locations/${collection}/read`,
    result: `${provider}/locations/${operationResults}/read`,
  };
}

/** The resource type that a right to read is about. */
export function typeOfReadRight(right: string): string {
  return right.replace(/\/read$/u, '');
}

/** The columns of `resources` that a scan reads, in the order of its queries. */
export const graphColumns: readonly string[] = [
  ...new Set(resourceTypes.flatMap(({ resourceGraph }) => Object.keys(resourceGraph?.columns ?? {}))),
];

/**
 * Reads an entry of a recycle bin; `type` is that of a live resource. `undefined` for one that lacks what identifies it, or
 * whose name, id and former id are about different ones: what is named would not be what is purged.
 * A date that is missing or no text is empty.
 */
export function toDeletedVault({ id, name, properties }: JsonObject, type: string): DeletedVault | undefined {
  const known = knownType(type);
  if (typeof id !== 'string' || typeof name !== 'string' || !isJsonObject(properties)) return undefined;
  const formerId = text(properties[known?.recycleBin?.formerId ?? '']);
  const [, subscriptionId, resourceGroup] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i.exec(formerId) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined) return undefined;
  if (![id, formerId].every((one) => one.toLowerCase().endsWith(`/${name.toLowerCase()}`))) return undefined;
  return {
    id,
    vault: { id: formerId, name, type: known?.type ?? type, subscriptionId, resourceGroup },
    location: text(properties['location']) || locationIn(id),
    deletionDate: text(properties['deletionDate']),
    scheduledPurgeDate: text(properties['scheduledPurgeDate']),
    // Absent when it was never enabled.
    purgeProtection: isTrue(properties['purgeProtectionEnabled']),
    tags: isJsonObject(properties['tags']) ? properties['tags'] : {},
    properties,
  };
}

/** The entry that a journal tells of: the live id of the vault, and the properties that its entry had. */
export function deletedVaultOf(vaultId: string, properties: JsonObject): DeletedVault | undefined {
  const [, subscriptionId, provider = '', plural = '', name] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/[^/]+\/providers\/([^/]+)\/([^/]+)\/([^/]+)$/i.exec(
      vaultId,
    ) ?? [];
  const type = `${provider}/${plural}`;
  const collection = knownType(type)?.recycleBin?.collection;
  if (subscriptionId === undefined || name === undefined || collection === undefined) return undefined;
  const place = `/subscriptions/${subscriptionId}/providers/${provider}/locations/${text(properties['location'])}`;
  return toDeletedVault({ id: `${place}/${collection}/${name}`, name, properties }, type);
}

/** True in any spelling: in doubt nobody may purge it. */
function isTrue(value: Json | undefined): boolean {
  return value === true || text(value).toLowerCase() === 'true';
}

/** The region in the id of an entry. */
function locationIn(id: string): string {
  return /\/locations\/([^/]+)\//i.exec(id)?.[1] ?? '';
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
