import { compareText } from '../../model/compare-text.ts';
import type { DeletedItem, DeletedList, NameClaim } from '../../model/deleted-report.ts';
import { daysUntil } from '../../model/days-until.ts';
import type { DeletedVault, ExpectedSubscriptions, RecycleBin, VaultAddress } from '../../model/arm-ports.ts';
import type { NotLookedAt, Unreadable } from '../../model/coverage.ts';
import { deletedTypeOf } from '../../resource-types/known-type.ts';
import { exitCodes } from '../exit-code.ts';
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
  { found, unknown, suggest, gaps }: ExpectedSubscriptions,
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
  const notFound = await Promise.all([
    ...unknown.map(async (name) => notVisible(name, await suggest(name))),
    ...Array.from(gone, async (id) => notVisible(`/subscriptions/${id}`, await suggest(id))),
  ]);
  return {
    deleted: known.flatMap(({ deleted }) => deleted),
    unreadable: [...gaps, ...notFound, ...known.flatMap(({ gap }) => gap ?? [])],
    absent,
  };
}

/** The claims on the names of what is deleted, and the places in which they would not have been seen. */
export interface Claims {
  readonly claimsOn: (vault: VaultAddress) => readonly NameClaim[];
  readonly notLookedAt: readonly NotLookedAt[];
}

/** The list as a document, at a moment, with what wants the name of each. */
export function toDeletedList(
  { deleted, unreadable }: Pick<DeletedListing, 'deleted' | 'unreadable'>,
  now: Date,
  { claimsOn, notLookedAt }: Claims,
): DeletedList {
  return {
    schemaVersion: '1.0',
    complete: unreadable.length === 0,
    deleted: deleted.map((one) => toItem(one, now, claimsOn(one.vault))).toSorted(byUrgency),
    unreadable,
    ...(notLookedAt.length === 0 ? {} : { notLookedAt }),
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

function notVisible(name: string, suggestion: string): Unreadable {
  return {
    scope: name,
    kind: 'subscription',
    reason: `Not found: no visible subscription has that name or id.${suggestion}`,
    hint: 'Check the name, and that you signed in to its tenant: `az account list`',
  };
}
