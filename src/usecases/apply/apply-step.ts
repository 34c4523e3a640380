import type { StepResult } from '../../model/apply.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import {
  attempts,
  isUpdating,
  pause,
  readWithRetry,
  readWhenStable,
  requestDeadline,
} from '../read-vault.ts';
import { type Decision, decide, verdictsOn } from './decision.ts';
import { type Progress, record, resultOf, startOf, type StepContext } from './progress.ts';
import type { SelectedStep } from './selection.ts';
import { send } from './send.ts';
import * as wording from './wording.ts';

/**
 * Applies one step: reads the vault, sends one PATCH if it is as the plan saw it, reads it again and judges it by the
 * same rules. Every request has its intent on the disk before it is sent. Never throws for what Azure or the disk say.
 */
export async function applyStep(selected: SelectedStep, context: StepContext): Promise<StepResult> {
  const history = context.historyOf(selected.step.id);
  let progress = startOf(selected, history);
  const until = requestDeadline(context);
  for (let attempt = 1; ; attempt += 1) {
    const stopped = context.stopped();
    if (stopped !== undefined) return resultOf(selected, { stepOutcome: stopped, ...progress });
    const seen = await readAfterUncertainWrite(selected, progress, context);
    if (seen.decision === undefined || seen.decision.kind === 'stop' || attempt > attempts)
      return resultOf(selected, await settle(selected, seen, context));
    const sent = await send(
      selected,
      { ...seen.decision, progress: seen.progress, retries: { attempt, until } },
      context,
    );
    ({ progress } = sent);
    if (sent.retry === undefined) return resultOf(selected, progress);
    await pause(sent.retry, attempt, context);
  }
}

interface Seen {
  readonly progress: Progress;
  readonly decision?: Decision;
}

/** After a request whose answer is not known, Azure may take a moment to show it: nothing is sent at the first look. */
async function readAfterUncertainWrite(
  selected: SelectedStep,
  progress: Progress,
  context: StepContext,
): Promise<Seen> {
  let seen = await readOnce(selected, progress, context);
  if (context.journal === undefined || !progress.history.mayHaveChanged) return seen;
  for (let again = 1; again < 4 && seen.decision?.kind === 'send'; again += 1) {
    await pause(undefined, again + 1, context);
    if (context.signal.aborted) break;
    seen = await readOnce(selected, progress, context);
  }
  return seen;
}

/** Reads the vault and decides; without a decision where it could not be read. */
async function readOnce(selected: SelectedStep, progress: Progress, context: StepContext): Promise<Seen> {
  const { vault } = selected.step;
  // A dry run tells how it is now; what sends must not send into a change that is under way.
  const read =
    context.journal === undefined
      ? await readWithRetry(context.vaults, vault, context)
      : await readWhenStable(context.vaults, vault, { ...context, stopPolling: context.signal });
  if (read.kind === 'notFound') return { progress: { ...progress, stepOutcome: wording.notFound } };
  if (read.kind === 'failed')
    return {
      progress: {
        ...progress,
        stepOutcome: context.stopped() ?? explainRefusal(read.refusal, vault, 'read'),
      },
    };
  if (context.journal !== undefined && isUpdating(read.resource))
    return { progress: { ...progress, stepOutcome: context.stopped() ?? wording.stillUpdating } };
  const decision = decide(selected, read.resource, progress.history);
  return { progress: { ...progress, verdicts: verdictsOn(selected, read.resource) }, decision };
}

/** Ends a step for which nothing more is sent. */
async function settle(
  selected: SelectedStep,
  { progress, decision }: Seen,
  context: StepContext,
): Promise<Progress> {
  const stepOutcome =
    decision?.kind === 'stop' ? decision.stepOutcome : (progress.stepOutcome ?? wording.interrupted);
  const settled = { ...progress, stepOutcome };
  // Out of attempts, or verified before: the outcome is in the journal already.
  if (decision?.kind === 'send' || decision?.isKnown === true) return settled;
  await record(selected, { progress: settled, sent: false, resource: decision?.resource }, context);
  return settled;
}
