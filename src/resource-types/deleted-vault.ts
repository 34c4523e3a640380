import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { DeletedVault } from '../model/arm-ports.ts';
import { knownType } from './known-type.ts';

/**
 * Reads an entry of a recycle bin; `type` is that of a live resource. `undefined` for one that lacks what identifies it.
 * A date that is missing or no text is empty.
 */
export function toDeletedVault({ id, name, properties }: JsonObject, type: string): DeletedVault | undefined {
  const known = knownType(type);
  if (typeof id !== 'string' || typeof name !== 'string' || !isJsonObject(properties)) return undefined;
  const formerId = text(properties[known?.recycleBin?.formerId ?? '']);
  const [, subscriptionId, resourceGroup] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i.exec(formerId) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined) return undefined;
  return {
    id,
    vault: { id: formerId, name, type: known?.type ?? type, subscriptionId, resourceGroup },
    location: text(properties['location']) || locationIn(id),
    deletionDate: text(properties['deletionDate']),
    scheduledPurgeDate: text(properties['scheduledPurgeDate']),
    // Absent when it was never enabled.
    purgeProtection: properties['purgeProtectionEnabled'] === true,
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

/** The region in the id of an entry. */
function locationIn(id: string): string {
  return /\/locations\/([^/]+)\//i.exec(id)?.[1] ?? '';
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
