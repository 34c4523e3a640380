import type { Ending } from '../../model/apply.ts';
import type { RetryOptions } from '../read-vault.ts';
import type { VaultWriter } from '../../model/vault-writer.ts';
import type { StepContext } from './progress.ts';
import type { SelectedStep } from './selection.ts';
import * as wording from './wording.ts';

/** Inputs and ports of a run. */
export interface RunRequest extends RetryOptions {
  readonly vaults: VaultWriter;
  /** Is called with bugs and failures of the disk once something was sent: from then on, the results matter more. */
  readonly onFailure?: (error: unknown) => void;
}

/** One run from beginning to end: what has been sent, and what has stopped it. */
export interface Run {
  readonly contextWith: (past: Pick<StepContext, 'journal' | 'historyOf'>) => StepContext;
  readonly ending: () => Ending;
  readonly onJournalFailure: (error: unknown) => wording.StepOutcome;
  readonly onBug: (error: unknown) => wording.StepOutcome;
  readonly wasSentTo: (step: SelectedStep) => boolean;
  /** A failure before anything was sent is a refusal. */
  readonly rethrowUnlessSent: () => void;
}

/** A run that has sent nothing yet. */
export function newRun({ vaults, clock, signal, requestTimeoutMs, onFailure }: RunRequest): Run {
  let failure: { readonly error: unknown; readonly stepOutcome: wording.StepOutcome } | undefined;
  let bug: { readonly error: unknown } | undefined;
  let cut = false;
  const sentTo = new Set<string>();
  const onJournalFailure = (error: unknown): wording.StepOutcome => {
    const stepOutcome = wording.journalFailed(messageOf(error));
    failure ??= { error, stepOutcome };
    return stepOutcome;
  };
  return {
    contextWith: (past) => ({
      vaults: {
        readVault: (vault, until) => vaults.readVault(vault, until),
        patchVault: (vault, body, until) => {
          sentTo.add(vault.id);
          return vaults.patchVault(vault, body, until);
        },
      },
      clock,
      signal,
      requestTimeoutMs,
      ...past,
      stopped() {
        if (failure !== undefined) return failure.stepOutcome;
        cut ||= signal.aborted;
        return cut ? wording.interrupted : undefined;
      },
      onJournalFailure,
    }),
    ending() {
      if (bug !== undefined) return 'broken';
      if (failure !== undefined) return 'journalFailed';
      return cut ? 'interrupted' : 'finished';
    },
    onJournalFailure,
    onBug(error) {
      bug ??= { error };
      return wording.broken(messageOf(error));
    },
    wasSentTo: ({ step }) => sentTo.has(step.vault.id),
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
