import type { JsonObject } from '../../src/model/json.ts';
import type { Place } from './bodies.ts';

/** A resource that a key of a vault encrypts, as Resource Graph holds it, and the property that says so. */
export interface Encrypted {
  readonly id: string;
  readonly type: string;
  readonly body: JsonObject;
  readonly property: string;
}

/** One resource of each type that Azure encrypts with a key of a vault, all in one place. */
export function encryptedBy(vaultName: string, place: Omit<Place, 'name'>): readonly Encrypted[] {
  const host = `https://${vaultName}.vault.azure.net`;
  const key = `${host}/keys/cmk`;
  const version = `${key}/562a4bb76b524a1493a6afe8e536ee78`;
  const vaultId = `${groupId(place)}/providers/Microsoft.KeyVault/vaults/${vaultName}`;
  const set = `${groupId(place)}/providers/Microsoft.Compute/diskEncryptionSets/des-1`;
  const keySource = 'Microsoft.Keyvault';
  const made = (type: string, name: string, found: readonly [string, JsonObject]): Encrypted => {
    const id = `${groupId(place)}/providers/${idOf(type, name)}`;
    return { id, type, property: `properties.${found[0]}`, body: bodyOf({ id, type }, found[1]) };
  };
  const bodyOf = (
    of: { readonly id: string; readonly type: string },
    properties: JsonObject,
  ): JsonObject => ({
    ...of,
    name: of.id.split('/').at(-1) ?? '',
    location: place.location,
    identity: { type: 'SystemAssigned' },
    properties: { provisioningState: 'Succeeded', ...properties },
  });
  const inProperties = (type: string, name: string, member: string, value: string): Encrypted =>
    made(type, name, [
      `encryption.keyVaultProperties.${member}`,
      { encryption: { keySource, keyVaultProperties: { keyName: 'cmk', [member]: value } } },
    ]);
  return [
    made('Microsoft.Storage/storageAccounts', 'stpayments', [
      'encryption.keyvaultproperties.keyvaulturi',
      { encryption: { keySource, keyvaultproperties: { keyname: 'cmk', keyvaulturi: `${host}/` } } },
    ]),
    made('Microsoft.Compute/diskEncryptionSets', 'des-1', [
      'activeKey.keyUrl',
      { activeKey: { keyUrl: version } },
    ]),
    made('Microsoft.Compute/disks', 'disk-1', [
      'encryption.diskEncryptionSetId',
      { encryption: { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: set } },
    ]),
    made('Microsoft.Compute/snapshots', 'snapshot-1', [
      'encryptionSettingsCollection.encryptionSettings[0].keyEncryptionKey.keyUrl',
      {
        encryptionSettingsCollection: {
          enabled: true,
          encryptionSettings: [{ keyEncryptionKey: { keyUrl: version } }],
        },
      },
    ]),
    made('Microsoft.Compute/virtualMachines', 'vm-1', [
      'storageProfile.osDisk.managedDisk.diskEncryptionSet.id',
      { storageProfile: { osDisk: { managedDisk: { diskEncryptionSet: { id: set } } } } },
    ]),
    made('Microsoft.Compute/virtualMachineScaleSets', 'vmss-1', [
      'virtualMachineProfile.storageProfile.osDisk.managedDisk.diskEncryptionSet.id',
      {
        virtualMachineProfile: {
          storageProfile: { osDisk: { managedDisk: { diskEncryptionSet: { id: set } } } },
        },
      },
    ]),
    made('Microsoft.Sql/servers', 'sql-1', ['keyId', { keyId: version }]),
    made('Microsoft.Sql/servers/databases', 'sql-1/db', [
      'encryptionProtector',
      { encryptionProtector: version },
    ]),
    made('Microsoft.Sql/managedInstances', 'mi-1', ['keyId', { keyId: version }]),
    ...['DBforPostgreSQL', 'DBforMySQL'].map((provider) =>
      made(`Microsoft.${provider}/flexibleServers`, `db-${provider.toLowerCase()}`, [
        'dataEncryption.primaryKeyURI',
        { dataEncryption: { type: 'AzureKeyVault', primaryKeyURI: version } },
      ]),
    ),
    made('Microsoft.DocumentDB/databaseAccounts', 'cosmos-1', ['keyVaultKeyUri', { keyVaultKeyUri: key }]),
    inProperties('Microsoft.CognitiveServices/accounts', 'openai-1', 'keyVaultUri', host),
    made('Microsoft.DataFactory/factories', 'adf-1', [
      'encryption.vaultBaseUrl',
      { encryption: { keyName: 'cmk', vaultBaseUrl: host } },
    ]),
    made('Microsoft.Synapse/workspaces', 'syn-1', [
      'encryption.cmk.key.keyVaultUrl',
      { encryption: { cmk: { status: 'Consistent', key: { name: 'cmk', keyVaultUrl: key } } } },
    ]),
    ...['EventHub', 'ServiceBus'].map((provider) =>
      made(`Microsoft.${provider}/namespaces`, `ns-${provider.toLowerCase()}`, [
        'encryption.keyVaultProperties[0].keyVaultUri',
        { encryption: { keySource, keyVaultProperties: [{ keyName: 'cmk', keyVaultUri: host }] } },
      ]),
    ),
    inProperties('Microsoft.ContainerRegistry/registries', 'crpayments', 'keyIdentifier', key),
    inProperties('Microsoft.MachineLearningServices/workspaces', 'ml-1', 'keyVaultArmId', vaultId),
    made('Microsoft.ContainerService/managedClusters', 'aks-1', [
      'securityProfile.azureKeyVaultKms.keyId',
      { securityProfile: { azureKeyVaultKms: { enabled: true, keyId: version } } },
    ]),
    ...['OperationalInsights', 'Kusto'].map((provider) =>
      made(`Microsoft.${provider}/clusters`, `cl-${provider.toLowerCase()}`, [
        'keyVaultProperties.keyVaultUri',
        { keyVaultProperties: { keyName: 'cmk', keyVaultUri: host } },
      ]),
    ),
    inProperties('Microsoft.AppConfiguration/configurationStores', 'appcs-1', 'keyIdentifier', key),
    inProperties('Microsoft.Automation/automationAccounts', 'aa-1', 'keyvaultUri', host),
    inProperties('Microsoft.RecoveryServices/vaults', 'rsv-1', 'keyUri', key),
    made('Microsoft.DataProtection/backupVaults', 'bv-1', [
      'securitySettings.encryptionSettings.keyVaultProperties.keyUri',
      { securitySettings: { encryptionSettings: { state: 'Enabled', keyVaultProperties: { keyUri: key } } } },
    ]),
    inProperties('Microsoft.Batch/batchAccounts', 'ba1', 'keyIdentifier', version),
    made('Microsoft.HDInsight/clusters', 'hdi-1', [
      'diskEncryptionProperties.vaultUri',
      { diskEncryptionProperties: { vaultUri: `${host}/`, keyName: 'cmk' } },
    ]),
    made('Microsoft.Databricks/workspaces', 'dbw-1', [
      'encryption.entities.managedDisk.keyVaultProperties.keyVaultUri',
      { encryption: { entities: { managedDisk: { keySource, keyVaultProperties: { keyVaultUri: host } } } } },
    ]),
    inProperties('Microsoft.NetApp/netAppAccounts', 'na-1', 'keyVaultUri', host),
    made('Microsoft.ContainerInstance/containerGroups', 'ci-1', [
      'encryptionProperties.vaultBaseUrl',
      { encryptionProperties: { vaultBaseUrl: host, keyName: 'cmk' } },
    ]),
    made('Microsoft.BotService/botServices', 'bot-1', ['cmekKeyVaultUrl', { cmekKeyVaultUrl: key }]),
  ];
}

/** `Microsoft.Sql/servers/databases` and `a/b` become `Microsoft.Sql/servers/a/databases/b`. */
function idOf(type: string, name: string): string {
  const [provider = '', ...kinds] = type.split('/');
  const names = name.split('/');
  return [provider, ...kinds.flatMap((kind, index) => [kind, names[index] ?? ''])].join('/');
}

function groupId({ subscriptionId, resourceGroup }: Omit<Place, 'name'>): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}
