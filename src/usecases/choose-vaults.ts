import type { DeletedVault, ExpectedSubscriptions } from '../model/arm-ports.ts';
import { UsageError } from '../model/errors.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { KitVaultAddress } from '../model/kit.ts';
import { didYouMean } from '../documents/suggestions.ts';
import { deletedVaultOf, knownType } from '../resource-types/known-type.ts';
import type { DeletedListing } from './deleted/list-deleted.ts';
import { historyOf } from './write/step-history.ts';

const idForm = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i;

/** True where a word is an ARM id and no name: no list is needed to find that vault. */
export function isVaultId(word: string): boolean {
  return word.startsWith('/');
}

/** The vaults to choose from, and the resource types that may be chosen. */
interface VaultChoice {
  readonly visible: readonly KitVaultAddress[];
  readonly types: readonly string[];
}

/** `vault`, or `vault or managed HSM`. */
function wordsOf(types: readonly string[]): string {
  return types.map((type) => knownType(type)?.words.one ?? type).join(' or ');
}

/**
 * Finds what names and ids stand for. An id need not be among the visible vaults, for Resource Graph lags. Throws UsageError for a
 * name that stands for nothing, or for two, and for an id of something else.
 */
export function chooseVaults(
  words: readonly string[],
  { visible, types }: VaultChoice,
): readonly KitVaultAddress[] {
  const among = { types, visible: visible.filter(({ type }) => types.includes(type)) };
  const chosen = words.map((word) => (isVaultId(word) ? fromId(word, types) : fromName(word, among)));
  return [...new Map(chosen.map((one) => [one.id.toLowerCase(), one])).values()];
}

function fromId(word: string, types: readonly string[]): KitVaultAddress {
  const [, subscriptionId, resourceGroup, type, name] = idForm.exec(word) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || type === undefined || name === undefined)
    throw notVault(word, types);
  const known = types.find((one) => one.toLowerCase() === type.toLowerCase());
  if (known === undefined) throw notVault(word, types);
  return { id: word, name, type: known, subscriptionId, resourceGroup };
}

function notVault(word: string, types: readonly string[]): UsageError {
  return new UsageError(
    `${JSON.stringify(word)} is not the id of a ${wordsOf(types)}.`,
    `It looks like /subscriptions/…/resourceGroups/…/providers/${types[0] ?? ''}/NAME.`,
  );
}

function fromName(word: string, { visible, types }: VaultChoice): KitVaultAddress {
  const found = visible.filter(({ name }) => name.toLowerCase() === word.toLowerCase());
  const [first, ...others] = found;
  if (first === undefined)
    throw new UsageError(
      `No visible ${wordsOf(types)} is called ${JSON.stringify(word)}.${didYouMean(
        word,
        visible.map(({ name }) => name),
      )}`,
      'Check the name, or give its id. If it was deleted: `purgeproof deleted list`',
    );
  if (others.length === 0) return first;
  throw new UsageError(
    `${found.length} resources are called ${JSON.stringify(word)}.`,
    `Name the one that is meant by its id: ${found.map(({ id }) => id).join(', ')}.`,
  );
}

/** The places where a name is looked up: recycle bins, and the journal of earlier runs of the same action. */
interface DeletedNames {
  readonly action: 'recover' | 'purge';
  readonly listing: DeletedListing;
  readonly entries: readonly JournalEntry[];
  /** The subscriptions in scope: what the journal tells of others is left alone. */
  readonly found: ExpectedSubscriptions['found'];
}

/**
 * Finds what names stand for: names of vaults, or ids. What an earlier run has taken out of its recycle bin is found in
 * the journal, so that this run can say what happened. Throws UsageError for a name that stands for nothing, or for two.
 */
export function chooseDeleted(names: readonly string[], from: DeletedNames): readonly DeletedVault[] {
  const chosen = names.map((name) => chooseOne(name, from));
  return [...new Map(chosen.map((one) => [one.id.toLowerCase(), one])).values()];
}

/**
 * Everything that was deleted on a day or later, or at any time; with it what an earlier run has begun to recover and not
 * verified in these subscriptions, so that this run can say what happened. One whose date Azure does not tell was not
 * deleted before that day for certain, and counts.
 */
export function chooseAll(
  since: Date | undefined,
  { listing, ...journal }: Omit<DeletedNames, 'action'>,
): readonly DeletedVault[] {
  const begun = intendedIn({ ...journal, action: 'recover' })
    .filter(({ step }) => historyOf(journal.entries, step).verifiedAt === undefined)
    .map(({ deleted }) => deleted);
  // An entry of the recycle bin tells more than one of the journal.
  const all = new Map([...begun, ...listing.deleted].map((one) => [one.id.toLowerCase(), one]));
  return [...all.values()].filter(
    ({ deletionDate }) => since === undefined || !(Date.parse(deletionDate) < since.getTime()),
  );
}

function chooseOne(name: string, from: DeletedNames): DeletedVault {
  const { listing } = from;
  const found = listing.deleted.filter((deleted) => isCalled(deleted, name));
  const [first, ...others] = found.length > 0 ? found : fromJournal(name, from);
  if (first === undefined) throw unknownName(name, listing);
  if (others.length === 0) return first;
  throw new UsageError(
    `${found.length} deleted resources are called ${JSON.stringify(name)}.`,
    `Name the one that is meant by its id: ${found.map(({ id }) => id).join(', ')}.`,
  );
}

function isCalled({ id, vault }: DeletedVault, name: string): boolean {
  return [id, vault.id, vault.name].some((one) => one.toLowerCase() === name.toLowerCase());
}

/** The latest entry that a request was written down for. */
function fromJournal(name: string, from: DeletedNames): readonly DeletedVault[] {
  const intended = intendedIn(from).map(({ deleted }) => deleted);
  return intended.filter((deleted) => isCalled(deleted, name)).slice(-1);
}

/** The entries in scope that requests were written down for, with the steps that name them in the journal. */
function intendedIn({ action, entries, found }: Omit<DeletedNames, 'listing'>) {
  const scope = new Set(found.map(({ id }) => id.toLowerCase()));
  return entries.flatMap((entry) => {
    if (entry.kind !== 'intent' || entry.action !== action) return [];
    const deleted = deletedVaultOf(entry.vault, entry.before.properties);
    const isInScope = deleted !== undefined && scope.has(deleted.vault.subscriptionId.toLowerCase());
    return isInScope ? [{ step: entry.step, deleted }] : [];
  });
}

function unknownName(name: string, { unreadable }: DeletedListing): UsageError {
  const [gap] = unreadable;
  return new UsageError(
    `No recycle bin that can be read holds ${JSON.stringify(name)}.`,
    gap === undefined
      ? 'What is not there was purged, or was never deleted. See what is there: `purgeproof deleted list`'
      : `${unreadable.length} could not be read, such as that of ${gap.scope}: ${gap.reason} ${gap.hint}`,
  );
}
