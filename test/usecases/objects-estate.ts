import { vaultBody } from '../../emulator/tenants/bodies.ts';
import type { Tenant, TenantDataPlane } from '../../emulator/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { subscriptionId, tenantWithBin } from './recycle-bin-estate.ts';

export { subscriptionId } from './recycle-bin-estate.ts';

/** A vault with these properties, besides what a new one has. */
export function vaultOf(name: string, properties: JsonObject = {}): JsonObject {
  return vaultBody({ subscriptionId, resourceGroup: 'rg', name, location: 'westeurope' }, { properties });
}

/** The id of the one vault in `tenantWithObjects`. */
export const vaultId = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a`;

/** A tenant of one vault, `kv-a`, with these objects in it. */
export function tenantWithObjects(plane: TenantDataPlane, properties: JsonObject = {}): Tenant {
  return { ...tenantWithBin(), resources: [vaultOf('kv-a', properties)], dataPlanes: { 'kv-a': plane } };
}

/** The dates of a deleted object. */
export const deletedDates = {
  deletedDate: '2026-11-20T10:53:07Z',
  scheduledPurgeDate: '2026-11-27T10:53:07Z',
};
