import type { RuleVerdict, StepResult } from '../../model/apply.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { VaultWriter } from '../../model/vault-writer.ts';
import { stateOf } from '../../remediation/state.ts';
import type { Journal } from '../journal.ts';
import type { RetryOptions } from '../read-vault.ts';
import type { StepHistory } from './step-history.ts';
import type { SelectedStep } from './selection.ts';
import * as wording from './wording.ts';

/** Inputs and ports of applying a step. */
export interface StepContext extends RetryOptions {
  readonly vaults: VaultWriter;
  /** Absent in a dry run, which sends nothing. */
  readonly journal?: Journal;
  readonly historyOf: Journal['historyOf'];
  /** The outcome of steps once the run can no longer send anything; `undefined` while it can. */
  readonly stopped: () => wording.StepOutcome | undefined;
  /** Says that an entry could not be written. Nothing is sent after that. */
  readonly onJournalFailure: (error: unknown) => wording.StepOutcome;
}

/** The progress of a step. */
export interface Progress {
  readonly history: StepHistory;
  readonly sent: boolean;
  readonly requestId: string;
  readonly body: JsonObject;
  readonly verdicts: readonly RuleVerdict[];
  readonly stepOutcome?: wording.StepOutcome;
}

/** Before anything was read or sent. */
export function startOf({ step }: SelectedStep, history: StepHistory): Progress {
  return { history, sent: false, requestId: '', body: step.changes, verdicts: [] };
}

/** The parts of a step's result to record. */
export interface ResultRecord {
  readonly progress: Progress;
  readonly sent: boolean;
  readonly resource: Resource | undefined;
  /** The request whose intent was written down was not sent after all. */
  readonly withdrawn?: true;
}

/** Appends what became of a step to the journal; a journal that gives way stops the run, not this step. */
export async function record(
  { step }: SelectedStep,
  { progress, sent, resource, withdrawn }: ResultRecord,
  { journal, onJournalFailure }: StepContext,
): Promise<void> {
  const { stepOutcome = wording.interrupted, history, requestId, verdicts } = progress;
  if (stepOutcome.outcome === 'skipped') return;
  try {
    await journal?.append({
      kind: 'result',
      step: step.id,
      vault: step.vault.id,
      attempt: history.attempts,
      sent,
      outcome: stepOutcome.outcome,
      cause: stepOutcome.cause,
      requestId,
      ...(sent || withdrawn === true
        ? { uncertain: history.mayHaveChanged && stepOutcome.outcome !== 'verified' }
        : {}),
      rules: verdicts,
      ...(resource === undefined ? {} : { after: stateOf(resource, step.changes) }),
    });
  } catch (error) {
    onJournalFailure(error);
  }
}

/** The final result of a step. */
export function resultOf({ step }: SelectedStep, progress: Progress): StepResult {
  const { stepOutcome = wording.interrupted, sent, body, requestId, verdicts } = progress;
  const { id, name, type } = step.vault;
  return {
    step: step.id,
    vault: { id, name, type },
    outcome: stepOutcome.outcome,
    cause: stepOutcome.cause,
    hint: stepOutcome.hint,
    sent,
    changes: body,
    requestId,
    rules: verdicts,
  };
}
