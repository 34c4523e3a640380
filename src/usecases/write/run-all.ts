import pMap from 'p-map';
import type { DeletedReport } from '../../model/deleted-report.ts';
import { UsageError } from '../../model/errors.ts';
import type { Identity } from '../../model/identity.ts';
import type { JournalStore } from '../../model/journal.ts';
import type { StepResult } from '../../model/apply.ts';
import type { Tool } from '../../model/tool.ts';
import { openJournal, runEntry } from './journal.ts';
import type { WriteProcedure } from './procedure.ts';
import { countOutcomes } from './progress.ts';
import { newRun, type RunRequest } from './run.ts';

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
    if (confirm !== undefined && !(await confirm()))
      throw new UsageError(
        'Nothing was sent: it was not confirmed.',
        'Add --yes to go on without confirmation.',
      );
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
