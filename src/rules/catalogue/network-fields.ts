import type { FieldTable } from './field-table.ts';

const connection = 'properties.privateEndpointConnections[*]';

/** Firewall and private endpoints, alike on vaults and managed HSMs; a connection in ARM's own, nested shape. */
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
  [connection]: 'object',
  [`${connection}.id`]: 'string',
  [`${connection}.etag`]: 'string',
  [`${connection}.properties`]: 'object',
  ...connectionFields(`${connection}.properties`),
};

function connectionFields(prefix: string): FieldTable {
  const state = `${prefix}.privateLinkServiceConnectionState`;
  return {
    [`${prefix}.privateEndpoint`]: 'object',
    [`${prefix}.privateEndpoint.id`]: 'string',
    [state]: 'object',
    [`${state}.status`]: ['Pending', 'Approved', 'Rejected', 'Disconnected'],
    [`${state}.description`]: 'string',
    [`${state}.actionsRequired`]: 'string',
    [`${prefix}.provisioningState`]: [
      'Succeeded',
      'Creating',
      'Updating',
      'Deleting',
      'Failed',
      'Disconnected',
    ],
  };
}
