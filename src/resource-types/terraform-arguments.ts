import type { TerraformArgument } from './resource-type.ts';

/**
 * Arguments of the azurerm provider, version 4, of vaults, managed HSMs and the Verified Module.
 * Source: hashicorp/terraform-provider-azurerm, internal/services/keyvault/key_vault_resource.go
 */
export const commonArguments: readonly TerraformArgument[] = [
  { name: 'purge_protection_enabled', property: 'enablePurgeProtection', written: true },
  { name: 'soft_delete_retention_days', property: 'softDeleteRetentionInDays' },
  { name: 'public_network_access_enabled', property: 'publicNetworkAccess', as: 'state' },
  { name: 'tenant_id', property: 'tenantId' },
  {
    name: 'network_acls',
    property: 'networkAcls',
    written: true,
    as: 'object',
    members: [
      { name: 'bypass', property: 'bypass' },
      { name: 'default_action', property: 'defaultAction' },
      { name: 'ip_rules', property: 'ipRules', each: 'value' },
      { name: 'virtual_network_subnet_ids', property: 'virtualNetworkRules', each: 'id' },
    ],
    block: [
      { name: 'bypass', property: 'bypass', otherwise: 'AzureServices' },
      { name: 'default_action', property: 'defaultAction', otherwise: 'Deny' },
    ],
  },
];

/**
 * Soft delete, which the provider turns on whenever it creates a vault or a managed HSM. It had an argument for it before version 3.
 * Source: internal/services/{keyvault/key_vault_resource,managedhsm/key_vault_managed_hardware_security_module_resource}.go
 */
export const softDeleteArgument: TerraformArgument = {
  name: 'soft_delete_enabled',
  property: 'enableSoftDelete',
  otherwise: true,
};

/** The arguments of an access policy in Terraform, of the resource and of the Verified Module. */
const policyMembers = [
  { name: 'tenant_id', property: 'tenantId' },
  { name: 'object_id', property: 'objectId' },
  { name: 'application_id', property: 'applicationId' },
  { name: 'key_permissions', property: 'permissions.keys' },
  { name: 'secret_permissions', property: 'permissions.secrets' },
  { name: 'certificate_permissions', property: 'permissions.certificates' },
  { name: 'storage_permissions', property: 'permissions.storage' },
];

/** Arguments of the vault: `enable_rbac_authorization` became `rbac_authorization_enabled` in version 4. */
export const vaultArguments: readonly TerraformArgument[] = [
  ...commonArguments,
  softDeleteArgument,
  { name: 'enable_rbac_authorization', property: 'enableRbacAuthorization' },
  { name: 'rbac_authorization_enabled', property: 'enableRbacAuthorization', written: true },
  { name: 'access_policy', property: 'accessPolicies', as: 'list', members: policyMembers },
  { name: 'sku_name', property: 'sku.name' },
  { name: 'enabled_for_deployment', property: 'enabledForDeployment' },
  { name: 'enabled_for_disk_encryption', property: 'enabledForDiskEncryption' },
  { name: 'enabled_for_template_deployment', property: 'enabledForTemplateDeployment' },
];

/** Arguments of the Verified Module of vaults. */
export const moduleArguments: readonly TerraformArgument[] = [
  ...commonArguments,
  { name: 'legacy_access_policies_enabled', property: 'enableRbacAuthorization', as: 'negated' },
  { name: 'legacy_access_policies', property: 'accessPolicies', as: 'list', members: policyMembers },
  { name: 'private_endpoints', property: 'privateEndpointConnections' },
];
