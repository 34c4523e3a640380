import pMap from 'p-map';
import type { ApplyReport, Outcome, StepResult } from '../model/apply.ts';
import type { Identity } from '../model/identity.ts';
import { type JsonObject, sameJson } from '../model/json.ts';
import type { JournalStore } from '../model/journal.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanLock } from '../model/plan-lock.ts';
import { bodyOf, type VaultReader } from '../model/arm-ports.ts';
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
import { notAgreedTo, notSelected } from './apply/wording.ts';
import type { WriteGuard } from './write/guards.ts';
import type { WriteContext, WriteProcedure } from './write/procedure.ts';
import { askPerson, newRun, type Run, type RunRequest } from './write/run.ts';
import { type Journal, openJournal, readHistory, runEntry } from './write/journal.ts';
import { noHistory } from './write/step-history.ts';
import { countOutcomes } from './write/progress.ts';
import { exitCodes } from './exit-code.ts';

/** Inputs and ports of applying a plan. */
export interface ApplyRequest extends RunRequest {
  readonly tool: Plan['tool'];
  /** As `parsePlan` returned it: whole and not edited. */
  readonly plan: Plan;
  readonly selection: Selection;
  readonly limits: Limits;
  /** The limits of a configuration, which no flag loosens. */
  readonly guard?: WriteGuard | undefined;
  readonly dryRun: boolean;
  readonly vaults: VaultReader;
  readonly lock: PlanLock;
  readonly journal: JournalStore;
  readonly identity: Identity;
  /**
   * Asks a person once everything else is in order, by what a run would do now with each selected step; without it, the
   * user has agreed already. Nothing is sent that was not shown.
   */
  readonly confirm?: (preview: readonly StepResult[]) => Promise<boolean>;
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
  if (dryRun || selected.length === 0) {
    const historyOf = dryRun ? await readHistory(request.journal, plan.hash) : () => noHistory;
    await checkPending(pendingOf(selected, historyOf), request);
    return reportOf(request, startedAt, await previewOf(request, steps, historyOf));
  }
  const run = newRun(request);
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
    const agreed = await prepare(request, selected, journal);
    const context = run.contextWith({ journal, historyOf: journal.historyOf });
    return await applyAll(request, { steps, run, context, agreed });
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

/** The requests that a person has agreed to, by their step; `undefined` where nobody is asked. */
type Agreed = ReadonlyMap<string, JsonObject> | undefined;

async function prepare(
  request: ApplyRequest,
  selected: readonly SelectedStep[],
  journal: Journal,
): Promise<Agreed> {
  const { plan, tool, confirm } = request;
  const pending = pendingOf(selected, journal.historyOf);
  await checkPending(pending, request);
  const agreed =
    confirm === undefined || pending.length === 0
      ? undefined
      : await agreeOn(await previewOf(request, selected, journal.historyOf), { ...request, confirm });
  await journal.append(runEntry({ tool, tenantId: plan.tenantId, planHash: plan.hash }));
  return agreed;
}

async function checkPending(
  pending: readonly SelectedStep[],
  { limits, guard }: Pick<ApplyRequest, 'limits' | 'guard'>,
): Promise<void> {
  await guard?.(
    pending.map(({ step: { vault, rules } }) => ({ vault, risks: rules.map(({ risk }) => risk) })),
  );
  checkLimits(pending, limits);
}

/** The steps that earlier runs have not verified already. */
function pendingOf(
  selected: readonly SelectedStep[],
  historyOf: Journal['historyOf'],
): readonly SelectedStep[] {
  return selected.filter((one) => rulesVerifiedAt(one, historyOf(one.step.id)) === undefined);
}

/** Reads and compares as a run does, and sends nothing. */
async function previewOf(
  request: ApplyRequest,
  steps: readonly SelectedStep[],
  historyOf: Journal['historyOf'],
): Promise<Pick<ApplyReport, 'results' | 'ending'>> {
  const run = newRun(request);
  const results = await applyAll(request, { steps, run, context: run.contextWith({ historyOf }) });
  run.rethrowUnlessSent();
  return { results, ending: run.ending() };
}

async function agreeOn(
  { results }: Pick<ApplyReport, 'results'>,
  { confirm, signal }: Required<Pick<ApplyRequest, 'confirm'>> & Pick<ApplyRequest, 'signal'>,
): Promise<Agreed> {
  signal.throwIfAborted();
  const shown = results.filter(({ preview }) => preview !== undefined);
  if (shown.length > 0) await askPerson(async () => confirm(results), signal);
  return new Map(shown.map(({ step, changes }) => [step, changes]));
}

interface AllSteps {
  readonly steps: readonly SelectedStep[];
  readonly run: Run;
  readonly context: WriteContext;
  readonly agreed?: Agreed;
}

async function applyAll(
  { vaults }: ApplyRequest,
  { steps, run, context, agreed }: AllSteps,
): Promise<readonly StepResult[]> {
  return pMap(
    steps,
    async (step) =>
      step.selected ? run.carryOut(asAgreed(patchWrite(step, vaults), agreed), context) : leftOut(step),
    { concurrency },
  );
}

/** A write that sends only what a person has agreed to. */
function asAgreed(write: WriteProcedure, agreed: Agreed): WriteProcedure {
  if (agreed === undefined) return write;
  const body = agreed.get(write.step);
  return {
    ...write,
    decide: async (history, context) => {
      const decision = await write.decide(history, context);
      if (decision.kind === 'stop') return decision;
      return body !== undefined && sameJson(body, bodyOf(decision.action))
        ? decision
        : { kind: 'stop', stepOutcome: notAgreedTo };
    },
  };
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

/** The result of a step that was not selected. */
function leftOut({ step }: SelectedStep): StepResult {
  const { id, name, type } = step.vault;
  return {
    step: step.id,
    vault: { id, name, type },
    ...notSelected,
    sent: false,
    changes: step.changes,
    requestId: '',
    rules: [],
    notSelected: true,
  };
}
