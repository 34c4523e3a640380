import {
  apiVersion,
  commonFields,
  commonPaths,
  commonProperties,
  filledInFields,
  networkFields,
  recycleBinEntry,
  resourcesTable,
  retention,
} from './key-vault.ts';
import type { FieldTable, ResourceType } from './resource-type.ts';
import { moduleArguments, vaultArguments } from './terraform-arguments.ts';

const policy = 'properties.accessPolicies[*]';
const shared = 'all get list delete backup restore recover purge'.split(' ');

const vaultFields: FieldTable = {
  ...commonFields,
  properties: 'object',
  'properties.tenantId': 'string',
  'properties.sku': 'object',
  'properties.sku.family': 'string',
  'properties.sku.name': ['standard', 'premium'],
  'properties.vaultUri': 'string',
  'properties.hsmPoolResourceId': 'string',
  'properties.enabledForDeployment': 'boolean',
  'properties.enabledForDiskEncryption': 'boolean',
  'properties.enabledForTemplateDeployment': 'boolean',
  'properties.enableSoftDelete': 'boolean',
  'properties.softDeleteRetentionInDays': 'integer',
  'properties.enablePurgeProtection': 'boolean',
  'properties.enableRbacAuthorization': 'boolean',
  'properties.createMode': ['default', 'recover'],
  'properties.provisioningState': ['Succeeded', 'RegisteringDns'],
  'properties.publicNetworkAccess': ['Enabled', 'Disabled', 'SecuredByPerimeter'],
  'properties.accessPolicies': 'array',
  [policy]: 'object',
  [`${policy}.tenantId`]: 'string',
  [`${policy}.objectId`]: 'string',
  [`${policy}.applicationId`]: 'string',
  [`${policy}.permissions`]: 'object',
  ...permissionFields(
    'keys',
    'encrypt decrypt wrapKey unwrapKey sign verify create update import release rotate getrotationpolicy setrotationpolicy',
  ),
  ...permissionFields('secrets', 'set'),
  ...permissionFields(
    'certificates',
    'create import update managecontacts getissuers listissuers setissuers deleteissuers manageissuers',
  ),
  ...permissionFields('storage', 'set update regeneratekey setsas listsas getsas deletesas'),
  ...networkFields,
  'properties.networkAcls.virtualNetworkRules[*].ignoreMissingVnetServiceEndpoint': 'boolean',
  ...accessFields('access.principals[*]'),
};

/** Facts about who can destroy the vault, which no body holds. `complete` is true where nobody can be missing. */
function accessFields(principal: string): FieldTable {
  return {
    access: 'object',
    'access.complete': 'boolean',
    'access.principals': 'array',
    [principal]: 'object',
    [`${principal}.id`]: 'string',
    [`${principal}.type`]: ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device', 'Unknown'],
    [`${principal}.canDelete`]: 'boolean',
    [`${principal}.canPurgeVault`]: 'boolean',
    [`${principal}.canPurgeObjects`]: 'boolean',
    [`${principal}.by`]: 'array',
    [`${principal}.by[*]`]: 'string',
    [`${principal}.conditional`]: 'array',
    [`${principal}.conditional[*]`]: ['delete', 'purgeVault', 'purgeObjects'],
  };
}

function permissionFields(kind: string, own: string): FieldTable {
  const path = `${policy}.permissions.${kind}`;
  return { [path]: 'array', [`${path}[*]`]: [...shared, ...own.split(' ')] };
}

/** Sources: learn.microsoft.com/azure/key-vault/general/{backup,soft-delete-overview,move-subscription}. */
const recreate: readonly string[] = [
  'List who uses the vault: diagnostic logs, app settings with Key Vault references, disk encryption sets, and ' +
    'customer-managed keys of storage, SQL and other services.',
  'Create a new vault under another name, in the same subscription and geography, where backups can be restored, with the ' +
    'retention period that you need and with purge protection; both are permanent.',
  'Give it the network rules, private endpoints and their DNS, diagnostic settings, locks, tags, and role assignments or ' +
    'access policies of the old one.',
  'Stop changing the old vault, then copy every key, secret and certificate by backup and restore: that keeps all ' +
    'versions, and keys that cannot be exported.',
  'Move the users over one by one; where a key encrypts data, switch the service to the new key and wait until it has ' +
    're-wrapped its own.',
  'Watch the logs of the old vault for longer than the interval of your least frequent job.',
  'Only then delete the old vault. It can be recovered, and its name stays reserved, until its retention period has passed.',
  'Scan again.',
];

/** The property of an entry in the recycle bin that holds the id that it had. */
const formerId = 'vaultId';

/** The key vault; source: the models of @azure/arm-keyvault 5.0.0 (REST 2026-02-01). */
export const vault: ResourceType = {
  type: 'Microsoft.KeyVault/vaults',
  apiVersion,
  words: { one: 'vault', many: 'vaults', label: '' },
  fields: vaultFields,
  neverUnset: ['access', 'access.complete', 'access.principals'],
  otherPaths: commonPaths,
  filledIn: [...filledInFields, 'properties.vaultUri', 'properties.hsmPoolResourceId'],
  properties: new Map([
    ...commonProperties,
    ['accessPolicies', { change: 'patch', risk: 'disruptive' }],
    ['enabledForDeployment', { change: 'patch' }],
    ['enabledForDiskEncryption', { change: 'patch' }],
    ['enabledForTemplateDeployment', { change: 'patch' }],
    // Source: https://learn.microsoft.com/azure/key-vault/general/access-control-default
    ['enableRbacAuthorization', { change: 'patch', risk: 'disruptive', setByAzureSince: '2026-02-01' }],
  ]),
  retention,
  readBy: ['live', 'inventory', 'template', 'plan'],
  facts: { access: 'access' },
  resourceGraph: resourcesTable,
  operations: 'vaults',
  raisesEvents: true,
  recreate,
  // Source: Azure/azure-cli, keyvault/custom.py (recover_vault), and its recorded tests.
  recycleBin: {
    collection: 'deletedVaults',
    operationResults: 'operationResults',
    formerId,
    recoveryBody: (tenantId) => ({
      properties: { tenantId, sku: { family: 'A', name: 'standard' }, createMode: 'recover' },
    }),
  },
  terraform: { resource: 'azurerm_key_vault', arguments: vaultArguments },
  // Sources: Azure/bicep-registry-modules, avm/res/key-vault/vault/main.bicep, and
  // Azure/terraform-azurerm-avm-res-keyvault-vault, variables.tf.
  modules: {
    bicep: 'avm/res/key-vault/vault',
    bicepParameters: { privateEndpoints: 'privateEndpointConnections' },
    terraform: 'Azure/avm-res-keyvault-vault/azurerm',
    terraformArguments: moduleArguments,
  },
};

/** A vault in the recycle bin of its subscription; source: `DeletedVault` of @azure/arm-keyvault 5.0.0. */
export const deletedVault = recycleBinEntry({
  type: 'Microsoft.KeyVault/deletedVaults',
  one: 'deleted vault',
  formerId,
});
