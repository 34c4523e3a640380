import pMap from 'p-map';
import type { ApplyReport, Outcome, StepResult } from '../model/apply.ts';
import { UsageError } from '../model/errors.ts';
import type { Identity } from '../model/identity.ts';
import type { JournalStore } from '../model/journal.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanLock } from '../model/plan-lock.ts';
import type { VaultReader } from '../model/arm-ports.ts';
import { patchWrite } from './apply/patch-write.ts';
import { rulesVerifiedAt } from './apply/patch-decision.ts';
import {
  checkLimits,
  checkPlan,
  type Limits,
  type SelectedStep,
  type Selection,
  selectSteps,
} from './apply/selection.ts';
import { notSelected } from './apply/wording.ts';
import type { WriteContext } from './write/procedure.ts';
import { newRun, type Run, type RunRequest } from './write/run.ts';
import { type Journal, openJournal, readHistory, runEntry } from './write/journal.ts';
import { noHistory } from './write/step-history.ts';
import { countOutcomes } from './write/progress.ts';
import type { StepOutcome } from './write/outcomes.ts';
import { exitCodes } from './exit-code.ts';

/** Inputs and ports of applying a plan. */
export interface ApplyRequest extends RunRequest {
  readonly tool: Plan['tool'];
  /** As `parsePlan` returned it: whole and not edited. */
  readonly plan: Plan;
  readonly selection: Selection;
  readonly limits: Limits;
  readonly dryRun: boolean;
  readonly vaults: VaultReader;
  readonly lock: PlanLock;
  readonly journal: JournalStore;
  readonly identity: Identity;
  /** Asks a person once everything else is in order; without it, the user has agreed already. */
  readonly confirm?: (steps: readonly SelectedStep[]) => Promise<boolean>;
}

/** Vaults that are changed at a time, each by one request at a time. */
const concurrency = 4;

/**
 * Applies a plan. Throws UsageError, with nothing sent, when the plan, what is allowed or the journal is not in order,
 * or when the person says no. The outcomes of single steps are in the report; one that fails stops no other.
 */
export async function apply(request: ApplyRequest): Promise<ApplyReport> {
  const startedAt = request.clock.now();
  const { plan, dryRun } = request;
  checkPlan(plan, request.identity, startedAt);
  const steps = selectSteps(plan, request.selection);
  const selected = steps.filter((step) => step.selected);
  const run = newRun(request);
  if (dryRun || selected.length === 0) {
    const historyOf = dryRun ? await readHistory(request.journal, plan.hash) : () => noHistory;
    const results = await applyAll(request, { steps, run, context: run.contextWith({ historyOf }) });
    run.rethrowUnlessSent();
    return reportOf(request, startedAt, { results, ending: run.ending() });
  }
  const release = await request.lock.acquire();
  try {
    const results = await applyWithJournal(request, { steps, selected, run });
    run.rethrowUnlessSent();
    return reportOf(request, startedAt, { results, ending: run.ending() });
  } finally {
    await release();
  }
}

async function applyWithJournal(
  request: ApplyRequest,
  { steps, selected, run }: Record<'steps' | 'selected', readonly SelectedStep[]> & { readonly run: Run },
): Promise<readonly StepResult[]> {
  const journal = await openJournal({
    ...request,
    store: request.journal,
    planHash: request.plan.hash,
  });
  try {
    await prepare(request, selected, journal);
    const context = run.contextWith({ journal, historyOf: journal.historyOf });
    return await applyAll(request, { steps, run, context });
  } finally {
    await journal.close().catch(run.onJournalFailure);
  }
}

/** 0 all verified or already compliant, 1 some not, 3 the run did not get to its end. */
export function applyExitCode({ ending, results }: ApplyReport): number {
  if (ending !== 'finished') return exitCodes.incomplete;
  return results.every(({ outcome }) => fineOutcomes.has(outcome)) ? exitCodes.clean : exitCodes.findings;
}

/** In a run that got to its end, only what was not selected, or would be sent, is skipped. */
const fineOutcomes: ReadonlySet<Outcome> = new Set(['verified', 'alreadyCompliant', 'skipped']);

async function prepare(
  { plan, limits, tool, confirm }: ApplyRequest,
  selected: readonly SelectedStep[],
  journal: Journal,
): Promise<void> {
  const pending = selected.filter(
    (one) => rulesVerifiedAt(one, journal.historyOf(one.step.id)) === undefined,
  );
  checkLimits(pending, limits);
  if (pending.length > 0 && confirm !== undefined && !(await confirm(pending)))
    throw new UsageError(
      'Nothing was sent: it was not confirmed.',
      'Add --yes to apply without confirmation.',
    );
  await journal.append(runEntry({ tool, tenantId: plan.tenantId, planHash: plan.hash }));
}

async function applyAll(
  { vaults }: ApplyRequest,
  {
    steps,
    run,
    context,
  }: { readonly steps: readonly SelectedStep[]; readonly run: Run; readonly context: WriteContext },
): Promise<readonly StepResult[]> {
  return pMap(
    steps,
    async (step) =>
      step.selected ? run.carryOut(patchWrite(step, vaults), context) : notProcessed(step, notSelected),
    { concurrency },
  );
}

/** The report of a run, with the outcomes counted. */
function reportOf(
  { tool, plan, dryRun, clock }: ApplyRequest,
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
function notProcessed({ step }: SelectedStep, stepOutcome: StepOutcome): StepResult {
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
