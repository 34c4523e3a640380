import { didYouMean } from '../../documents/suggestions.ts';
import { UsageError } from '../../model/errors.ts';
import type { KitVaultAddress } from '../../model/kit.ts';
import { vault as vaultType } from '../../resource-types/vault.ts';

const idForm = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i;

/** True where a word is an ARM id and no name: no list is needed to find that vault. */
export function isVaultId(word: string): boolean {
  return word.startsWith('/');
}

/**
 * Finds what names and ids stand for. An id need not be among the visible vaults, for Resource Graph lags. Throws UsageError for a
 * name that stands for nothing, or for two, and for an id of something else.
 */
export function chooseVaults(
  words: readonly string[],
  visible: readonly KitVaultAddress[],
): readonly KitVaultAddress[] {
  const chosen = words.map((word) => (isVaultId(word) ? fromId(word) : fromName(word, visible)));
  return [...new Map(chosen.map((one) => [one.id.toLowerCase(), one])).values()];
}

function fromId(word: string): KitVaultAddress {
  const [, subscriptionId, resourceGroup, type, name] = idForm.exec(word) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || type === undefined || name === undefined)
    throw notVault(word);
  if (type.toLowerCase() !== vaultType.type.toLowerCase()) throw notVault(word);
  return { id: word, name, type: vaultType.type, subscriptionId, resourceGroup };
}

function notVault(word: string): UsageError {
  return new UsageError(
    `${JSON.stringify(word)} is not the id of a vault.`,
    'It looks like /subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/NAME.',
  );
}

function fromName(word: string, visible: readonly KitVaultAddress[]): KitVaultAddress {
  const found = visible.filter(({ name }) => name.toLowerCase() === word.toLowerCase());
  const [first, ...others] = found;
  if (first === undefined)
    throw new UsageError(
      `No visible vault is called ${JSON.stringify(word)}.${didYouMean(
        word,
        visible.map(({ name }) => name),
      )}`,
      'Check the name, or give its id. If it was deleted: purgeproof deleted list.',
    );
  if (others.length === 0) return first;
  throw new UsageError(
    `${found.length} vaults are called ${JSON.stringify(word)}.`,
    `Name the one that is meant by its id: ${found.map(({ id }) => id).join(', ')}.`,
  );
}
