import type { RuleVerdict } from '../../model/apply.ts';
import type { JsonObject } from '../../model/json.ts';
import type { VaultState } from '../../model/plan.ts';
import type { Resource } from '../../model/resource.ts';
import type { Refusal } from '../../model/refusal.ts';
import type { VaultRead } from '../../model/vault-writer.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { sameState, stateOf } from '../../remediation/state.ts';
import { wholeValues } from '../../remediation/whole-values.ts';
import { isUpdating, pause, readWithRetry, readWhenStable, withinTime } from '../read-vault.ts';
import { passesAllRules, verdictsOn } from './decision.ts';
import { type Progress, record, type StepContext } from './progress.ts';
import type { SelectedStep } from './selection.ts';
import * as wording from './wording.ts';

/** A body, and the vault that it was made for. */
export interface PatchAttempt {
  readonly progress: Progress;
  readonly body: JsonObject;
  readonly resource: Resource;
  /** The number of the attempt, and when there is no time for another one, in milliseconds since 1970. */
  readonly retries: { readonly attempt: number; readonly until: number };
}

/** The progress after a request; `retry` is a refusal after which the vault is worth reading again. */
export interface Sent {
  readonly progress: Progress;
  readonly retry?: Refusal;
}

/** Sends one PATCH, with its intent on the disk before and its outcome after; then reads the vault again. */
export async function send(
  selected: SelectedStep,
  { progress, body, resource, retries }: PatchAttempt,
  context: StepContext,
): Promise<Sent> {
  const { step } = selected;
  const { journal, vaults } = context;
  if (journal === undefined) return { progress: { ...progress, body, stepOutcome: wording.wouldSend() } };
  const stopped = context.stopped();
  if (stopped !== undefined)
    return { progress: { ...progress, stepOutcome: progress.stepOutcome ?? stopped } };
  const attempt = progress.history.attempts + 1;
  const before = stateOf(resource, step.changes);
  try {
    await journal.append({ kind: 'intent', step: step.id, vault: step.vault.id, attempt, before, body });
  } catch (error) {
    return { progress: { ...progress, stepOutcome: context.onJournalFailure(error) } };
  }
  const history = { ...progress.history, attempts: attempt };
  const changed = await changedMeanwhile(selected, { before, body }, context);
  if (changed !== undefined) {
    const withdrawn = { ...progress, stepOutcome: changed.stepOutcome, history };
    await record(selected, { progress: withdrawn, sent: false, withdrawn: true, ...changed }, context);
    return { progress: withdrawn };
  }
  const answer = await vaults.patchVault(step.vault, body, context.signal);
  const sent = { ...progress, history, body, sent: true };
  if (answer.kind === 'accepted') {
    const accepted = {
      ...sent,
      history: { ...history, mayHaveChanged: true, inFlight: { before, body } },
      requestId: answer.requestId,
    };
    const isCut = !answer.followed && context.signal.aborted;
    return { progress: await (isCut ? verifyOnce : verify)(selected, accepted, context) };
  }
  const refusal = withinTime(answer.refusal, retries, context);
  const { transient: passes, ...stepOutcome } = explainRefusal(refusal, step.vault, 'write');
  const transient = passes && answer.kind === 'refused';
  const mayHaveChanged = history.mayHaveChanged || isUncertain(refusal);
  const refused: Progress = {
    ...sent,
    stepOutcome,
    history: { ...history, mayHaveChanged, ...(isUncertain(refusal) ? { inFlight: { before, body } } : {}) },
    requestId: refusal.requestId,
  };
  await record(selected, { progress: refused, sent: true, resource: undefined }, context);
  return { progress: refused, ...(transient ? { retry: refusal } : {}) };
}

/**
 * Reads a vault right before a write that replaces a whole object, since ARM has no conditional write: what would make
 * the write take somebody else's change away. The moment that the write itself takes remains.
 */
async function changedMeanwhile(
  { step: { vault, changes } }: SelectedStep,
  { before, body }: { readonly before: VaultState; readonly body: JsonObject },
  context: StepContext,
): Promise<
  { readonly stepOutcome: wording.StepOutcome; readonly resource: Resource | undefined } | undefined
