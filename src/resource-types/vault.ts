import {
  apiVersion,
  commonArguments,
  commonFields,
  commonPaths,
  commonProperties,
  networkFields,
  resourcesTable,
  retention,
} from './key-vault.ts';
import type { FieldTable, ResourceType } from './resource-type.ts';

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
function recreate(days: number): readonly string[] {
  return [
    'List who uses the vault: its diagnostic logs, app settings with Key Vault references, disk encryption sets, ' +
      'customer-managed keys of storage, SQL and other services.',
    'Create a new vault under another name, in the same subscription and geography (backups cannot be restored ' +
      'anywhere else), with the retention period that you need and with purge protection, both of which are permanent.',
    'Give it what the old one has: network rules, private endpoints and their DNS, diagnostic settings, locks, tags, ' +
      'role assignments or access policies.',
    'Stop changing the old vault, then copy every key, secret and certificate by backup and restore: that keeps all ' +
      'versions and, of keys, the material that cannot be exported.',
    'Move the users over one by one to the new addresses; where data is encrypted under a key, switch the service to ' +
      'the new key and wait until it has re-wrapped its own.',
    'Watch the logs of the old vault until it has not been used for at least as long as the interval of your least frequent job.',
    `Only then delete the old vault. Its name stays reserved for ${days} days, during which it can be recovered.`,
    'Scan again.',
  ];
}

/** The key vault; source: the models of @azure/arm-keyvault 5.0.0 (REST 2026-02-01). */
export const vault: ResourceType = {
  type: 'Microsoft.KeyVault/vaults',
  apiVersion,
  words: { one: 'vault', many: 'vaults', label: '' },
  fields: vaultFields,
  otherPaths: commonPaths,
  properties: new Map([
    ...commonProperties,
    ['accessPolicies', { change: 'patch', risk: 'disruptive' }],
    ['enabledForDeployment', { change: 'patch' }],
    ['enabledForDiskEncryption', { change: 'patch' }],
    ['enabledForTemplateDeployment', { change: 'patch' }],
    ['enableRbacAuthorization', { change: 'patch', risk: 'disruptive' }],
  ]),
  retention,
  readBy: ['live', 'inventory'],
  facts: { access: 'access' },
  resourceGraph: resourcesTable,
  operations: 'vaults',
  raisesEvents: true,
  recreate,
  // Source: Azure/azure-cli, keyvault/custom.py (recover_vault), and its recorded tests.
  recycleBin: {
    collection: 'deletedVaults',
    operationResults: 'operationResults',
    formerId: 'vaultId',
    recoveryBody: (tenantId) => ({
      properties: { tenantId, sku: { family: 'A', name: 'standard' }, createMode: 'recover' },
    }),
  },
  // `enable_rbac_authorization` became `rbac_authorization_enabled` in version 4; `soft_delete_enabled` was removed in 3.
  terraform: {
    resource: 'azurerm_key_vault',
    arguments: [
      ...commonArguments,
      { name: 'soft_delete_enabled', property: 'enableSoftDelete' },
      { name: 'enable_rbac_authorization', property: 'enableRbacAuthorization' },
      { name: 'rbac_authorization_enabled', property: 'enableRbacAuthorization', written: true },
      { name: 'access_policy', property: 'accessPolicies' },
    ],
  },
  // Sources: Azure/bicep-registry-modules, avm/res/key-vault/vault/main.bicep, and
  // Azure/terraform-azurerm-avm-res-keyvault-vault, variables.tf.
  modules: {
    bicep: 'avm/res/key-vault/vault',
    bicepParameters: { privateEndpoints: 'privateEndpointConnections' },
    terraform: 'Azure/avm-res-keyvault-vault/azurerm',
    terraformArguments: [
      ...commonArguments,
      { name: 'legacy_access_policies_enabled', property: 'enableRbacAuthorization' },
      { name: 'legacy_access_policies', property: 'accessPolicies' },
      { name: 'private_endpoints', property: 'privateEndpointConnections' },
    ],
  },
};
