import { pMapIterable } from 'p-map';
import type { DeletedVault, RecycleBin } from '../../model/arm-ports.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { AzureError, sentenceOf } from '../../model/errors.ts';
import { knownType, recycleBinTypes } from '../../resource-types/known-type.ts';

/** `absent`: Azure says that there is no such subscription. `failed`: it did not answer, or not in full. */
type BinState = 'read' | 'empty' | 'denied' | 'absent' | 'failed';

/** The contents of one recycle bin: of the deleted resources of a type in a subscription. */
export interface BinRead {
  readonly subscriptionId: string;
  readonly state: BinState;
  readonly deleted: readonly DeletedVault[];
  /** The gap, where it could not be read: nothing is known about it then. */
  readonly gap?: Unreadable;
}

/**
 * Recycle bins that are read at a time. ARM counts the reads of each subscription by themselves, so they do not slow each
 * other down. Source: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const concurrency = 24;

/**
 * Reads the recycle bins of subscriptions, one of each type, in that order. One that is denied costs the others nothing.
 * Throws `AzureError` without a sign-in.
 */
export function readBins(
  recycleBin: RecycleBin,
  subscriptionIds: readonly string[],
  signal: AbortSignal,
): AsyncIterable<BinRead> {
  const bins = subscriptionIds.flatMap((id) => recycleBinTypes.map((type) => ({ id, type })));
  return pMapIterable(bins, (bin) => readBin(recycleBin, bin, signal), {
    concurrency,
    // One of many pages holds up nothing but its turn.
    backpressure: 20 * concurrency,
  });
}

async function readBin(
  recycleBin: RecycleBin,
  { id, type }: { readonly id: string; readonly type: string },
  signal: AbortSignal,
): Promise<BinRead> {
  const read = { subscriptionId: id, deleted: [] };
  if (signal.aborted) return { ...read, state: 'failed', gap: interrupted(id) };
  try {
    const deleted = await recycleBin.list(id, type, signal);
    return { ...read, deleted, state: deleted.length > 0 ? 'read' : 'empty' };
  } catch (error) {
    if (signal.aborted) return { ...read, state: 'failed', gap: interrupted(id) };
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return { ...read, state: stateOf(error), gap: gapOf({ id, type }, error) };
  }
}

function stateOf({ status, code }: AzureError): BinState {
  if (status === 403) return 'denied';
  return code === 'SubscriptionNotFound' ? 'absent' : 'failed';
}

function gapOf({ id, type }: { readonly id: string; readonly type: string }, error: AzureError): Unreadable {
  // Azure's own words repeat the hint, at length.
  const reason =
    error.code === 'AuthorizationFailed'
      ? `The identity does not have permission to read its deleted ${knownType(type)?.words.many ?? 'resources'}.`
      : sentenceOf(error);
  return { scope: `/subscriptions/${id}`, kind: 'subscription', reason, hint: error.hint };
}

function interrupted(subscriptionId: string): Unreadable {
  return {
    scope: `/subscriptions/${subscriptionId}`,
    kind: 'interrupted',
    reason: 'It was interrupted before this recycle bin was read.',
    hint: 'List again.',
  };
}
