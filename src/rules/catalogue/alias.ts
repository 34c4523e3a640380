import type { ResourceType } from '../../resource-types/resource-type.ts';

/**
 * Azure Policy's name for a field: the resource type, and the path without its `properties`. `undefined` for the
 * fields that Azure Policy names without a type, such as `location`.
 */
function aliasOf(resourceType: string, path: string): string | undefined {
  const named = path.startsWith('properties.') || path === 'sku' || path.startsWith('sku.');
  if (!named) return undefined;
  const short = path.replace(/^properties\./u, '').replaceAll('[*].properties.', '[*].');
  return `${resourceType}/${short}`;
}

/** The paths of a resource type by their aliases in lower case. */
export function pathsByAlias({
  type,
  fields,
}: Pick<ResourceType, 'type' | 'fields'>): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const path of Object.keys(fields)) {
    const alias = aliasOf(type, path)?.toLowerCase();
    if (alias !== undefined) paths.set(alias, path);
  }
  return paths;
}
