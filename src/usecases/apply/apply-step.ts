import type { StepResult } from '../../model/apply.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { attempts, isUnsettled, pause, readPatiently, readSettled, requestDeadline } from '../read-vault.ts';
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
    if (stopped !== undefined) return resultOf(selected, { told: stopped, ...progress });
    const seen = await lookLong(selected, progress, context);
    if (seen.decision === undefined || seen.decision.kind === 'tell' || attempt > attempts)
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
async function lookLong(selected: SelectedStep, progress: Progress, context: StepContext): Promise<Seen> {
  let seen = await look(selected, progress, context);
  if (context.journal === undefined || !progress.history.mayHaveChanged) return seen;
  for (let again = 1; again < 4 && seen.decision?.kind === 'send'; again += 1) {
    await pause(undefined, again + 1, context);
    if (context.signal.aborted) break;
    seen = await look(selected, progress, context);
  }
  return seen;
}

/** Reads the vault and decides; without a decision where it could not be read. */
async function look(selected: SelectedStep, progress: Progress, context: StepContext): Promise<Seen> {
  const { vault } = selected.step;
  // A dry run tells how it is now; what sends must not send into a change that is under way.
  const read =
    context.journal === undefined
      ? await readPatiently(context.vaults, vault, context)
      : await readSettled(context.vaults, vault, { ...context, settledBy: context.signal });
  if (read.kind === 'notFound') return { progress: { ...progress, told: wording.gone } };
  if (read.kind === 'failed')
    return {
      progress: { ...progress, told: context.stopped() ?? explainRefusal(read.refusal, vault, 'read') },
    };
  if (context.journal !== undefined && isUnsettled(read.resource))
    return { progress: { ...progress, told: context.stopped() ?? wording.unsettled } };
  const decision = decide(selected, read.resource, progress.history);
  return { progress: { ...progress, verdicts: verdictsOn(selected, read.resource) }, decision };
}

/** Ends a step for which nothing more is sent. */
async function settle(
  selected: SelectedStep,
  { progress, decision }: Seen,
  context: StepContext,
): Promise<Progress> {
  const told = decision?.kind === 'tell' ? decision.told : (progress.told ?? wording.interrupted);
  const settled = { ...progress, told };
  // Out of attempts, or verified before: what is told stands in the journal already.
  if (decision?.kind === 'send' || decision?.isKnown === true) return settled;
  await record(selected, { progress: settled, sent: false, resource: decision?.resource }, context);
  return settled;
}
