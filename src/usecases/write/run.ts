import type { Ending, StepResult } from '../../model/apply.ts';
import { UsageError } from '../../model/errors.ts';
import type { RetryOptions } from '../../model/retry.ts';
import { targetOf, type WriteSender } from '../../model/arm-ports.ts';
import { broken, interrupted, journalFailed, type StepOutcome } from './outcomes.ts';
import type { WriteContext, WriteProcedure } from './procedure.ts';
import { resultOf, startOf, countOutcomes } from './progress.ts';
import { runWrite } from './run-write.ts';
import { noHistory } from './step-history.ts';
import pMap from 'p-map';
import type { DeletedReport } from '../../model/deleted-report.ts';
import type { Identity } from '../../model/identity.ts';
import type { JournalStore } from '../../model/journal.ts';
import type { Tool } from '../../model/tool.ts';
import { openJournal, runEntry } from './journal.ts';

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

/**
 * Asks a person whether to send. Throws UsageError when the person says no, and what `signal` was aborted with when the
 * run was interrupted instead.
 */
export async function askPerson(ask: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const isAgreed = await ask();
  signal.throwIfAborted();
  if (!isAgreed) throw new UsageError('Nothing was sent: it was not confirmed.');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Inputs and ports of recovering or purging whatever it is. */
export interface DeletedRunRequest extends RunRequest {
  readonly tool: Tool;
  readonly action: 'recover' | 'purge';
  readonly journal: JournalStore;
  readonly identity: Identity;
}

/** Writes that are carried out at a time. */
const concurrency = 4;

/**
 * Carries out recoveries or purges, each with its intent in the journal before it is sent. `confirm` asks a person once
 * everything else is in order; without it, the user has agreed already. Throws UsageError, with nothing sent, when the journal
 * is not in order, or when the person says no. The outcomes are in the report; one that fails stops no other.
 */
export async function runAll(
  writes: readonly WriteProcedure[],
  request: DeletedRunRequest,
  confirm?: () => Promise<boolean>,
): Promise<DeletedReport> {
  const { tool, action, identity, clock } = request;
  const startedAt = clock.now().toISOString();
  const run = newRun(request);
  const { tenantId } = identity;
  const journal = await openJournal({ ...request, store: request.journal, planHash: undefined });
  let results: readonly StepResult[];
  try {
    if (confirm !== undefined) await askPerson(confirm, request.signal);
    await journal.append(runEntry({ tool, tenantId, planHash: undefined }));
    const context = run.contextWith({ journal, historyOf: journal.historyOf });
    results = await pMap(writes, async (write) => run.carryOut(write, context), { concurrency });
  } finally {
    await journal.close().catch(run.onJournalFailure);
  }
  run.rethrowUnlessSent();
  return {
    schemaVersion: '1.0',
    tool,
    action,
    startedAt,
    finishedAt: clock.now().toISOString(),
    ending: run.ending(),
    results,
    summary: countOutcomes(results),
  };
}
