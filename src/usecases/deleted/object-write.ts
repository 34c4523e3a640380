import type { DeletedObject, ObjectRead, VaultPlane } from '../../model/vault-plane.ts';
import { isPurgeable } from '../../model/recovery-level.ts';
import type { Refusal } from '../../model/refusal.ts';
import type { RetryOptions } from '../../model/retry.ts';
import type { VaultState } from '../../model/vault-state.ts';
import { digest } from '../../remediation/canonical-json.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import type { Explanation } from '../../remediation/explanations.ts';
import { interruptedBeforeVerification, sentNotVerified, type StepOutcome } from '../write/outcomes.ts';
import type {
  AcceptedWrite,
  Decision,
  Verification,
  WriteContext,
  WriteProcedure,
} from '../write/procedure.ts';
import { retryRead, unread } from '../write/read-vault.ts';
import type { StepHistory } from '../write/step-history.ts';
import { deletedStep, lastingReads, type LastingReads, readUntil } from './deleted-state.ts';
import { toDeletedObject, typeInArm } from './list-objects.ts';
import * as wording from './wording.ts';

/** An object to recover or to purge, and the place where it is looked up. */
export interface ObjectWrite {
  readonly action: 'recover' | 'purge';
  readonly object: DeletedObject;
  readonly plane: VaultPlane;
}

/**
 * The write that recovers a deleted key, secret or certificate, or destroys it for good. What became of it is read from lists
 * and entries, never from the object itself. After a crash the state in the vault decides: what is no longer among the
 * deleted ones is not sent for again, and nothing that is live is ever purged.
 */
export function objectWrite(write: ObjectWrite): WriteProcedure {
  const { action, object } = write;
  const { id, deletedDate } = object;
  const kind = action === 'purge' ? 'purgeObject' : 'recoverObject';
  return {
    kind,
    step: deletedStep(kind, { id, deletionDate: deletedDate }),
    vault: targetInArm(object),
    body: {},
    async decide(history, context) {
      const entry = await readEntry(write, context);
      if (entry.kind === 'failed')
        return { kind: 'stop', stepOutcome: context.stopped() ?? unread(entry.refusal, targetInArm(object)) };
      if (entry.kind === 'notFound') return decideWithoutEntry(write, history, context);
      return decideOn(write, toDeletedObject(entry.row, object) ?? object);
    },
    recheck: async () => undefined,
    explain: (refusal) => explain(refusal, write),
    verify: async (accepted, context) =>
      action === 'purge' ? verifyPurge(write, accepted, context) : verifyRecovery(write, accepted, context),
  };
}

function decideOn({ action, object }: ObjectWrite, now: DeletedObject): Decision {
  if (now.deletedDate !== object.deletedDate)
    return {
      kind: 'stop',
      stepOutcome: wording.deletedAgain(
        { deletionDate: now.deletedDate },
        { deletionDate: object.deletedDate },
      ),
    };
  if (action === 'purge' && !isPurgeable(now))
    return { kind: 'stop', stepOutcome: wording.protectedUntil(now) };
  const kind = action === 'purge' ? 'purgeObject' : 'recoverObject';
  return { kind: 'send', action: { kind, object: now }, before: stateOfObject(now) };
}

/** The entry of a deleted object, for the journal: what a later run needs to know what it was about. */
function stateOfObject({ recoveryLevel, deletedDate, scheduledPurgeDate }: DeletedObject): VaultState {
  const properties = { recoveryLevel, deletedDate, scheduledPurgeDate };
  return { hash: digest(properties), properties };
}

async function decideWithoutEntry(
  write: ObjectWrite,
  { verifiedAt, mayHaveChanged }: StepHistory,
  context: WriteContext,
): Promise<Decision> {
  const { action, object } = write;
  // A recovery takes it out of the recycle bin before it is there again.
  const isOnItsWay = action === 'recover' && mayHaveChanged;
  const live = isOnItsWay
    ? await readUntilLive(write, { ...context, stopPolling: context.signal })
    : await readLive(write, context);
  const known = verifiedAt === undefined ? undefined : wording.doneBefore(doneWords[action], verifiedAt);
  const isAsMeant = live.kind === (action === 'purge' ? 'notFound' : 'found');
  if (live.kind === 'failed') {
    if (known !== undefined && action === 'purge') return { kind: 'stop', stepOutcome: known, isKnown: true };
    const failed = context.stopped() ?? unread(live.refusal, targetInArm(object));
    return { kind: 'stop', stepOutcome: mayHaveChanged ? goneFromBin(write, failed) : failed };
  }
  if (!isAsMeant) return { kind: 'stop', stepOutcome: action === 'purge' ? liveAgain : wording.notInBin };
  if (known !== undefined) return { kind: 'stop', stepOutcome: known, isKnown: true };
  if (mayHaveChanged)
    return { kind: 'stop', stepOutcome: action === 'purge' ? wording.purged(true) : recovered(object, true) };
  return { kind: 'stop', stepOutcome: action === 'purge' ? wording.notInBin : alreadyLive };
}

