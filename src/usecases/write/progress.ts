import type { Outcome, RuleVerdict, StepPreview, StepResult } from '../../model/apply.ts';
import type { JsonObject } from '../../model/json.ts';
import type { VaultState } from '../../model/vault-state.ts';
import { interrupted } from './outcomes.ts';
import type { WriteContext, WriteProcedure } from './procedure.ts';
import type { StepOutcome } from './outcomes.ts';
import type { StepHistory } from './step-history.ts';

/** The progress of a write. */
export interface WriteProgress {
  readonly history: StepHistory;
  readonly sent: boolean;
  readonly requestId: string;
  readonly body: JsonObject;
  readonly verdicts: readonly RuleVerdict[];
  readonly stepOutcome?: StepOutcome;
  readonly preview?: StepPreview;
}

/** Before anything was read or sent. */
export function startOf({ body }: WriteProcedure, history: StepHistory): WriteProgress {
  return { history, sent: false, requestId: '', body, verdicts: [] };
}

/** The parts of a result to record. */
interface ResultRecord {
  readonly progress: WriteProgress;
  readonly sent: boolean;
  readonly after?: VaultState | undefined;
  /** The request whose intent was written down was not sent after all. */
  readonly withdrawn?: true;
}

/** Appends an outcome to the journal; a journal that cannot be written stops the run, not this write. */
export async function recordResult(
  { kind: action, step, vault }: WriteProcedure,
  { progress, sent, after, withdrawn }: ResultRecord,
  { journal, onJournalFailure }: WriteContext,
): Promise<void> {
  const { stepOutcome = interrupted, history, requestId, verdicts } = progress;
  if (stepOutcome.outcome === 'skipped') return;
  try {
    await journal?.append({
      kind: 'result',
      action,
      step,
      vault: vault.id,
      attempt: history.attempts,
      sent,
      outcome: stepOutcome.outcome,
      cause: stepOutcome.cause,
      requestId,
      ...(sent || withdrawn === true
        ? { uncertain: history.mayHaveChanged && stepOutcome.outcome !== 'verified' }
        : {}),
      rules: verdicts,
      ...(after === undefined ? {} : { after }),
    });
  } catch (error) {
    onJournalFailure(error);
  }
}

/** The final result of a write. */
export function resultOf({ step, vault }: WriteProcedure, progress: WriteProgress): StepResult {
  const { stepOutcome = interrupted, sent, body, requestId, verdicts, preview } = progress;
  const { id, name, type } = vault;
  return {
    step,
    vault: { id, name, type },
    outcome: stepOutcome.outcome,
    cause: stepOutcome.cause,
    hint: stepOutcome.hint,
    sent,
    changes: body,
    requestId,
    rules: verdicts,
    ...(preview === undefined ? {} : { preview }),
  };
}

/** The number of results with each outcome. */
export function countOutcomes(results: readonly StepResult[]): Readonly<Record<Outcome, number>> {
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  return {
    verified: count('verified'),
    sentNotVerified: count('sentNotVerified'),
    stillFailing: count('stillFailing'),
    drifted: count('drifted'),
    alreadyCompliant: count('alreadyCompliant'),
    lockedByScope: count('lockedByScope'),
    deniedByPolicy: count('deniedByPolicy'),
    unauthorized: count('unauthorized'),
    notFound: count('notFound'),
    conflict: count('conflict'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
}
