import type { ApplyReport, Outcome, StepResult } from '../../model/apply.ts';
import type { Clock } from '../../model/clock.ts';
import type { Plan } from '../../model/plan.ts';
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
