import { AzureError } from '../../model/errors.ts';
import type { DeletedVault } from '../../model/arm-ports.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { stateOf } from '../../remediation/state.ts';
import { interruptedBeforeVerification, sentNotVerified, type StepOutcome } from '../write/outcomes.ts';
import type {
  AcceptedWrite,
  Decision,
  Verification,
  WriteContext,
  WriteProcedure,
} from '../write/procedure.ts';
import { unread } from '../write/read-vault.ts';
import type { StepHistory } from '../write/step-history.ts';
import {
  deletedState,
  deletedStep,
  type DeletedPorts,
  readEntry,
  readLive,
  lastingReads,
  readUntil,
  unreadEntry,
} from './deleted-state.ts';
import * as wording from './wording.ts';

/**
 * The write that destroys a deleted vault or managed HSM for good. Its operation is followed to the end by its own body,
 * then the recycle bin is listed again. After a crash the recycle bin decides: what is no longer in it is not purged
 * again, and nothing is sent for what is live.
 */
export function purgeWrite(deleted: DeletedVault, ports: DeletedPorts): WriteProcedure {
  const { vault } = deleted;
  return {
    kind: 'purge',
    step: deletedStep('purge', deleted),
    vault,
    body: {},
    async decide(history, context) {
      const entry = await readEntry(ports, deleted, context);
      if (entry.kind === 'failed')
        return { kind: 'stop', stepOutcome: context.stopped() ?? unreadEntry(entry.refusal, deleted) };
      if (entry.kind === 'notFound') return decideWithoutEntry({ deleted, ports, history }, context);
      return decideOn(entry.deleted, deleted);
    },
    recheck: async () => undefined,
    explain: (refusal) => explainRefusal(refusal, vault, 'purge'),
    verify: (accepted, context) => verify({ deleted, ports }, accepted, context),
  };
}

function decideOn(now: DeletedVault, chosen: DeletedVault): Decision {
  if (now.deletionDate !== chosen.deletionDate)
    return { kind: 'stop', stepOutcome: wording.deletedAgain(now, chosen) };
  if (now.purgeProtection) return { kind: 'stop', stepOutcome: wording.protectedUntil(now) };
  return { kind: 'send', action: { kind: 'purge', deleted: now }, before: deletedState(now) };
}

interface Target {
  readonly deleted: DeletedVault;
  readonly ports: DeletedPorts;
}

async function decideWithoutEntry(
  { deleted, ports, history }: Target & { readonly history: StepHistory },
  context: WriteContext,
): Promise<Decision> {
  const { verifiedAt, mayHaveChanged } = history;
  const live = await readLive(ports, deleted, { ...context, stopPolling: context.signal });
  if (live.kind === 'found')
    return { kind: 'stop', stepOutcome: wording.liveAgain, after: stateOf(live.resource, {}) };
  if (verifiedAt !== undefined)
    return { kind: 'stop', stepOutcome: wording.doneBefore('purged', verifiedAt), isKnown: true };
  if (live.kind === 'failed') {
    const failed = context.stopped() ?? unread(live.refusal, deleted.vault);
    return { kind: 'stop', stepOutcome: mayHaveChanged ? goneFromBin(failed) : failed };
  }
  return { kind: 'stop', stepOutcome: mayHaveChanged ? wording.purged(true) : wording.notInBin };
}

/** The outcome where it cannot be read whether what left the recycle bin was purged or recovered. */
function goneFromBin({ cause }: StepOutcome): StepOutcome {
  return sentNotVerified('purge', `It is no longer in the recycle bin. ${cause}`);
}

/** Lists the recycle bin, a few times if need be. Where Azure did not tell the end, it must not be live either. */
async function verify(
  { deleted, ports }: Target,
  { isCut, followed }: AcceptedWrite,
  context: WriteContext,
): Promise<Verification> {
  const reads = lastingReads(context);
  const list = () => findInBin(ports, deleted, reads.signal);
  const entry = isCut ? await list() : await readUntil(list, (found) => found !== 'there', reads);
  if (entry === 'there') return stillThere(followed, reads.stopPolling.aborted);
  if (entry !== 'absent')
    return {
      stepOutcome: sentNotVerified('purge', `The recycle bin could not be listed: ${entry.message}.`),
    };
  if (followed) return { stepOutcome: wording.purged(false) };
  const live = await ports.vaults.readVault(deleted.vault, reads.signal);
  if (live.kind === 'found') return { stepOutcome: wording.liveAgain, after: stateOf(live.resource, {}) };
  const stepOutcome =
    live.kind === 'notFound' ? wording.purged(false) : goneFromBin(unread(live.refusal, deleted.vault));
  return { stepOutcome };
}

function stillThere(followed: boolean, isInterrupted: boolean): Verification {
  if (followed) return { stepOutcome: wording.stillInBin('purge') };
  return isInterrupted
    ? { stepOutcome: sentNotVerified('purge', interruptedBeforeVerification), isOpen: true }
    : { stepOutcome: sentNotVerified('purge', 'It is still in the recycle bin.') };
}

/** Lists the recycle bin anew, rather than asking for the entry: a list tells denial from absence. */
async function findInBin(
  { recycleBin }: DeletedPorts,
  { id, vault, deletionDate }: DeletedVault,
  signal: AbortSignal,
): Promise<'there' | 'absent' | AzureError> {
  try {
    const listed = await recycleBin.list(vault.subscriptionId, vault.type, signal);
    const isThere = listed.some(
      (one) => one.id.toLowerCase() === id.toLowerCase() && one.deletionDate === deletionDate,
    );
    return isThere ? 'there' : 'absent';
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
}
