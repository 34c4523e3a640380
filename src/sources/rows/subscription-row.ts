import { isJsonObject, type Json } from '../../model/json.ts';
import type { ManagementGroup, Subscription } from '../../model/source.ts';

/**
 * Reads a row of Resource Graph's `resourcecontainers`: the name of a
 * subscription, and the management groups above it, nearest first. `undefined` for any other row.
 */
export function readSubscription(row: Json): Subscription | undefined {
  if (!isJsonObject(row)) return undefined;
  const { type, name, properties } = row;
  if (typeof type !== 'string' || type.toLowerCase() !== 'microsoft.resources/subscriptions')
    return undefined;
  const id = subscriptionIdOf(row['subscriptionId'], row['id']);
  if (id === undefined) return undefined;
  const chain = isJsonObject(properties) ? properties['managementGroupAncestorsChain'] : row['chain'];
  return { id, name: typeof name === 'string' ? name : id, managementGroups: readChain(chain) };
}

/** Reads a `managementGroupAncestorsChain`, where `name` is the id of a group. */
export function readChain(chain: Json | undefined): readonly ManagementGroup[] {
  if (!Array.isArray(chain)) return [];
  return chain.flatMap((group: Json) => {
    const { name: id, displayName } = isJsonObject(group) ? group : {};
    if (typeof id !== 'string') return [];
    return [{ id, name: typeof displayName === 'string' && displayName !== '' ? displayName : id }];
  });
}

function subscriptionIdOf(column: Json | undefined, id: Json | undefined): string | undefined {
  if (typeof column === 'string' && column !== '') return column;
  return typeof id === 'string' ? /^\/subscriptions\/([^/]+)$/i.exec(id)?.[1] : undefined;
}
