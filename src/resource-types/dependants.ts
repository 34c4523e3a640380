/** A resource type that Azure Key Vault encrypts things for, and the properties of it that name the key. */
export interface DependantType {
  readonly type: string;
  /** Paths from the row of Resource Graph on, or to an object that holds them; `[*]` is any element of a list, and letter case does not matter. */
  readonly properties: readonly string[];
}

const keyVaultProperties = (member: string): string => `properties.encryption.keyVaultProperties.${member}`;

/**
 * The types that Resource Graph holds, with the properties by which they name a key. Sources: the models of the
 * management SDKs that are made from Azure/azure-rest-api-specs (azure-mgmt-* of azure-cli 2.91.0, @azure/arm-*), and
 * learn.microsoft.com for Automation accounts and Backup vaults.
 */
export const dependantTypes: readonly DependantType[] = [
  dependant('Microsoft.Storage/storageAccounts', keyVaultProperties('keyVaultUri')),
  dependant(
    'Microsoft.Compute/diskEncryptionSets',
    'properties.activeKey.keyUrl',
    'properties.activeKey.sourceVault.id',
    'properties.previousKeys[*].keyUrl',
    'properties.previousKeys[*].sourceVault.id',
  ),
  ...['disks', 'snapshots'].map((name) =>
    dependant(
      `Microsoft.Compute/${name}`,
      'properties.encryption.diskEncryptionSetId',
      ...['diskEncryptionKey.secretUrl', 'keyEncryptionKey.keyUrl'].map(
        (member) => `properties.encryptionSettingsCollection.encryptionSettings[*].${member}`,
      ),
    ),
  ),
  ...['virtualMachines', 'virtualMachineScaleSets'].map((name) => {
    const profile = `properties.${name === 'virtualMachines' ? '' : 'virtualMachineProfile.'}storageProfile`;
    return dependant(
      `Microsoft.Compute/${name}`,
      `${profile}.osDisk.encryptionSettings`,
      `${profile}.osDisk.managedDisk.diskEncryptionSet.id`,
      `${profile}.dataDisks[*].managedDisk.diskEncryptionSet.id`,
    );
  }),
  dependant('Microsoft.Sql/servers', 'properties.keyId'),
  dependant('Microsoft.Sql/managedInstances', 'properties.keyId'),
  dependant('Microsoft.Sql/servers/databases', 'properties.encryptionProtector', 'properties.keys'),
  ...['DBforPostgreSQL', 'DBforMySQL'].map((provider) =>
    dependant(
      `Microsoft.${provider}/flexibleServers`,
      'properties.dataEncryption.primaryKeyURI',
      'properties.dataEncryption.geoBackupKeyURI',
    ),
  ),
  dependant('Microsoft.DocumentDB/databaseAccounts', 'properties.keyVaultKeyUri'),
  dependant('Microsoft.CognitiveServices/accounts', keyVaultProperties('keyVaultUri')),
  dependant('Microsoft.DataFactory/factories', 'properties.encryption.vaultBaseUrl'),
  dependant('Microsoft.Synapse/workspaces', 'properties.encryption.cmk.key.keyVaultUrl'),
  ...['EventHub', 'ServiceBus'].map((provider) =>
    dependant(`Microsoft.${provider}/namespaces`, 'properties.encryption.keyVaultProperties[*].keyVaultUri'),
  ),
  dependant('Microsoft.ContainerRegistry/registries', keyVaultProperties('keyIdentifier')),
  dependant(
    'Microsoft.MachineLearningServices/workspaces',
    keyVaultProperties('keyIdentifier'),
    keyVaultProperties('keyVaultArmId'),
    'properties.keyVault',
  ),
  dependant(
    'Microsoft.ContainerService/managedClusters',
    'properties.securityProfile.azureKeyVaultKms.keyId',
    'properties.securityProfile.azureKeyVaultKms.keyVaultResourceId',
    'properties.diskEncryptionSetID',
  ),
  dependant('Microsoft.OperationalInsights/clusters', 'properties.keyVaultProperties.keyVaultUri'),
  dependant('Microsoft.Kusto/clusters', 'properties.keyVaultProperties.keyVaultUri'),
  dependant('Microsoft.AppConfiguration/configurationStores', keyVaultProperties('keyIdentifier')),
  dependant('Microsoft.Automation/automationAccounts', keyVaultProperties('keyvaultUri')),
  dependant('Microsoft.RecoveryServices/vaults', keyVaultProperties('keyUri')),
  dependant(
    'Microsoft.DataProtection/backupVaults',
    'properties.securitySettings.encryptionSettings.keyVaultProperties.keyUri',
  ),
  dependant(
    'Microsoft.Batch/batchAccounts',
    keyVaultProperties('keyIdentifier'),
    'properties.keyVaultReference.id',
    'properties.keyVaultReference.url',
  ),
  dependant('Microsoft.HDInsight/clusters', 'properties.diskEncryptionProperties.vaultUri'),
  dependant(
    'Microsoft.Databricks/workspaces',
    'properties.encryption.entities.managedServices.keyVaultProperties.keyVaultUri',
    'properties.encryption.entities.managedDisk.keyVaultProperties.keyVaultUri',
    'properties.parameters.encryption.value.keyvaulturi',
  ),
  dependant(
    'Microsoft.NetApp/netAppAccounts',
    keyVaultProperties('keyVaultUri'),
    keyVaultProperties('keyVaultResourceId'),
  ),
  dependant('Microsoft.ContainerInstance/containerGroups', 'properties.encryptionProperties.vaultBaseUrl'),
  dependant('Microsoft.BotService/botServices', 'properties.cmekKeyVaultUrl'),
];

/** A collection below resources that may name a key, and that Resource Graph does not hold. */
export interface DependantCollection {
  readonly of: string;
  readonly collection: string;
  readonly apiVersion: string;
  /** True where only resources with an identity can have such entries: nothing else reaches the key. */
  readonly needsIdentity?: true;
}

/** The collections that ARM lists resource by resource; sources: azure-mgmt-sql and azure-mgmt-storage. */
export const dependantCollections: readonly DependantCollection[] = [
  { of: 'Microsoft.Sql/servers', collection: 'encryptionProtector', apiVersion: '2021-11-01' },
  { of: 'Microsoft.Sql/managedInstances', collection: 'encryptionProtector', apiVersion: '2021-11-01' },
  {
    of: 'Microsoft.Storage/storageAccounts',
    collection: 'encryptionScopes',
    apiVersion: '2023-05-01',
    needsIdentity: true,
  },
];

/** The type of resources whose dependants depend on the vault through them. */
export const diskEncryptionSets = 'Microsoft.Compute/diskEncryptionSets';

/** Types that name vaults and lose nothing with them: what watches a vault, shows it or leads to it. */
export const nonDependantTypes: readonly string[] = [
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Network/networkInterfaces',
  'Microsoft.Network/networkSecurityPerimeters',
  'Microsoft.EventGrid/systemTopics',
  'Microsoft.Insights/metricAlerts',
  'Microsoft.Insights/activityLogAlerts',
  'Microsoft.Insights/scheduledQueryRules',
  'Microsoft.Insights/workbooks',
  'Microsoft.Portal/dashboards',
];

function dependant(type: string, ...properties: readonly string[]): DependantType {
  return { type, properties };
}
