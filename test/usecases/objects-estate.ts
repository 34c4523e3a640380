import {
  emulator,
  type Emulator,
  type EmulatorOptions,
  type Tenant,
  type TenantDataPlane,
} from '../../emulator/index.ts';
import { vaultBody } from '../../emulator/tenants/bodies.ts';
import { vaultPlane } from '../../src/azure/vault-plane.ts';
import type { DeletedReport } from '../../src/model/deleted-report.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { DeletedObject, ObjectType, PlaneAddress, VaultPlane } from '../../src/model/vault-plane.ts';
import { changeObjects, type ObjectsRequest } from '../../src/usecases/deleted.ts';
import { listDeletedObjects } from '../../src/usecases/deleted/list-objects.ts';
import { connectedRun, subscriptionId, tenantWithBin } from './recycle-bin-estate.ts';

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

/** An emulated vault, and recoveries and purges of what is in it over the real pipeline. */
export interface ObjectsEstate {
  readonly azure: Emulator;
  readonly plane: VaultPlane;
  readonly address: PlaneAddress;
  readonly journal: string;
  /** The deleted object of a name, as the vault shows it. */
  readonly deleted: (name: string, type?: ObjectType) => Promise<DeletedObject>;
  readonly change: (
    action: 'recover' | 'purge',
    objects: readonly DeletedObject[],
    request?: Partial<ObjectsRequest>,
  ) => Promise<DeletedReport>;
  /** Method and path of every request to the data plane. */
  readonly paths: () => readonly string[];
  /** Those that write. */
  readonly writes: () => readonly string[];
}

export function objectsEstate(tenant: Tenant, options: EmulatorOptions = {}): ObjectsEstate {
  const azure = emulator(tenant, options);
  const { connection, journal, signal, request: common } = connectedRun(azure);
  const plane = vaultPlane(connection);
  const address = { id: vaultId, name: 'kv-a', uri: 'https://kv-a.vault.azure.net/' };
  const paths = (): readonly string[] =>
    azure.requests
      .filter(({ host }) => host === 'kv-a.vault.azure.net')
      .map(({ method, path }) => `${method} ${path}`);
  return {
    azure,
    plane,
    address,
    journal,
    async deleted(name, type = 'secret') {
      const { deleted } = await listDeletedObjects(plane, { address, types: [type] }, signal);
      const found = deleted.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no deleted ${type} is called ${name}`);
      return found;
    },
    change: async (action, objects, request = {}) =>
      changeObjects({
        ...(await common()),
        action,
        objects,
        plane,
        ...request,
      }),
    paths,
    writes: () => paths().filter((path) => !path.startsWith('GET ')),
  };
}
