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
import { commonArguments, softDeleteArgument } from './terraform-arguments.ts';

const managedHsmFields: FieldTable = {
  ...commonFields,
  sku: 'object',
  'sku.family': ['B', 'C'],
  'sku.name': ['Standard_B1', 'Custom_B32', 'Custom_B6', 'Custom_C42', 'Custom_C10'],
  identity: 'object',
  'identity.type': ['None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned,UserAssigned'],
  'identity.principalId': 'string',
  'identity.tenantId': 'string',
  'identity.userAssignedIdentities': 'object',
  properties: 'object',
  'properties.tenantId': 'string',
  'properties.initialAdminObjectIds': 'array',
  'properties.initialAdminObjectIds[*]': 'string',
  'properties.hsmUri': 'string',
  'properties.enableSoftDelete': 'boolean',
  'properties.softDeleteRetentionInDays': 'integer',
  'properties.enablePurgeProtection': 'boolean',
  'properties.createMode': ['default', 'recover'],
  'properties.statusMessage': 'string',
  'properties.provisioningState':
    'Succeeded Provisioning Failed Updating Deleting Activated SecurityDomainRestore Restoring'.split(' '),
  'properties.publicNetworkAccess': ['Enabled', 'Disabled'],
  'properties.regions': 'array',
  'properties.regions[*]': 'object',
  'properties.regions[*].name': 'string',
  'properties.regions[*].provisioningState': 'string',
  'properties.regions[*].isPrimary': 'boolean',
  'properties.scheduledPurgeDate': 'string',
  'properties.securityDomainProperties': 'object',
  'properties.securityDomainProperties.activationStatus': ['Active', 'NotActivated', 'Unknown', 'Failed'],
  'properties.securityDomainProperties.activationStatusMessage': 'string',
  ...networkFields,
  'properties.networkAcls.serviceTags': 'array',
  'properties.networkAcls.serviceTags[*]': 'object',
  'properties.networkAcls.serviceTags[*].tag': 'string',
};

/** Sources: learn.microsoft.com/azure/key-vault/managed-hsm/{backup-restore,disaster-recovery-guide,soft-delete-overview}. */
const recreate: readonly string[] = [
  'Make sure that you hold the security domain of the old HSM and a quorum of its keys: nothing can be restored ' +
    'without them.',
  'Create a new managed HSM under another name with the retention period that you need, and with purge protection.',
  'Activate it with the security domain of the old HSM: only then does it read the old backups.',
  'Stop changing the old HSM, take a full backup of it, and restore that into the new one.',
  'Give the new HSM its local role assignments, network rules, private endpoints and diagnostic settings.',
  'Move the users over one by one, and watch the logs of the old HSM until it is no longer used.',
  'Only then delete the old HSM. It is billed at its full hourly rate until its retention period has passed, unless it has ' +
    'no purge protection and you purge it.',
  'Scan again.',
];

/** The property of an entry in the recycle bin that holds the id that it had. */
const formerId = 'mhsmId';

/** The managed HSM; source: the models of @azure/arm-keyvault 5.0.0 (REST 2026-02-01). */
export const managedHsm: ResourceType = {
  type: 'Microsoft.KeyVault/managedHSMs',
  apiVersion,
  words: { one: 'managed HSM', many: 'managed HSMs', label: 'Managed HSM' },
  billedUntilPurged: true,
  fields: managedHsmFields,
  otherPaths: commonPaths,
  filledIn: [
    ...filledInFields,
    'properties.hsmUri',
    'properties.statusMessage',
    'properties.scheduledPurgeDate',
    'properties.securityDomainProperties',
  ],
  properties: new Map(commonProperties),
  retention,
  readBy: ['live', 'inventory', 'template', 'plan'],
  resourceGraph: resourcesTable,
  operations: 'managedHsms',
  recreate,
  // Source: Azure/azure-cli, keyvault/custom.py (recover_hsm): the service compares `createMode` with regard to case.
  recycleBin: {
    collection: 'deletedManagedHSMs',
    operationResults: 'managedHsmOperationResults',
    formerId,
    recoveryBody: (tenantId) => ({
      sku: { family: 'B', name: 'Standard_B1' },
      properties: { tenantId, createMode: 'Recover' },
    }),
  },
  terraform: {
    resource: 'azurerm_key_vault_managed_hardware_security_module',
    arguments: [...commonArguments, softDeleteArgument],
  },
};

/** A managed HSM in the recycle bin of its subscription; source: `DeletedManagedHsm` of @azure/arm-keyvault 5.0.0. */
export const deletedManagedHsm = recycleBinEntry({
  type: 'Microsoft.KeyVault/deletedManagedHSMs',
  one: 'deleted managed HSM',
  formerId,
  billedUntilPurged: true,
});