const doneWords = { recover: 'recovered', purge: 'purged' } as const;
const nounOf = { recover: 'recovery', purge: 'purge' } as const;

/** Reads the versions of the object until there is one: Azure takes a while to carry a recovery out. */
async function verifyRecovery(
  write: ObjectWrite,
  { isCut }: AcceptedWrite,
  context: WriteContext,
): Promise<Verification> {
  const reads = lastingReads(context);
  const live = isCut ? await readLive(write, reads) : await readUntilLive(write, reads);
  if (live.kind === 'found') return { stepOutcome: recovered(write.object, false) };
  if (live.kind === 'failed')
    return {
      stepOutcome: sentNotVerified('recovery', unread(live.refusal, targetInArm(write.object)).cause),
    };
  if (reads.stopPolling.aborted)
    return { stepOutcome: sentNotVerified('recovery', interruptedBeforeVerification), isOpen: true };
  const entry = await readEntry(write, reads);
  return {
    stepOutcome:
      entry.kind === 'found'
        ? wording.stillInBin('recovery')
        : sentNotVerified('recovery', 'The vault does not show it under its name.'),
  };
}

async function readUntilLive(write: ObjectWrite, reads: LastingReads): Promise<ObjectRead> {
  for (let look = 1; ; look += 1) {
    const live = await readLive(write, reads);
    if (live.kind !== 'notFound' || look === mostLooks || reads.stopPolling.aborted) return live;
    await reads.clock.sleep(Math.min(500 * 2 ** (look - 1), 10_000), reads.stopPolling);
  }
}

/** About two minutes. */
const mostLooks = 15;

/** Reads the entry until it is gone. Azure answers a purge when it is done. */
async function verifyPurge(
  write: ObjectWrite,
  { isCut }: AcceptedWrite,
  context: WriteContext,
): Promise<Verification> {
  const reads = lastingReads(context);
  const read = async () => readEntry(write, reads);
  const entry = isCut ? await read() : await readUntil(read, ({ kind }) => kind !== 'found', reads);
  if (entry.kind === 'failed')
    return { stepOutcome: sentNotVerified('purge', unread(entry.refusal, targetInArm(write.object)).cause) };
  if (entry.kind === 'found') return { stepOutcome: wording.stillInBin('purge') };
  return { stepOutcome: purged };
}

async function readEntry({ object, plane }: ObjectWrite, options: RetryOptions): Promise<ObjectRead> {
  return retryRead(async (signal) => plane.readDeleted(object, signal), targetInArm(object), options);
}

async function readLive({ object, plane }: ObjectWrite, options: RetryOptions): Promise<ObjectRead> {
  return retryRead(async (signal) => plane.readLive(object, signal), targetInArm(object), options);
}

/** An object as roles and logs see it. */
function targetInArm({ id, name, type }: DeletedObject) {
  return { id, name, type: typeInArm(type) };
}

function explain(refusal: Refusal, { action, object }: ObjectWrite): Explanation {
  const { status, code, innerCode = '' } = refusal;
  const under = /^ObjectIsBeing(Deleted|Recovered)$/i.exec(innerCode)?.[1]?.toLowerCase();
  if (under !== undefined)
    return {
      outcome: 'conflict',
      cause: `Nothing can be done with it while it is being ${under}: ${refusal.message}`,
      hint: 'Try again in a minute.',
      transient: true,
    };
  if (status === 404 && /^(secret|key|certificate)notfound$/i.test(code))
    return {
      outcome: 'notFound',
      cause: 'It is no longer among the deleted ones.',
      hint: '',
      transient: true,
    };
  return explainRefusal(refusal, targetInArm(object), nounOf[action]);
}

/** The outcome where it cannot be read whether what left the recycle bin was recovered or purged. */
function goneFromBin({ action }: ObjectWrite, { cause }: StepOutcome): StepOutcome {
  return sentNotVerified(nounOf[action], `It is no longer in the recycle bin of the vault. ${cause}`);
}

/** Every version comes back, and nothing else has to be put right. */
function recovered({ type }: DeletedObject, isLate: boolean): StepOutcome {
  const how = isLate
    ? 'A request that was never answered has taken effect: it is live again under its name.'
    : 'The vault lists it again under its name.';
  const with_ = type === 'certificate' ? 'Its key and its secret came back with it.' : '';
  return { outcome: 'verified', cause: how, hint: with_ };
}

const purged: StepOutcome = {
  outcome: 'verified',
  cause: 'It was looked up again: the recycle bin of the vault no longer holds it.',
  hint: '',
};

const alreadyLive: StepOutcome = {
  outcome: 'alreadyCompliant',
  cause: 'It is live already: someone recovered it.',
  hint: '',
};

const liveAgain: StepOutcome = {
  outcome: 'drifted',
  cause: 'It is no longer in the recycle bin of the vault: it is live again.',
  hint: 'See the logs of the vault for who recovered it. Nothing live is ever purged.',
};
