import pMap from 'p-map';
import { compareText } from '../../model/compare-text.ts';
import type { DeletedItem, DeletedList } from '../../model/deleted-report.ts';
import { AzureError } from '../../model/errors.ts';
import type { DeletedVault, ExpectedSubscriptions, RecycleBin } from '../../model/arm-ports.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { exitCodes } from '../exit-code.ts';

/** The contents of some recycle bins, and those that could not be read. */
export interface DeletedListing {
  readonly deleted: readonly DeletedVault[];
  readonly unreadable: readonly Unreadable[];
}

/** Recycle bins that are read at a time. */
const concurrency = 8;

/** Lists the recycle bins of subscriptions, one of each type. One that is denied costs the others nothing. */
export async function listDeleted(
  recycleBin: RecycleBin,
  { found, unknown }: ExpectedSubscriptions,
  signal: AbortSignal,
): Promise<DeletedListing> {
  const types = resourceTypes.filter((known) => known.recycleBin !== undefined);
  const bins = found.flatMap(({ id }) => types.map(({ type }) => ({ id, type })));
  const listings = await pMap(bins, async (bin) => readBin(recycleBin, bin, signal), { concurrency });
  return {
    deleted: listings.flatMap(({ deleted }) => deleted),
    unreadable: [...unknown.map(notVisible), ...listings.flatMap(({ unreadable }) => unreadable)],
  };
}

async function readBin(
  recycleBin: RecycleBin,
  { id, type }: { readonly id: string; readonly type: string },
  signal: AbortSignal,
): Promise<DeletedListing> {
  try {
    return { deleted: await recycleBin.list(id, type, signal), unreadable: [] };
  } catch (error) {
    if (signal.aborted) return { deleted: [], unreadable: [interrupted(id)] };
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    const { message, hint } = error;
    const reason = `${message}.`;
    return { deleted: [], unreadable: [{ scope: id, kind: 'subscription', reason, hint }] };
  }
}

/** The list as a document, at a moment. */
export function toDeletedList({ deleted, unreadable }: DeletedListing, now: Date): DeletedList {
  return {
    schemaVersion: '1.0',
    complete: unreadable.length === 0,
    deleted: deleted.map((one) => toItem(one, now)).toSorted(byUrgency),
    unreadable,
  };
}

/** 0 nothing is deleted, 1 something is, 3 a recycle bin could not be read. */
export function deletedListExitCode({ complete, deleted }: DeletedList): number {
  if (!complete) return exitCodes.incomplete;
  return deleted.length > 0 ? exitCodes.findings : exitCodes.clean;
}

function toItem(deleted: DeletedVault, now: Date): DeletedItem {
  const { id, vault, location, deletionDate, scheduledPurgeDate, purgeProtection } = deleted;
  const leftMs = Date.parse(scheduledPurgeDate) - now.getTime();
  return {
    id,
    name: vault.name,
    type: `${vault.type.split('/')[0]}/${knownType(vault.type)?.recycleBin?.collection}`,
    subscriptionId: vault.subscriptionId,
    location,
    resourceId: vault.id,
    deletionDate,
    scheduledPurgeDate,
    daysToPurge: Number.isNaN(leftMs) ? null : Math.max(0, Math.floor(leftMs / dayMs)),
    purgeProtection,
    purgeable: !purgeProtection,
  };
}

const dayMs = 24 * 60 * 60 * 1000;

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
    reason: 'No visible subscription has that name.',
    hint: 'Check the name, and that you signed in to its tenant (az account list).',
  };
}

function interrupted(scope: string): Unreadable {
  return {
    scope,
    kind: 'interrupted',
    reason: 'It was interrupted before this recycle bin was read.',
    hint: 'List again.',
  };
}
