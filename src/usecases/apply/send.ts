import type { RuleVerdict } from '../../model/apply.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { Refusal, VaultRead } from '../../model/vault-writer.ts';
import { explainRefusal } from '../../remediation/outcome.ts';
import { stateOf } from '../../remediation/state.ts';
import { pause, readSettled } from '../read-vault.ts';
import { isMended, verdictsOn } from './decision.ts';
import { type Progress, record, type StepContext } from './progress.ts';
import type { SelectedStep } from './selection.ts';
import * as wording from './wording.ts';

/** A body, and the vault that it was made for. */
export interface ToSend {
  readonly progress: Progress;
  readonly body: JsonObject;
  readonly resource: Resource;
}

/** What became of a request; `retry` is a refusal after which it is worth looking again. */
export interface Sent {
  readonly progress: Progress;
  readonly retry?: Refusal;
}

/** Sends one PATCH, with its intent on the disk before and its outcome after; then reads the vault again. */
export async function send(
  selected: SelectedStep,
  { progress, body, resource }: ToSend,
  context: StepContext,
): Promise<Sent> {
  const { step } = selected;
  const { journal, vaults } = context;
  if (journal === undefined) return { progress: { ...progress, body, told: wording.wouldSend() } };
  const stopped = context.stopped();
  if (stopped !== undefined) return { progress: { ...progress, told: progress.told ?? stopped } };
  const attempt = progress.history.attempts + 1;
  const before = stateOf(resource, step.changes);
  try {
    await journal.append({ kind: 'intent', step: step.id, vault: step.vault.id, attempt, before, body });
  } catch (error) {
    return { progress: { ...progress, told: context.onJournalFailure(error) } };
  }
  const answer = await vaults.patchVault(step.vault, body);
  const history = { ...progress.history, attempts: attempt };
  const sent = { ...progress, history, body, sent: true };
  if (answer.kind === 'accepted')
    return { progress: await verify(selected, { ...sent, requestId: answer.requestId }, context) };
  const { refusal } = answer;
  const { transient: passes, ...told } = explainRefusal(refusal, step.vault, 'write');
  const transient = passes && answer.kind === 'refused';
  const mayHaveChanged = history.mayHaveChanged || isUncertain(refusal);
  const refused: Progress = {
    ...sent,
    told,
    history: { ...history, mayHaveChanged },
    requestId: refusal.requestId,
  };
  await record(selected, { progress: refused, sent: true, resource: undefined }, context);
  return { progress: refused, ...(transient ? { retry: refusal } : {}) };
}

/** Reads the vault again, a few times if need be: Azure may take a moment. Goes on after an interruption. */
async function verify(selected: SelectedStep, progress: Progress, context: StepContext): Promise<Progress> {
  const patient = { ...context, signal: new AbortController().signal, settledBy: context.signal };
  let read = await readSettled(context.vaults, selected.step.vault, patient);
  for (let attempt = 1; attempt < 4 && !isMendedRead(selected, read); attempt += 1) {
    await pause(undefined, attempt, patient);
    read = await readSettled(context.vaults, selected.step.vault, patient);
  }
  const resource = read.kind === 'found' ? read.resource : undefined;
  const verdicts = resource === undefined ? [] : verdictsOn(selected, resource);
  const seen = { ...progress, verdicts, told: toldAfter(selected, read, verdicts) };
  await record(selected, { progress: seen, sent: true, resource }, context);
  return seen;
}

function isMendedRead(selected: SelectedStep, read: VaultRead): boolean {
  return read.kind === 'notFound' || (read.kind === 'found' && isMended(selected, read.resource));
}

function toldAfter(selected: SelectedStep, read: VaultRead, verdicts: readonly RuleVerdict[]): wording.Told {
  if (read.kind === 'notFound') return wording.gone;
  if (read.kind === 'failed')
    return wording.notSeenAgain(explainRefusal(read.refusal, selected.step.vault, 'read').cause);
  return isMended(selected, read.resource) ? wording.verified : wording.stillFailing(verdicts);
}

/** The write may have taken effect although it was not answered, or answered with a failure of Azure's. */
function isUncertain({ status }: Refusal): boolean {
  return status === 0 || status === 408 || status >= 500;
}
