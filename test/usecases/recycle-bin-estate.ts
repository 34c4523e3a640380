import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulator, type Emulator, type EmulatorOptions, type Tenant } from '../../emulator/index.ts';
import { managedHsmBody, tenantId, vaultBody } from '../../emulator/tenants/bodies.ts';
import type { TenantDeleted } from '../../emulator/tenant.ts';
import { connect } from '../../src/azure/connect.ts';
import { currentIdentity } from '../../src/azure/permissions.ts';
import { armRecycleBin } from '../../src/azure/recycle-bin.ts';
import { armWriteSender } from '../../src/azure/write.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import type { DeletedReport } from '../../src/model/deleted-report.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { DeletedVault } from '../../src/model/arm-ports.ts';
import { defaultRequestTimeoutMs } from '../../src/model/retry.ts';
import { liveVaults } from '../../src/sources/open-vaults.ts';
import { changeRecycleBin, type RecycleBinRequest } from '../../src/usecases/deleted.ts';
import { fastClock } from './estate.ts';

export const subscriptionId = '11111111-1111-4111-8111-111111111111';

const dates = { deletionDate: '2026-11-20T10:53:07Z', scheduledPurgeDate: '2026-11-27T10:53:07Z' };

/** A vault in the recycle bin, with a firewall and a tag of its own. */
export function deletedVault(name: string, properties: JsonObject = {}): TenantDeleted {
  const resource = vaultBody(placeOf(name), {
    tags: { team: 'payments' },
    properties: { networkAcls: { bypass: 'None', defaultAction: 'Deny', ipRules: [] }, ...properties },
  });
  return { resource, ...dates };
}

/** A managed HSM in the recycle bin. */
export function deletedHsm(name: string, properties: JsonObject = {}): TenantDeleted {
  return { resource: managedHsmBody(placeOf(name), { properties }), ...dates };
}

function placeOf(name: string) {
  return { subscriptionId, resourceGroup: 'rg', name, location: 'westeurope' };
}

/** A tenant of one subscription with these in its recycle bin. */
export function tenantWithBin(...deleted: readonly TenantDeleted[]): Tenant {
  return {
    tenantId,
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'one' }],
    resources: [],
    deleted: [...deleted],
  };
}

/** An emulated Azure with a recycle bin, and recoveries and purges over the real pipeline. */
export interface BinEstate {
  readonly azure: Emulator;
  /** What the recycle bin holds of a type. */
  readonly list: (type?: string) => Promise<readonly DeletedVault[]>;
  readonly change: (
    action: 'recover' | 'purge',
    request?: Partial<RecycleBinRequest>,
  ) => Promise<DeletedReport>;
  readonly journal: string;
  /** Method and path below the provider of every request that writes. */
  readonly writes: () => readonly string[];
}

/** A connection to an emulated Azure, a journal, and the parts that every change of what is deleted has in common. */
export function connectedRun(azure: Emulator) {
  const connection = connect({
    cloud: 'AzureCloud',
    version: '0.0.0',
    credential: azure.credential,
    httpClient: azure.httpClient,
  });
  const journal = join(mkdtempSync(join(tmpdir(), 'purgeproof-bin-')), 'deleted.ndjson');
  const { signal } = new AbortController();
  const request = async () => ({
    tool: { name: 'purgeproof', version: '0.0.0' },
    sender: armWriteSender(connection, 1),
    journal: journalFile(journal),
    identity: await currentIdentity(connection),
    clock: fastClock,
    signal,
    requestTimeoutMs: defaultRequestTimeoutMs,
  });
  return { connection, journal, signal, request };
}

export function binEstate(tenant: Tenant, options: EmulatorOptions = {}): BinEstate {
  const azure = emulator(tenant, options);
  const { connection, journal, signal, request: common } = connectedRun(azure);
  const recycleBin = armRecycleBin(connection);
  const list = async (type = 'Microsoft.KeyVault/vaults') => recycleBin.list(subscriptionId, type, signal);
  return {
    azure,
    list,
    journal,
    change: async (action, request = {}) =>
      changeRecycleBin({
        ...(await common()),
        action,
        deleted: request.deleted ?? (await list()),
        vaults: liveVaults(connection),
        recycleBin,
        ...request,
      }),
    writes: () =>
      azure.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.replace(/^.*Microsoft\.KeyVault\//, '')}`),
  };
}
