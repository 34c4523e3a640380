import type { Outcome } from '../../model/apply.ts';
import type { Refusal } from '../../model/refusal.ts';

/** An outcome in words: why, and what to do. */
export interface StepOutcome {
  readonly outcome: Outcome;
  readonly cause: string;
  readonly hint: string;
}

export const interrupted: StepOutcome = {
  outcome: 'skipped',
  cause: 'The run was interrupted before anything was sent for this step.',
  hint: 'Run the same command with the same journal to continue.',
};

/** The outcome in a dry run. */
export const wouldSend: StepOutcome = {
  outcome: 'skipped',
  cause: 'Nothing was sent: a run that is not a dry run would send the change.',
  hint: '',
};

/** The outcome of steps after the journal could not be written. */
export function journalFailed(message: string): StepOutcome {
  return {
    outcome: 'skipped',
    cause: `Nothing was sent for this step, because the journal could not be written: ${message}`,
    hint: 'Make room for the journal, then run the same command with the same journal to continue.',
  };
}

/** A bug of ours. */
export function broken(message: string): StepOutcome {
  return {
    outcome: 'failed',
    cause: `purgeproof failed on this step: ${message}`,
    hint: 'This is a bug; please report it. Run the same command with the same journal to continue.',
  };
}

/** Azure accepted the request, and its effect could not be read. */
export function sentNotVerified(what: string, cause: string): StepOutcome {
  return {
    outcome: 'sentNotVerified',
    cause: `Azure accepted the ${what}, but it could not be verified. ${cause}`,
    hint: 'Run the same command with the same journal again: Azure is read first, and nothing is sent twice.',
  };
}

/** The reason why an accepted request could not be verified. */
export const interruptedBeforeVerification = 'The run was interrupted before Azure had carried it out.';

/** The outcome of a request that Azure did not let us follow to its end: what was read afterwards has told it. */
export function notFollowed(stepOutcome: StepOutcome, denied: Refusal | undefined): StepOutcome {
  if (denied === undefined) return stepOutcome;
  const { cause } = stepOutcome;
  return {
    ...stepOutcome,
    cause: `${cause} The operation could not be followed to its end: ${denied.message}`,
  };
}
