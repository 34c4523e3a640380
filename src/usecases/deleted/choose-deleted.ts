import { UsageError } from '../../model/errors.ts';
import type { JournalEntry } from '../../model/journal.ts';
import type { DeletedVault } from '../../model/arm-ports.ts';
import { deletedVaultOf } from '../../resource-types/known-type.ts';
import type { DeletedListing } from './list-deleted.ts';

/** The places where a name is looked up: recycle bins, and the journal of earlier runs of the same action. */
export interface DeletedNames {
  readonly action: 'recover' | 'purge';
  readonly listing: DeletedListing;
  readonly entries: readonly JournalEntry[];
}

/**
 * Finds what names stand for: names of vaults, or ids. What an earlier run has taken out of its recycle bin is found in
 * the journal, so that this run can say what happened. Throws UsageError for a name that stands for nothing, or for two.
 */
export function chooseDeleted(names: readonly string[], from: DeletedNames): readonly DeletedVault[] {
  const chosen = names.map((name) => chooseOne(name, from));
  return [...new Map(chosen.map((one) => [one.id.toLowerCase(), one])).values()];
}

function chooseOne(name: string, { action, listing, entries }: DeletedNames): DeletedVault {
  const found = listing.deleted.filter((deleted) => isNamed(deleted, name));
  const [first, ...others] = found.length > 0 ? found : fromJournal(name, action, entries);
  if (first === undefined) throw unknownName(name, listing);
  if (others.length === 0) return first;
  throw new UsageError(
    `${found.length} deleted resources are called ${JSON.stringify(name)}.`,
    `Name the one that is meant by its id: ${found.map(({ id }) => id).join(', ')}.`,
  );
}

function isNamed({ id, vault }: DeletedVault, name: string): boolean {
  return [id, vault.id, vault.name].some((one) => one.toLowerCase() === name.toLowerCase());
}

/** The latest entry that a request was written down for. */
function fromJournal(
  name: string,
  action: DeletedNames['action'],
  entries: readonly JournalEntry[],
): readonly DeletedVault[] {
  const intended = entries.flatMap((entry) => {
    if (entry.kind !== 'intent' || entry.action !== action) return [];
    const deleted = deletedVaultOf(entry.vault, entry.before.properties);
    return deleted !== undefined && isNamed(deleted, name) ? [deleted] : [];
  });
  return intended.slice(-1);
}

function unknownName(name: string, { unreadable }: DeletedListing): UsageError {
  const [gap] = unreadable;
  return new UsageError(
    `No recycle bin that can be read holds ${JSON.stringify(name)}.`,
    gap === undefined
      ? 'See purgeproof deleted list for what is there; what is not there was purged, or was never deleted.'
      : `${unreadable.length} could not be read, such as that of ${gap.scope}: ${gap.reason} ${gap.hint}`,
  );
}
