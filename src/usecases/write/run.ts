import type { Ending, StepResult } from '../../model/apply.ts';
import type { RetryOptions } from '../../model/retry.ts';
import { targetOf, type WriteSender } from '../../model/arm-ports.ts';
import { broken, interrupted, journalFailed } from './outcomes.ts';
import type { WriteContext, WriteProcedure } from './procedure.ts';
import type { StepOutcome } from './outcomes.ts';
import { resultOf, startOf } from './progress.ts';
import { runWrite } from './run-write.ts';
import { noHistory } from './step-history.ts';

/** Inputs and ports of a run. */
export interface RunRequest extends RetryOptions {
  readonly sender: WriteSender;
  /** Is called with bugs and failures of the disk once something was sent: from then on, the results matter more. */
  readonly onFailure?: (error: unknown) => void;
}

/** One run from beginning to end: what has been sent, and what has stopped it. */
export interface Run {
  readonly contextWith: (past: Pick<WriteContext, 'journal' | 'historyOf'>) => WriteContext;
  readonly ending: () => Ending;
  readonly onJournalFailure: (error: unknown) => StepOutcome;
  /** Carries out a write. One that runs into a bug of ours stops no other. */
  readonly carryOut: (write: WriteProcedure, context: WriteContext) => Promise<StepResult>;
  /** A failure before anything was sent is a refusal. */
  readonly rethrowUnlessSent: () => void;
}

/** A run that has sent nothing yet. */
export function newRun({ sender, clock, signal, requestTimeoutMs, onFailure }: RunRequest): Run {
  let failure: { readonly error: unknown; readonly stepOutcome: StepOutcome } | undefined;
  let bug: { readonly error: unknown } | undefined;
  let cut = false;
  const sentTo = new Set<string>();
  const onJournalFailure = (error: unknown): StepOutcome => {
    const stepOutcome = journalFailed(messageOf(error));
    failure ??= { error, stepOutcome };
    return stepOutcome;
  };
  return {
    contextWith: (past) => ({
      sender: {
        send: (action, until) => {
          sentTo.add(targetOf(action));
          return sender.send(action, until);
        },
      },
      clock,
      signal,
      requestTimeoutMs,
      ...past,
      stopped() {
        if (failure !== undefined) return failure.stepOutcome;
        cut ||= signal.aborted;
        return cut ? interrupted : undefined;
      },
      onJournalFailure,
    }),
    ending() {
      if (bug !== undefined) return 'broken';
      if (failure !== undefined) return 'journalFailed';
      return cut ? 'interrupted' : 'finished';
    },
    onJournalFailure,
    async carryOut(write, context) {
      try {
        return await runWrite(write, context);
      } catch (error) {
        bug ??= { error };
        const progress = startOf(write, noHistory);
        const sent = sentTo.has(write.vault.id);
        return resultOf(write, { ...progress, sent, stepOutcome: broken(messageOf(error)) });
      }
    },
    rethrowUnlessSent() {
      const broken = bug ?? failure;
      if (broken === undefined) return;
      if (sentTo.size === 0) throw broken.error;
      onFailure?.(broken.error);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
