import { recoveryLevels } from '../model/recovery-level.ts';
import { apiVersion, commonFields } from './key-vault.ts';
import type { FieldTable, ResourceType } from './resource-type.ts';

/** The differences between the objects of one kind and those of another. */
interface Kind {
  /** The collection: `keys`. */
  readonly plural: string;
  readonly one: string;
  readonly own?: FieldTable;
}

/**
 * Metadata of an object in a vault, in ARM's shape: what the data plane writes beside `id` and `tags` is below `properties`.
 * `vault` is the configuration of its vault, read in the same scan. Times are whole seconds since 1970, UTC.
 */
const objectFields: FieldTable = {
  ...commonFields,
  properties: 'object',
  'properties.attributes': 'object',
  'properties.attributes.enabled': 'boolean',
  'properties.attributes.nbf': 'integer',
  'properties.attributes.exp': 'integer',
  'properties.attributes.created': 'integer',
  'properties.attributes.updated': 'integer',
  'properties.attributes.recoveryLevel': recoveryLevels,
  'properties.attributes.recoverableDays': 'integer',
  vault: 'object',
  'vault.id': 'string',
  'vault.name': 'string',
  'vault.properties': 'object',
  'vault.properties.enableSoftDelete': 'boolean',
  'vault.properties.softDeleteRetentionInDays': 'integer',
  'vault.properties.enablePurgeProtection': 'boolean',
  'vault.properties.enableRbacAuthorization': 'boolean',
};

/** `daysToPurge`, which no body holds, are the whole days from the time of the scan to the scheduled purge. */
const deletedFields: FieldTable = {
  daysToPurge: 'integer',
  'properties.deletedDate': 'integer',
  'properties.scheduledPurgeDate': 'integer',
};

function objectType({ plural, one, own = {} }: Kind): ResourceType {
  return {
    type: `Microsoft.KeyVault/vaults/${plural}`,
    apiVersion,
    words: { one, many: `${one}s`, label: `${one.charAt(0).toUpperCase()}${one.slice(1)}` },
    fields: { ...objectFields, ...own },
    neverUnset: [
      'properties.attributes.recoveryLevel',
      ...(own['daysToPurge'] === undefined ? [] : ['daysToPurge']),
    ],
    otherPaths: [],
    filledIn: [],
    properties: new Map(),
    readBy: ['objects'],
    partOf: 'Microsoft.KeyVault/vaults',
  };
}

const kinds: readonly Kind[] = [
  { plural: 'keys', one: 'key', own: { 'properties.attributes.exportable': 'boolean' } },
  { plural: 'secrets', one: 'secret', own: { 'properties.contentType': 'string' } },
  { plural: 'certificates', one: 'certificate' },
  { plural: 'deletedKeys', one: 'deleted key', own: deletedFields },
  { plural: 'deletedSecrets', one: 'deleted secret', own: deletedFields },
  { plural: 'deletedCertificates', one: 'deleted certificate', own: deletedFields },
];

/**
 * Keys, secrets and certificates of vaults, live and in the recycle bin of their vault. What a certificate manages, a key and
 * a secret of the same name, is part of it. Sources: `Key` of @azure/arm-keyvault 5.0.0, `SecretItem`, `CertificateItem` and
 * their deleted counterparts of the data plane, API version 2025-07-01.
 */
export const vaultObjectTypes: readonly ResourceType[] = kinds.map(objectType);
