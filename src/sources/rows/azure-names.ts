/** Names of a JSON object: `true` for a value, more names for what is below; an array's elements are named alike. */
export interface Names {
  readonly [name: string]: true | Names;
}

const endpointConnection: Names = {
  id: true,
  name: true,
  type: true,
  etag: true,
  privateEndpoint: { id: true },
  privateLinkServiceConnectionState: { status: true, description: true, actionsRequired: true },
  provisioningState: true,
};

/**
 * What Azure Resource Manager and Resource Graph call the parts of a vault or managed HSM.
 * Source: `@azure/arm-keyvault` 5.0.0, REST 2026-02-01, and the columns of Resource Graph's table `resources`.
 */
export const azureNames: Names = {
  id: true,
  name: true,
  type: true,
  kind: true,
  location: true,
  tenantId: true,
  subscriptionId: true,
  resourceGroup: true,
  managedBy: true,
  tags: true,
  zones: true,
  apiVersion: true,
  identity: { type: true, principalId: true, tenantId: true, userAssignedIdentities: true },
  sku: { family: true, name: true },
  systemData: {
    createdBy: true,
    createdByType: true,
    createdAt: true,
    lastModifiedBy: true,
    lastModifiedByType: true,
    lastModifiedAt: true,
  },
  properties: {
    tenantId: true,
    sku: { family: true, name: true },
    accessPolicies: {
      tenantId: true,
      objectId: true,
      applicationId: true,
      permissions: { keys: true, secrets: true, certificates: true, storage: true },
    },
    vaultUri: true,
    hsmUri: true,
    hsmPoolResourceId: true,
    initialAdminObjectIds: true,
    enabledForDeployment: true,
    enabledForDiskEncryption: true,
    enabledForTemplateDeployment: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: true,
    enableRbacAuthorization: true,
    createMode: true,
    enablePurgeProtection: true,
    networkAcls: {
      bypass: true,
      defaultAction: true,
      ipRules: { value: true },
      virtualNetworkRules: { id: true, ignoreMissingVnetServiceEndpoint: true },
      serviceTags: { tag: true },
    },
    publicNetworkAccess: true,
    provisioningState: true,
    statusMessage: true,
    scheduledPurgeDate: true,
    regions: { name: true, provisioningState: true, isPrimary: true },
    securityDomainProperties: { activationStatus: true, activationStatusMessage: true },
    privateEndpointConnections: { ...endpointConnection, properties: endpointConnection },
  },
};
