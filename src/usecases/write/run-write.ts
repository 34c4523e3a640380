import type { StepResult } from '../../model/apply.ts';
import type { Refusal } from '../../model/refusal.ts';
import { bodyOf, type WriteAnswer } from '../../model/arm-ports.ts';
import { notFollowed, wouldSend } from './outcomes.ts';
import type { Decision, WriteContext, WriteProcedure } from './procedure.ts';
import { type WriteProgress, recordResult, resultOf, startOf } from './progress.ts';
import { attempts, pause, requestDeadline, withinTime } from './read-vault.ts';

/**
 * Carries out one write: reads its target, sends the request if the target is as expected, reads it again. Every request
 * has its intent on the disk before it is sent, and its outcome after. After a crash the state in Azure decides whether
 * anything is left to send. Never throws for what Azure or the disk say.
 */
export async function runWrite(write: WriteProcedure, context: WriteContext): Promise<StepResult> {
  let progress = startOf(write, context.historyOf(write.step));
  const until = requestDeadline(context);
  for (let attempt = 1; ; attempt += 1) {
    const stopped = context.stopped();
    if (stopped !== undefined) return resultOf(write, { stepOutcome: stopped, ...progress });
    const decision = await decideAfterUncertainWrite(write, progress, context);
    const seen = { ...progress, verdicts: decision.verdicts ?? progress.verdicts };
    if (decision.kind === 'stop')
      return resultOf(write, await stop(write, { progress: seen, decision }, context));
    if (attempt > attempts) return resultOf(write, seen);
    const sent = await send(
      write,
      { progress: seen, request: decision, retries: { attempt, until } },
      context,
    );
    ({ progress } = sent);
    if (sent.retry === undefined) return resultOf(write, progress);
    await pause(sent.retry, attempt, context);
  }
}

/** After a request whose answer is not known, Azure may take a moment to show it: the target is read a few times. */
async function decideAfterUncertainWrite(
  write: WriteProcedure,
  { history }: WriteProgress,
  context: WriteContext,
): Promise<Decision> {
  let decision = await write.decide(history, context);
  if (context.journal === undefined || !history.mayHaveChanged) return decision;
  for (let again = 1; again < 4 && decision.kind === 'send'; again += 1) {
    await pause(undefined, again + 1, context);
    if (context.signal.aborted) break;
    decision = await write.decide(history, context);
  }
  return decision;
}

type Stop = Extract<Decision, { kind: 'stop' }>;

/** Ends a write for which nothing more is sent. */
async function stop(
  write: WriteProcedure,
  { progress, decision }: { readonly progress: WriteProgress; readonly decision: Stop },
  context: WriteContext,
): Promise<WriteProgress> {
  const { stepOutcome, after, isKnown } = decision;
  const ended = { ...progress, stepOutcome };
  if (isKnown !== true) await recordResult(write, { progress: ended, sent: false, after }, context);
  return ended;
}

interface Attempt {
  readonly progress: WriteProgress;
  readonly request: Extract<Decision, { kind: 'send' }>;
  /** The number of the attempt, and when there is no time for another one, in milliseconds since 1970. */
  readonly retries: { readonly attempt: number; readonly until: number };
}

/** The progress after a request; `retry` is a refusal after which the target is worth reading again. */
interface Sent {
  readonly progress: WriteProgress;
  readonly retry?: Refusal;
}

/** Sends one request, with its intent on the disk before and its outcome after; then verifies it. */
async function send(write: WriteProcedure, attempt: Attempt, context: WriteContext): Promise<Sent> {
  const { progress, request } = attempt;
  const { action, before, preview } = request;
  const body = bodyOf(action);
  if (context.journal === undefined)
    return {
      progress: {
        ...progress,
        body,
        stepOutcome: wouldSend,
        ...(preview === undefined ? {} : { preview }),
      },
    };
  const stopped = context.stopped();
  if (stopped !== undefined)
    return { progress: { ...progress, stepOutcome: progress.stepOutcome ?? stopped } };
  const history = { ...progress.history, attempts: progress.history.attempts + 1 };
  try {
    await context.journal.append({
      kind: 'intent',
      action: action.kind,
      step: write.step,
      vault: write.vault.id,
      attempt: history.attempts,
      before,
      body,
    });
  } catch (error) {
    return { progress: { ...progress, stepOutcome: context.onJournalFailure(error) } };
  }
  const withdrawal = await write.recheck(request, context);
  if (withdrawal !== undefined) {
    const { stepOutcome, after } = withdrawal;
    const withdrawn = { ...progress, stepOutcome, history };
    await recordResult(write, { progress: withdrawn, sent: false, withdrawn: true, after }, context);
    return { progress: withdrawn };
  }
  const answer = await context.sender.send(action, context.signal);
  const sent = { ...attempt, progress: { ...progress, history, body, sent: true } };
  return answer.kind === 'accepted'
    ? accepted(write, { ...sent, answer }, context)
    : refused(write, { ...sent, answer }, context);
}

type Answered<Kind extends WriteAnswer['kind']> = Attempt & {
  readonly answer: Extract<WriteAnswer, { readonly kind: Kind }>;
};

async function accepted(
  write: WriteProcedure,
  { progress, request, answer }: Answered<'accepted'>,
  context: WriteContext,
): Promise<Sent> {
  const { before } = request;
  const inFlight = { before, body: progress.body };
  const history = { ...progress.history, mayHaveChanged: true, inFlight };
  const { followed, denied, requestId } = answer;
  const isCut = !followed && context.signal.aborted;
  const verification = await write.verify({ ...request, followed, isCut }, context);
  // What is left open is an interruption, even where this was the last write.
  if (verification.isOpen === true) context.stopped();
  const { verdicts = [], after } = verification;
  const stepOutcome = notFollowed(verification.stepOutcome, denied);
  const verified = { ...progress, history, requestId, verdicts, stepOutcome };
  await recordResult(write, { progress: verified, sent: true, after }, context);
  return { progress: verified };
}

async function refused(
  write: WriteProcedure,
  { progress, request, retries, answer }: Answered<'refused' | 'failedLater'>,
  context: WriteContext,
): Promise<Sent> {
  const refusal = withinTime(answer.refusal, retries, context);
  const { transient: passes, ...stepOutcome } = write.explain(refusal);
  const inFlight = isUncertain(refusal) ? { inFlight: { before: request.before, body: progress.body } } : {};
  const mayHaveChanged = progress.history.mayHaveChanged || isUncertain(refusal);
  const ended = {
    ...progress,
    stepOutcome,
    history: { ...progress.history, mayHaveChanged, ...inFlight },
    requestId: refusal.requestId,
  };
  await recordResult(write, { progress: ended, sent: true }, context);
  return { progress: ended, ...(passes && answer.kind === 'refused' ? { retry: refusal } : {}) };
}

/** The write may have taken effect although it was not answered, or answered with a failure of Azure's. */
function isUncertain({ status }: Refusal): boolean {
  return status === 0 || status === 408 || status >= 500;
}
