import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import type { KeyVaultType } from './paths.ts';
import { placeOf, type TenantDeleted } from '../tenant.ts';
import type { World } from '../world.ts';
import { textOf } from './store.ts';

/** How ARM spells the recycle bin of a type. */
export const binSpellings: Readonly<
  Record<KeyVaultType, { readonly collection: string; readonly formerId: string; readonly results: string }>
> = {
  vaults: { collection: 'deletedVaults', formerId: 'vaultId', results: 'operationResults' },
  managedHSMs: {
    collection: 'deletedManagedHSMs',
    formerId: 'mhsmId',
    results: 'managedHSMOperationResults',
  },
};

/** The deleted resources of a type in a subscription, in the order of the tenant. */
export function deletedIn(
  world: World,
  subscriptionId: string,
  type: KeyVaultType,
): readonly TenantDeleted[] {
  return (world.tenant.deleted ?? []).filter(
    ({ resource }) =>
      isSame(placeOf(resource).subscriptionId, subscriptionId) &&
      isSame(textOf(resource, 'type'), `Microsoft.KeyVault/${type}`),
  );
}

/** The entry of a resource in its recycle bin. `purgeProtectionEnabled` is absent when it was never on. */
export function rowOf({ resource, deletionDate, scheduledPurgeDate }: TenantDeleted): JsonObject {
  const { collection, formerId } = binSpellings[typeOf(resource)];
  const { subscriptionId } = placeOf(resource);
  const [name, location] = [textOf(resource, 'name'), textOf(resource, 'location')];
  return {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/${collection}/${name}`,
    name,
    type: `Microsoft.KeyVault/${collection}`,
    properties: {
      [formerId]: textOf(resource, 'id'),
      location,
      tags: resource['tags'] ?? {},
      deletionDate,
      scheduledPurgeDate,
      ...(isProtected(resource) ? { purgeProtectionEnabled: true } : {}),
    },
  };
}

/** Whether nobody can purge it before its date. */
export function isProtected(resource: JsonObject): boolean {
  const { properties } = resource;
  return isJsonObject(properties) && properties['enablePurgeProtection'] === true;
}

/** Takes an entry out of the recycle bin: recovered, or purged. */
export function takeOut({ tenant }: World, entry: TenantDeleted): void {
  const index = tenant.deleted?.indexOf(entry) ?? -1;
  if (index !== -1) tenant.deleted?.splice(index, 1);
}

/** A purge that was accepted. */
interface Purge {
  readonly entry: TenantDeleted;
  left: number;
}

const purgesOf = new WeakMap<World, Map<string, Purge>>();

/** Accepts a purge; it is carried out after some looks, whoever looks. */
export function beginPurge(world: World, entry: TenantDeleted): string {
  const purges = purgesOf.get(world) ?? new Map<string, Purge>();
  purgesOf.set(world, purges);
  const token = world.newId();
  purges.set(token, { entry, left: world.options.purgePolls ?? 1 });
  return token;
}

/** How a purge stands; `undefined` for one that is not known. */
export function purgeState(world: World, token: string): 'running' | 'succeeded' | TenantDeleted | undefined {
  const purge = purgesOf.get(world)?.get(token);
  if (purge === undefined) return undefined;
  if (purge.left > 0) {
    purge.left -= 1;
    return 'running';
  }
  if (purge.entry.purgeFails !== undefined) return purge.entry;
  takeOut(world, purge.entry);
  return 'succeeded';
}

/** Time passes for every purge under way when the recycle bin is read. */
export function advancePurges(world: World): void {
  for (const token of purgesOf.get(world)?.keys() ?? []) purgeState(world, token);
}

function typeOf(resource: JsonObject): KeyVaultType {
  return /managedhsms$/i.test(textOf(resource, 'type')) ? 'managedHSMs' : 'vaults';
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