> {
  if (wholeValues(body).length === 0) return undefined;
  const read = await readWithRetry(context.vaults, vault, context);
  if (read.kind === 'notFound') return { stepOutcome: wording.notFound, resource: undefined };
  if (read.kind === 'failed') {
    const { transient: _, ...stepOutcome } = explainRefusal(read.refusal, vault, 'read');
    return { stepOutcome: context.stopped() ?? stepOutcome, resource: undefined };
  }
  const now = stateOf(read.resource, changes);
  if (sameState(before, now)) return undefined;
  return { stepOutcome: wording.changedMeanwhile(before, now), resource: read.resource };
}

/** Reads the vault again, a few times if need be: Azure may take a moment. Goes on after an interruption. */
async function verify(selected: SelectedStep, progress: Progress, context: StepContext): Promise<Progress> {
  const untilStable = { ...context, signal: new AbortController().signal, stopPolling: context.signal };
  let read = await readWhenStable(context.vaults, selected.step.vault, untilStable);
  for (
    let attempt = 1;
    attempt < 4 && !isFixed(selected, read) && !isStillUpdating(read, context);
    attempt += 1
  ) {
    await pause(undefined, attempt + 1, untilStable);
    read = await readWhenStable(context.vaults, selected.step.vault, untilStable);
  }
  return conclude(selected, { progress, read }, context);
}

/** Reads the vault once: nobody waits any more for what Azure has accepted. */
async function verifyOnce(
  selected: SelectedStep,
  progress: Progress,
  context: StepContext,
): Promise<Progress> {
  const { signal } = new AbortController();
  const read = await context.vaults.readVault(selected.step.vault, signal);
  return conclude(selected, { progress, read, isCut: true }, context);
}

interface Reading {
  readonly progress: Progress;
  readonly read: VaultRead;
  readonly isCut?: true;
}

/** Puts down what was seen after a request. */
async function conclude(
  selected: SelectedStep,
  { progress, read, isCut }: Reading,
  context: StepContext,
): Promise<Progress> {
  const resource = read.kind === 'found' ? read.resource : undefined;
  const verdicts = resource === undefined ? [] : verdictsOn(selected, resource);
  const isOpen = !isFixed(selected, read) && (isCut === true || isStillUpdating(read, context));
  // What is left open is an interruption, even where this was the last step.
  if (isOpen) context.stopped();
  const stepOutcome = isOpen
    ? wording.notSeenAgain(interruptedBeforeVerification)
    : outcomeAfter(selected, read, verdicts);
  const seen = { ...progress, verdicts, stepOutcome };
  await record(selected, { progress: seen, sent: true, resource }, context);
  return seen;
}

const interruptedBeforeVerification = 'The run was interrupted before Azure had carried it out.';

/** Azure goes on changing the vault, and nobody waits for that any more. */
function isStillUpdating(read: VaultRead, { signal }: StepContext): boolean {
  return signal.aborted && read.kind === 'found' && isUpdating(read.resource);
}

function isFixed(selected: SelectedStep, read: VaultRead): boolean {
  return read.kind === 'notFound' || (read.kind === 'found' && passesAllRules(selected, read.resource));
}

function outcomeAfter(
  selected: SelectedStep,
  read: VaultRead,
  verdicts: readonly RuleVerdict[],
): wording.StepOutcome {
  if (read.kind === 'notFound') return wording.notFound;
  if (read.kind === 'failed')
    return wording.notSeenAgain(explainRefusal(read.refusal, selected.step.vault, 'read').cause);
  if (passesAllRules(selected, read.resource)) return wording.verified;
  return isUpdating(read.resource)
    ? wording.notSeenAgain('Azure is still carrying it out.')
    : wording.stillFailing(verdicts);
}

/** The write may have taken effect although it was not answered, or answered with a failure of Azure's. */
function isUncertain({ status }: Refusal): boolean {
  return status === 0 || status === 408 || status >= 500;
}
