import {
  apiVersion,
  commonArguments,
  commonFields,
  commonPaths,
  commonProperties,
  networkFields,
  resourcesTable,
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
};

function permissionFields(kind: string, own: string): FieldTable {
  const path = `${policy}.permissions.${kind}`;
  return { [path]: 'array', [`${path}[*]`]: [...shared, ...own.split(' ')] };
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
  resourceGraph: resourcesTable,
  operations: 'vaults',
  az: { nameOption: '--name' },
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
