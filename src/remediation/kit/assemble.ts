import {
  type Kit,
  type KitPart,
  kitPartNames,
  type KitVault,
  type KitVaultAddress,
} from '../../model/kit.ts';
import { sha256 } from '../canonical-json.ts';

/** A vault with its parts, in the order of `kitPartNames`. */
export function kitVault(vault: KitVaultAddress, parts: readonly KitPart[]): KitVault {
  const { id, name, type, subscriptionId, resourceGroup } = vault;
  const ordered = kitPartNames.flatMap((part) => parts.filter((one) => one.name === part));
  return { id, name, type, subscriptionId, resourceGroup, bicep: bicepName(vault), parts: ordered };
}

/** True where every part of every vault was read. */
export function isWhole({ vaults }: Pick<Kit, 'vaults'>): boolean {
  return vaults.every(({ parts }) => parts.every(({ state }) => state === 'read'));
}

/** A file name that is harmless whatever the vault is called, and its own for each vault. */
function bicepName({ id, name }: KitVaultAddress): string {
  const safe = name.replaceAll(/[^A-Za-z0-9-]/g, '').slice(0, 24) || 'vault';
  return `${safe.replace(/^-+/, '') || 'vault'}-${sha256(id.toLowerCase()).slice(0, 8)}.bicep`;
}
