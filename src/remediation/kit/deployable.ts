import { isListedPart, type KitVault, type ListedItem, listedTypes } from '../../model/kit.ts';
import { scopeInId } from './items.ts';

/** Everything that is listed around a vault and was read. */
export function listedItems({ parts }: KitVault): readonly ListedItem[] {
  return parts.flatMap((part) => {
    const { name } = part;
    if (part.state !== 'read' || !isListedPart(name)) return [];
    return part.items.map((item) => ({ part: name, item }));
  });
}

/** True for what stands on the vault itself: what stands on one key or secret in it cannot be put into the Bicep file. */
export function isOnVault({ item }: ListedItem, vault: KitVault): boolean {
  return scopeInId(item.id).toLowerCase() === vault.id.toLowerCase();
}

/** The path of the request that puts an item back, each segment encoded. */
export function requestPath(id: string, apiVersion: string): string {
  const segments = id.replaceAll(/\p{Cs}/gu, '\uFFFD').split('/');
  return `${segments.map((segment) => encodeURIComponent(segment)).join('/')}?api-version=${apiVersion}`;
}

/** The path for an item that ARM lists. */
export function listedPath({ part, item }: ListedItem): string {
  return requestPath(item.id, listedTypes[part].apiVersion);
}
