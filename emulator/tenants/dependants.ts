import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Place } from './bodies.ts';

/** A resource that a key of a vault encrypts, as Resource Graph holds it, and the property that says so. */
export interface Encrypted {
  readonly id: string;
  readonly type: string;
  readonly property: string;
  readonly body: JsonObject;
}

/** The property by which each type names a key, below `properties`, and what it holds: see `valuesFor`. */
const namings: readonly (readonly [type: string, path: string, value: keyof ReturnType<typeof valuesFor>])[] =
  [
    ['Microsoft.Storage/storageAccounts', 'encryption.keyvaultproperties.keyvaulturi', 'host'],
    ['Microsoft.Compute/diskEncryptionSets', 'activeKey.keyUrl', 'version'],
    ['Microsoft.Compute/disks', 'encryption.diskEncryptionSetId', 'set'],
    [
      'Microsoft.Compute/snapshots',
      'encryptionSettingsCollection.encryptionSettings[0].keyEncryptionKey.keyUrl',
      'version',
    ],
    ['Microsoft.Compute/virtualMachines', 'storageProfile.osDisk.managedDisk.diskEncryptionSet.id', 'set'],
    [
      'Microsoft.Compute/virtualMachineScaleSets',
      'virtualMachineProfile.storageProfile.dataDisks[0].managedDisk.diskEncryptionSet.id',
      'set',
    ],
    ['Microsoft.Sql/servers', 'keyId', 'version'],
    ['Microsoft.Sql/servers/databases', 'encryptionProtector', 'version'],
    ['Microsoft.Sql/managedInstances', 'keyId', 'version'],
    ['Microsoft.DBforPostgreSQL/flexibleServers', 'dataEncryption.primaryKeyURI', 'version'],
    ['Microsoft.DBforMySQL/flexibleServers', 'dataEncryption.primaryKeyURI', 'version'],
    ['Microsoft.DocumentDB/databaseAccounts', 'keyVaultKeyUri', 'key'],
    ['Microsoft.CognitiveServices/accounts', 'encryption.keyVaultProperties.keyVaultUri', 'host'],
    ['Microsoft.DataFactory/factories', 'encryption.vaultBaseUrl', 'host'],
    ['Microsoft.Synapse/workspaces', 'encryption.cmk.key.keyVaultUrl', 'key'],
    ['Microsoft.EventHub/namespaces', 'encryption.keyVaultProperties[0].keyVaultUri', 'host'],
    ['Microsoft.ServiceBus/namespaces', 'encryption.keyVaultProperties[0].keyVaultUri', 'host'],
    ['Microsoft.ContainerRegistry/registries', 'encryption.keyVaultProperties.keyIdentifier', 'key'],
    ['Microsoft.MachineLearningServices/workspaces', 'encryption.keyVaultProperties.keyVaultArmId', 'id'],
    ['Microsoft.ContainerService/managedClusters', 'securityProfile.azureKeyVaultKms.keyId', 'version'],
    ['Microsoft.OperationalInsights/clusters', 'keyVaultProperties.keyVaultUri', 'host'],
    ['Microsoft.Kusto/clusters', 'keyVaultProperties.keyVaultUri', 'host'],
    ['Microsoft.AppConfiguration/configurationStores', 'encryption.keyVaultProperties.keyIdentifier', 'key'],
    ['Microsoft.Automation/automationAccounts', 'encryption.keyVaultProperties.keyvaultUri', 'host'],
    ['Microsoft.RecoveryServices/vaults', 'encryption.keyVaultProperties.keyUri', 'key'],
    [
      'Microsoft.DataProtection/backupVaults',
      'securitySettings.encryptionSettings.keyVaultProperties.keyUri',
      'key',
    ],
    ['Microsoft.Batch/batchAccounts', 'encryption.keyVaultProperties.keyIdentifier', 'version'],
    ['Microsoft.HDInsight/clusters', 'diskEncryptionProperties.vaultUri', 'host'],
    [
      'Microsoft.Databricks/workspaces',
      'encryption.entities.managedDisk.keyVaultProperties.keyVaultUri',
      'host',
    ],
    ['Microsoft.NetApp/netAppAccounts', 'encryption.keyVaultProperties.keyVaultUri', 'host'],
    ['Microsoft.ContainerInstance/containerGroups', 'encryptionProperties.vaultBaseUrl', 'host'],
    ['Microsoft.BotService/botServices', 'cmekKeyVaultUrl', 'key'],
  ];

/** One resource of each type that Azure encrypts with a key of a vault, all in one place. */
export function encryptedBy(vaultName: string, place: Omit<Place, 'name'>): readonly Encrypted[] {
  const group = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`;
  const values = valuesFor(vaultName, group);
  return namings.map(([type, path, value]) => {
    const id = `${group}/providers/${pathOf(type)}`;
    const properties = { provisioningState: 'Succeeded', ...nested(path, values[value]) };
    const identity = { type: 'SystemAssigned' };
    const name = id.split('/').at(-1) ?? '';
    const body = { id, name, type, location: place.location, identity, properties };
    return { id, type, property: `properties.${path}`, body };
  });
}

function valuesFor(vaultName: string, group: string) {
  const host = `https://${vaultName}.vault.azure.net`;
  return {
    host: `${host}/`,
    key: `${host}/keys/cmk`,
    version: `${host}/keys/cmk/562a4bb76b524a1493a6afe8e536ee78`,
    id: `${group}/providers/Microsoft.KeyVault/vaults/${vaultName}`,
    set: `${group}/providers/${pathOf('Microsoft.Compute/diskEncryptionSets')}`,
  };
}

/** `Microsoft.Sql/servers/databases` becomes `Microsoft.Sql/servers/servers-1/databases/databases-1`. */
function pathOf(type: string): string {
  const [provider = '', ...kinds] = type.split('/');
  return [provider, ...kinds.flatMap((kind) => [kind, `${kind.toLowerCase()}-1`])].join('/');
}

/** An object that holds a value at a path such as `a.b[0].c`. */
function nested(path: string, value: Json): JsonObject {
  const [first = '', ...rest] = path.split('.');
  const below = rest.length === 0 ? value : nested(rest.join('.'), value);
  return first.endsWith('[0]') ? { [first.slice(0, -3)]: [below] } : { [first]: below };
}
