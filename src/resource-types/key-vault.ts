import type { FieldTable, Property, ResourceGraphTable, ResourceType } from './resource-type.ts';

/** The newest stable version of the control plane; every older one retires on 2027-02-27. */
export const apiVersion = '2026-02-01';

/** The columns of `resources`; source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language */
export const resourcesTable: ResourceGraphTable = {
  table: 'resources',
  columns: {
    id: 'text',
    name: 'text',
    type: 'lowered',
    location: 'text',
    resourceGroup: 'lowered',
    subscriptionId: 'lowered',
    tenantId: 'text',
    tags: 'dynamic',
    sku: 'dynamic',
    identity: 'unread',
    properties: 'dynamic',
  },
};

/** Fields that every source gives. A field that some source does not give would be missing there, not unknown. */
export const commonFields: FieldTable = {
  id: 'string',
  name: 'string',
  type: 'string',
  location: 'string',
  resourceGroup: 'string',
  subscriptionId: 'string',
  tags: 'object',
};

const connections = 'properties.privateEndpointConnections[*]';

/** Paths that ARM or Resource Graph write for every resource, and those of a private endpoint that `az` shows flattened. */
export const commonPaths: readonly string[] = [
  'kind',
  'tenantId',
  'managedBy',
  'zones',
  'apiVersion',
  ...['type', 'principalId', 'tenantId', 'userAssignedIdentities'].map((name) => `identity.${name}`),
  ...['family', 'name'].map((name) => `sku.${name}`),
  ...['createdBy', 'createdByType', 'createdAt'].map((name) => `systemData.${name}`),
  ...['lastModifiedBy', 'lastModifiedByType', 'lastModifiedAt'].map((name) => `systemData.${name}`),
  ...[connections, `${connections}.properties`].flatMap((path) =>
    ['id', 'name', 'type', 'etag', ...Object.keys(connectionFields(''))].map((name) => `${path}.${name}`),
  ),
];

/** Fields of the firewall and of private endpoints; a connection in ARM's own, nested shape. */
export const networkFields: FieldTable = {
  'properties.networkAcls': 'object',
  'properties.networkAcls.bypass': ['AzureServices', 'None'],
  'properties.networkAcls.defaultAction': ['Allow', 'Deny'],
  'properties.networkAcls.ipRules': 'array',
  'properties.networkAcls.ipRules[*]': 'object',
  'properties.networkAcls.ipRules[*].value': 'string',
  'properties.networkAcls.virtualNetworkRules': 'array',
  'properties.networkAcls.virtualNetworkRules[*]': 'object',
  'properties.networkAcls.virtualNetworkRules[*].id': 'string',
  'properties.privateEndpointConnections': 'array',
  [connections]: 'object',
  [`${connections}.id`]: 'string',
  [`${connections}.etag`]: 'string',
  [`${connections}.properties`]: 'object',
  ...connectionFields(`${connections}.properties.`),
};

function connectionFields(prefix: string): FieldTable {
  const state = `${prefix}privateLinkServiceConnectionState`;
  return {
    [`${prefix}privateEndpoint`]: 'object',
    [`${prefix}privateEndpoint.id`]: 'string',
    [state]: 'object',
    [`${state}.status`]: ['Pending', 'Approved', 'Rejected', 'Disconnected'],
    [`${state}.description`]: 'string',
    [`${state}.actionsRequired`]: 'string',
    [`${prefix}provisioningState`]: [
      'Succeeded',
      'Creating',
      'Updating',
      'Deleting',
      'Failed',
      'Disconnected',
    ],
  };
}

/** The property that holds the retention period, in days. */
export const retention = 'softDeleteRetentionInDays';

/** Soft delete, purge protection and the network; source: VaultPatchProperties and ManagedHsmProperties. */
export const commonProperties: readonly (readonly [string, Property])[] = [
  ['enableSoftDelete', { change: 'trueOnly', risk: 'irreversible' }],
  [retention, { change: 'creation', azureDefault: 90 }],
  ['enablePurgeProtection', { change: 'trueOnly', risk: 'irreversible', needs: { enableSoftDelete: true } }],
  ['networkAcls', { change: 'patch', risk: 'disruptive', azureDefault: { bypass: 'AzureServices' } }],
  ['publicNetworkAccess', { change: 'patch', risk: 'disruptive' }],
];

/** Fields of the network that Azure fills in: a private endpoint is a resource of its own. */
export const filledInFields: readonly string[] = [
  'properties.privateEndpointConnections',
  'properties.provisioningState',
];

/** The differences between the entries of one recycle bin and those of another. */
interface BinEntries {
  readonly type: string;
  readonly one: string;
  /** The property that holds the id that it had. */
  readonly formerId: string;
  readonly billedUntilPurged?: true;
}

/**
 * The type of the entries of a recycle bin. `resourceGroup` is that of the id that it had; `daysToPurge`, which no body holds, are the
 * whole days from the time of the scan to its scheduled purge.
 */
export function recycleBinEntry({ type, one, formerId, ...others }: BinEntries): ResourceType {
  return {
    type,
    apiVersion,
    words: { one, many: `${one}s`, label: `D${one.slice(1)}` },
    ...others,
    fields: {
      ...commonFields,
      daysToPurge: 'integer',
      properties: 'object',
      [`properties.${formerId}`]: 'string',
      'properties.location': 'string',
      'properties.tags': 'object',
      'properties.deletionDate': 'string',
      'properties.scheduledPurgeDate': 'string',
      'properties.purgeProtectionEnabled': 'boolean',
    },
    neverUnset: ['daysToPurge'],
    otherPaths: commonPaths,
    filledIn: [],
    properties: new Map(),
    readBy: ['deleted'],
  };
}
