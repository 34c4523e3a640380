import { apiVersion, commonFields, commonPaths } from './key-vault.ts';
import type { ResourceType } from './resource-type.ts';

/** The differences between the entries of one recycle bin and those of another. */
interface Entries {
  readonly type: string;
  readonly one: string;
  /** The property that holds the id that it had. */
  readonly formerId: string;
  readonly billedUntilPurged?: true;
}

/**
 * An entry of a recycle bin. `resourceGroup` is that of the id that it had; `daysToPurge`, which no body holds, are the
 * whole days from the time of the scan to its scheduled purge.
 */
function entryType({ type, one, formerId, ...others }: Entries): ResourceType {
  return {
    type,
    apiVersion,
    words: { one, many: `${one}s`, label: `D${one.slice(1)}` },
    ...others,
    fields: {
      ...commonFields,
      daysToPurge: 'integer',
      properties: 'object',
      [`properties.${formerId}`]: 'string',
      'properties.location': 'string',
      'properties.tags': 'object',
      'properties.deletionDate': 'string',
      'properties.scheduledPurgeDate': 'string',
      'properties.purgeProtectionEnabled': 'boolean',
    },
    otherPaths: commonPaths,
    properties: new Map(),
    readBy: ['deleted'],
  };
}

/** A vault in the recycle bin of its subscription; source: `DeletedVault` of @azure/arm-keyvault 5.0.0. */
export const deletedVault = entryType({
  type: 'Microsoft.KeyVault/deletedVaults',
  one: 'deleted vault',
  formerId: 'vaultId',
});

/** A managed HSM in the recycle bin of its subscription; source: `DeletedManagedHsm` of @azure/arm-keyvault 5.0.0. */
export const deletedManagedHsm = entryType({
  type: 'Microsoft.KeyVault/deletedManagedHSMs',
  one: 'deleted managed HSM',
  formerId: 'mhsmId',
  billedUntilPurged: true,
});
