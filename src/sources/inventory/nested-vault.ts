import { isJsonObject, type Json } from '../../model/json.ts';
import { isKnownType } from '../../resource-types/known-type.ts';

/**
 * The way to a vault or managed HSM that stands inside a row of another type, such as `items[0]`: it would be passed
 * over unseen. Mere ids of vaults do not count. The row must not be nested deeper than the stack is.
 */
export function findNestedVault(row: Json, path = ''): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  for (const [key, value] of Object.entries<Json | undefined>(row)) {
    if (typeof value !== 'object' || value === null) continue;
    const below = Array.isArray(row) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    if (isVault(value)) return below;
    const found = findNestedVault(value, below);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isVault(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const entries = new Map(Object.entries(value).map(([name, part]) => [name.toLowerCase(), part]));
  const type = entries.get('type');
  return typeof type === 'string' && isKnownType(type) && typeof entries.get('id') === 'string';
}
