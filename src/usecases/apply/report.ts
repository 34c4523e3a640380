import type { ApplyReport, StepResult } from '../../model/apply.ts';
import type { Clock } from '../../model/clock.ts';
import type { Plan } from '../../model/plan.ts';
import { countOutcomes } from '../write/progress.ts';
import type { SelectedStep } from './selection.ts';
import type { StepOutcome } from '../write/outcomes.ts';

/** The parts of a report about the run as a whole. */
export interface Reported {
  readonly tool: Plan['tool'];
  readonly plan: Plan;
  readonly dryRun: boolean;
  readonly clock: Clock;
}

/** The report of a run, with the outcomes counted. */
export function reportOf(
  { tool, plan, dryRun, clock }: Reported,
  startedAt: Date,
  { results, ending }: Pick<ApplyReport, 'results' | 'ending'>,
): ApplyReport {
  return {
    schemaVersion: '1.0',
    tool,
    planHash: plan.hash,
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    dryRun,
    ending,
    results,
    summary: countOutcomes(results),
  };
}

/** The result of a step for which nothing was done. */
export function notProcessed({ step }: SelectedStep, stepOutcome: StepOutcome): StepResult {
  const { id, name, type } = step.vault;
  return {
    step: step.id,
    vault: { id, name, type },
    ...stepOutcome,
    sent: false,
    changes: step.changes,
    requestId: '',
    rules: [],
  };
}
