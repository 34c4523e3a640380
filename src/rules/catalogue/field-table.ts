/** What a field holds. A list of texts: text that is known to be one of these, though Azure may add more. */
export type FieldType = 'string' | 'boolean' | 'integer' | 'object' | 'array' | readonly string[];

/** The known fields of a resource type, by canonical path. */
export type FieldTable = Readonly<Record<string, FieldType>>;

/** What every source gives of a resource. A field that some source does not give would be missing there, not unknown. */
export const commonFields: FieldTable = {
  id: 'string',
  name: 'string',
  type: 'string',
  location: 'string',
  resourceGroup: 'string',
  subscriptionId: 'string',
  tags: 'object',
};
