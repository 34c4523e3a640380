import { commonFields, type FieldTable } from './field-table.ts';
import { networkFields } from './network-fields.ts';

const policy = 'properties.accessPolicies[*]';
const shared = 'all get list delete backup restore recover purge'.split(' ');

/** Fields of `Microsoft.KeyVault/vaults`; source: the models of @azure/arm-keyvault 5.0.0 (REST 2026-02-01). */
export const vaultFields: FieldTable = {
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
