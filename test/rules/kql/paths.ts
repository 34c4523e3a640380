/** Names of properties, most of which KQL does not take for names. */
export const oddKeys = ['flag', 'set', 'a b', 'x"y', 'Ünï', '0', '__proto__'] as const;

/** An array within an array. */
export const rights = 'properties.policies[*].rights[*]';

/** Fields that rules look at: columns, tags, and what is below `properties`. */
export const paths: readonly string[] = [
  ...oddKeys.map((key) => `properties[${key}]`),
  ...Array.from({ length: 12 }, () => 'properties.value'),
  ...words(`properties.list properties.list[*] properties.list[*]
    properties.policies[*].name ${rights} properties.policies[*].inner.status properties.bag.deep.text
    properties.bag.enabledHere properties sku.name sku tags tags['owner'] tags['x"owner'] tags['a.b'] tags[*]
    name name.x id type location resourceGroup kind systemData.createdAt`),
  ...Array.from({ length: 3 }, () => 'resourceGroup'),
  'subscriptionId',
  ...Array.from({ length: 5 }, () => "tags['owner']"),
  ...Array.from({ length: 3 }, () => 'tags'),
  "tags['cost center']",
];

/** Fields that a `where` inside a count of policies looks at. */
export const pathsInside: readonly string[] = words(`properties.policies[*] properties.policies[*].name
  properties.policies[*].rights ${rights} properties.policies[*].inner.status properties.policies[*].inner
  properties.value tags['owner']`);

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
