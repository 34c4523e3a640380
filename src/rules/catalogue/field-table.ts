/** What a field holds. A list of texts: text that is known to be one of these, though Azure may add more. */
export type FieldType = 'string' | 'boolean' | 'integer' | 'object' | 'array' | readonly string[];

/** The known fields of a resource type, by canonical path. */
export type FieldTable = Readonly<Record<string, FieldType>>;

/** What every Azure resource has, in ARM's answers or as a column of Resource Graph. */
export const commonFields: FieldTable = {
  id: 'string',
  name: 'string',
  type: 'string',
  kind: 'string',
  location: 'string',
  resourceGroup: 'string',
  subscriptionId: 'string',
  tenantId: 'string',
  managedBy: 'string',
  apiVersion: 'string',
  tags: 'object',
  systemData: 'object',
  'systemData.createdBy': 'string',
  'systemData.createdByType': ['User', 'Application', 'ManagedIdentity', 'Key'],
  'systemData.createdAt': 'string',
  'systemData.lastModifiedBy': 'string',
  'systemData.lastModifiedByType': ['User', 'Application', 'ManagedIdentity', 'Key'],
  'systemData.lastModifiedAt': 'string',
};
