import type { DeletedVault } from '../../model/arm-ports.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { stateOf } from '../../remediation/state.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { interruptedBeforeVerification, sentNotVerified, type StepOutcome } from '../write/outcomes.ts';
import type {
  AcceptedWrite,
  Decision,
  Verification,
  WriteContext,
  WriteProcedure,
} from '../write/procedure.ts';
import { isUpdating, unread } from '../write/read-vault.ts';
import type { StepHistory } from '../write/step-history.ts';
import {
  deletedState,
  deletedStep,
  type DeletedPorts,
  differencesFrom,
  findInBin,
  readEntry,
  readLive,
  lastingReads,
  readUntil,
  unreadEntry,
} from './deleted-state.ts';
import * as wording from './wording.ts';

/** A vault to recover; `tenantId` is the directory that the caller is signed in to. */
export interface Recovery {
  readonly deleted: DeletedVault;
  readonly tenantId: string;
}

/**
 * The write that takes a deleted vault or managed HSM out of the recycle bin: a PUT that creates nothing. Afterwards it
 * is read from ARM. After a crash the recycle bin decides: what is no longer in it is not recovered again.
 */
export function recoverWrite({ deleted, tenantId }: Recovery, ports: DeletedPorts): WriteProcedure {
  const { vault, location, tags } = deleted;
  // Azure replaces tags by those of a PUT.
  const body = { location, tags, ...knownType(vault.type)?.recycleBin?.recoveryBody(tenantId) };
  return {
    kind: 'recover',
    step: deletedStep('recover', deleted),
    vault,
    body,
    decide: (history, context) => decideRecovery({ deleted, ports, history, body }, context),
    recheck: async () => undefined,
    explain: (refusal) => explainRefusal(refusal, vault, 'recovery'),
    verify: (accepted, context) => verifyRecovery({ deleted, ports }, accepted, context),
  };
}

interface Target {
  readonly deleted: DeletedVault;
  readonly ports: DeletedPorts;
}

/** A recovery that is asked for, with what the journal tells of it. */
interface Asked extends Target {
  readonly history: StepHistory;
  readonly body: JsonObject;
}

/**
 * Reads the entry, then the vault under the id that it had: a recycle bin may still show what is live again, and a PUT
 * would replace what is live.
 */
async function decideRecovery(
  { deleted, ports, history, body }: Asked,
  context: WriteContext,
): Promise<Decision> {
  const entry = await readEntry(ports, deleted, context);
  if (entry.kind === 'failed')
    return { kind: 'stop', stepOutcome: context.stopped() ?? unreadEntry(entry.refusal, deleted) };
  if (entry.kind === 'found' && entry.deleted.deletionDate !== deleted.deletionDate)
    return { kind: 'stop', stepOutcome: wording.deletedAgain(entry.deleted, deleted) };
  const live = await readLive(ports, deleted, { ...context, stopPolling: context.signal });
  if (live.kind === 'failed')
    return { kind: 'stop', stepOutcome: context.stopped() ?? unread(live.refusal, deleted.vault) };
  if (live.kind === 'found') return decideOnLive(live.resource, { deleted, history });
  if (entry.kind === 'notFound') return { kind: 'stop', stepOutcome: wording.notInBin };
  const before = deletedState(entry.deleted);
  return { kind: 'send', action: { kind: 'recover', deleted: entry.deleted, body }, before };
}

function decideOnLive(
  resource: Resource,
  { deleted, history }: Pick<Asked, 'deleted' | 'history'>,
): Decision {
  if (history.verifiedAt !== undefined)
    return { kind: 'stop', stepOutcome: wording.doneBefore('recovered', history.verifiedAt), isKnown: true };
  const stepOutcome = history.mayHaveChanged
    ? wording.recovered(differencesFrom(deleted, resource), true)
    : wording.alreadyLive;
  return { kind: 'stop', stepOutcome, after: stateOf(resource, {}) };
}

/** Reads the vault under the id that it had, a few times if need be. */
async function verifyRecovery(
  { deleted, ports }: Target,
  { isCut }: AcceptedWrite,
  context: WriteContext,
): Promise<Verification> {
  const reads = lastingReads(context);
  const live = isCut
    ? await ports.vaults.readVault(deleted.vault, reads.signal)
    : await readUntil(
        () => readLive(ports, deleted, reads),
        ({ kind }) => kind !== 'notFound',
        reads,
      );
  const isInterrupted = reads.stopPolling.aborted;
  if (live.kind === 'failed')
    return { stepOutcome: sentNotVerified('recovery', unread(live.refusal, deleted.vault).cause) };
  if (live.kind === 'found' && !isUpdating(live.resource)) {
    const stepOutcome = wording.recovered(differencesFrom(deleted, live.resource), false);
    return { stepOutcome, after: stateOf(live.resource, {}) };
  }
  if (isInterrupted)
    return { stepOutcome: sentNotVerified('recovery', interruptedBeforeVerification), isOpen: true };
  if (live.kind === 'found')
    return { stepOutcome: sentNotVerified('recovery', 'Azure is still carrying it out.') };
  const entry = await readEntry(ports, deleted, reads);
  return {
    stepOutcome:
      entry.kind === 'found'
        ? wording.stillInBin('recovery')
        : sentNotVerified('recovery', 'ARM does not show it under the id that it had.'),
  };
}

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
      return decidePurge(entry.deleted, deleted);
    },
    recheck: async () => undefined,
    explain: (refusal) => explainRefusal(refusal, vault, 'purge'),
    verify: (accepted, context) => verifyPurge({ deleted, ports }, accepted, context),
  };
}

function decidePurge(now: DeletedVault, chosen: DeletedVault): Decision {
  if (now.deletionDate !== chosen.deletionDate)
    return { kind: 'stop', stepOutcome: wording.deletedAgain(now, chosen) };
  if (now.purgeProtection) return { kind: 'stop', stepOutcome: wording.protectedUntil(now) };
  return { kind: 'send', action: { kind: 'purge', deleted: now }, before: deletedState(now) };
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
async function verifyPurge(
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
