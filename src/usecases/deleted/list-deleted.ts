import { compareText } from '../../model/compare-text.ts';
import type { DeletedItem, DeletedList, NameClaim } from '../../model/deleted-report.ts';
import { daysUntil } from '../../model/days-until.ts';
import type { DeletedVault, ExpectedSubscriptions, RecycleBin, VaultAddress } from '../../model/arm-ports.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { UsageError } from '../../model/errors.ts';
import type { JournalEntry } from '../../model/journal.ts';
import { deletedTypeOf, deletedVaultOf } from '../../resource-types/known-type.ts';
import { exitCodes } from '../exit-code.ts';
import { historyOf } from '../write/step-history.ts';
import { type BinRead, readBins } from './read-bins.ts';

/** The contents of some recycle bins, and those that could not be read. */
export interface DeletedListing {
  readonly deleted: readonly DeletedVault[];
  readonly unreadable: readonly Unreadable[];
  /** The subscriptions that Azure does not know, as they were named. */
  readonly absent: readonly string[];
}

/**
 * Lists the recycle bins of subscriptions, one of each type. One that is denied costs the others nothing. A subscription
 * may be named by an id that none has, which shows only now.
 */
export async function listDeleted(
  recycleBin: RecycleBin,
  { found, unknown, gaps }: ExpectedSubscriptions,
  signal: AbortSignal,
): Promise<DeletedListing> {
  const ids = found.map(({ id }) => id);
  const reads: BinRead[] = [];
  for await (const read of readBins(recycleBin, ids, signal)) reads.push(read);
  const gone = new Set(
    reads.flatMap(({ state, subscriptionId }) => (state === 'absent' ? [subscriptionId] : [])),
  );
  const known = reads.filter(({ subscriptionId }) => !gone.has(subscriptionId));
  const absent = [...unknown, ...gone];
  return {
    deleted: known.flatMap(({ deleted }) => deleted),
    unreadable: [
      ...gaps,
      ...unknown.map(notVisible),
      ...Array.from(gone, (id) => notVisible(`/subscriptions/${id}`)),
      ...known.flatMap(({ gap }) => gap ?? []),
    ],
    absent,
  };
}

/** The list as a document, at a moment; `claimsOn` finds what wants the name of each. */
export function toDeletedList(
  { deleted, unreadable }: Pick<DeletedListing, 'deleted' | 'unreadable'>,
  now: Date,
  claimsOn: (vault: VaultAddress) => readonly NameClaim[],
): DeletedList {
  return {
    schemaVersion: '1.0',
    complete: unreadable.length === 0,
    deleted: deleted.map((one) => toItem(one, now, claimsOn(one.vault))).toSorted(byUrgency),
    unreadable,
  };
}

/** 0 nothing is deleted, 1 something is, 3 a recycle bin could not be read. */
export function deletedListExitCode({ complete, deleted }: DeletedList): number {
  if (!complete) return exitCodes.incomplete;
  return deleted.length > 0 ? exitCodes.findings : exitCodes.clean;
}

function toItem(deleted: DeletedVault, now: Date, wantedBy: readonly NameClaim[]): DeletedItem {
  const { id, vault, location, deletionDate, scheduledPurgeDate, purgeProtection } = deleted;
  return {
    id,
    name: vault.name,
    type: deletedTypeOf(vault.type),
    subscriptionId: vault.subscriptionId,
    location,
    resourceId: vault.id,
    deletionDate,
    scheduledPurgeDate,
    daysToPurge: daysUntil(scheduledPurgeDate, now),
    purgeProtection,
    purgeable: !purgeProtection,
    wantedBy,
  };
}

function byUrgency(a: DeletedItem, b: DeletedItem): number {
  return (
    Number(b.purgeable) - Number(a.purgeable) ||
    (a.daysToPurge ?? -1) - (b.daysToPurge ?? -1) ||
    compareText(a.id.toLowerCase(), b.id.toLowerCase())
  );
}

function notVisible(name: string): Unreadable {
  return {
    scope: name,
    kind: 'subscription',
    reason: 'No visible subscription has that name or id.',
    hint: 'Check the name, and that you signed in to its tenant (az account list).',
  };
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
  const found = listing.deleted.filter((deleted) => isNamed(deleted, name));
  const [first, ...others] = found.length > 0 ? found : fromJournal(name, from);
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
function fromJournal(name: string, from: DeletedNames): readonly DeletedVault[] {
  const intended = intendedIn(from).map(({ deleted }) => deleted);
  return intended.filter((deleted) => isNamed(deleted, name)).slice(-1);
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
      ? 'See purgeproof deleted list for what is there; what is not there was purged, or was never deleted.'
      : `${unreadable.length} could not be read, such as that of ${gap.scope}: ${gap.reason} ${gap.hint}`,
  );
}
