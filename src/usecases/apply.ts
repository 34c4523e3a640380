import pMap from 'p-map';
import { type ApplyReport, type Ending, type Outcome, type StepResult } from '../model/apply.ts';
import { UsageError } from '../model/errors.ts';
import type { JournalStore } from '../model/journal.ts';
import type { Plan } from '../model/plan.ts';
import type { Clock, Identity, VaultWriter } from '../model/vault-writer.ts';
import { applyStep } from './apply/apply-step.ts';
import { verifiedAt } from './apply/decision.ts';
import type { StepContext } from './apply/progress.ts';
import { checkLimits, checkPlan, type Limits } from './apply/refusals.ts';
import { type SelectedStep, type Selection, selectSteps } from './apply/selection.ts';
import * as wording from './apply/wording.ts';
import { exitCodes } from './exit-code.ts';
import { type Journal, noHistory, openJournal, readHistory, runEntry } from './journal.ts';

/** Everything that applying needs; it touches nothing else. */
export interface ApplyRequest {
  readonly tool: Plan['tool'];
  /** As `parsePlan` returned it: whole and not edited. */
  readonly plan: Plan;
  readonly selection: Selection;
  readonly limits: Limits;
  readonly dryRun: boolean;
  readonly vaults: VaultWriter;
  readonly journal: JournalStore;
  readonly identity: Identity;
  readonly clock: Clock;
  /** Asks a person once everything else is in order; without it, the caller has been told yes. */
  readonly confirm?: (steps: readonly SelectedStep[]) => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Is told of bugs and of a failing disk once something was sent: from then on, the results count for more. */
  readonly onFailure?: (error: unknown) => void;
}

/** So many vaults are changed at a time, each by one request at a time. */
const concurrency = 4;

/**
 * Applies a plan. Throws UsageError, with nothing sent, when the plan, what is allowed or the journal is not in order,
 * or when the person says no. What becomes of single steps is in the report; one that fails stops no other.
 */
export async function apply(request: ApplyRequest): Promise<ApplyReport> {
  const startedAt = request.clock.now();
  const { plan, dryRun } = request;
  checkPlan(plan, request.identity, startedAt);
  const steps = selectSteps(plan, request.selection);
  const selected = steps.filter((step) => step.selected);
  const run = newRun(request);
  if (dryRun || selected.length === 0) {
    const historyOf = dryRun ? await readHistory(request.journal, plan) : () => noHistory;
    const results = await applyAll(steps, run.contextWith({ historyOf }), run);
    run.rethrowUnlessSent();
    return reportOf(request, startedAt, { results, ending: run.ending() });
  }
  const journal = await openJournal({ ...request, store: request.journal });
  let results: readonly StepResult[] = [];
  try {
    await prepare(request, selected, journal);
    results = await applyAll(steps, run.contextWith({ journal, historyOf: journal.historyOf }), run);
  } finally {
    await journal.close().catch(run.onJournalFailure);
  }
  run.rethrowUnlessSent();
  return reportOf(request, startedAt, { results, ending: run.ending() });
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
  const pending = selected.filter((one) => verifiedAt(one, journal.historyOf(one.step.id)) === undefined);
  checkLimits(pending, limits);
  if (pending.length > 0 && confirm !== undefined && !(await confirm(pending)))
    throw new UsageError('Nothing was sent: it was not confirmed.', 'Add --yes to skip the confirmation.');
  await journal.append(runEntry(plan, tool));
}

/** A step that runs into a bug of ours stops no other. */
async function applyAll(
  steps: readonly SelectedStep[],
  context: StepContext,
  run: Run,
): Promise<readonly StepResult[]> {
  return pMap(
    steps,
    async (step) => {
      if (!step.selected) return leftOut(step, wording.notSelected);
      try {
        return await applyStep(step, context);
      } catch (error) {
        return { ...leftOut(step, run.onBug(error)), sent: run.wasSentTo(step) };
      }
    },
    { concurrency },
  );
}

function leftOut({ step }: SelectedStep, told: wording.Told): StepResult {
  const { id, name, type } = step.vault;
  return {
    step: step.id,
    vault: { id, name, type },
    ...told,
    sent: false,
    changes: step.changes,
    requestId: '',
    rules: [],
  };
}

interface Run {
  readonly contextWith: (past: Pick<StepContext, 'journal' | 'historyOf'>) => StepContext;
  readonly ending: () => Ending;
  readonly onJournalFailure: (error: unknown) => wording.Told;
  readonly onBug: (error: unknown) => wording.Told;
  readonly wasSentTo: (step: SelectedStep) => boolean;
  /** What fails before anything was sent is a refusal. */
  readonly rethrowUnlessSent: () => void;
}

function newRun({ vaults, clock, signal, onFailure }: ApplyRequest): Run {
  let failure: { readonly error: unknown; readonly told: wording.Told } | undefined;
  let bug: { readonly error: unknown } | undefined;
  let cut = false;
  const sentTo = new Set<string>();
  const onJournalFailure = (error: unknown): wording.Told => {
    const told = wording.journalFailed(messageOf(error));
    failure ??= { error, told };
    return told;
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
      ...past,
      stopped() {
        if (failure !== undefined) return failure.told;
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

function reportOf(
  { tool, plan, dryRun, clock }: ApplyRequest,
  startedAt: Date,
  { results, ending }: Pick<ApplyReport, 'results' | 'ending'>,
): ApplyReport {
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  return {
    schemaVersion: '1.0',
    tool,
    planHash: plan.hash,
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    dryRun,
    ending,
    results,
    summary: {
      verified: count('verified'),
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
    },
  };
}
