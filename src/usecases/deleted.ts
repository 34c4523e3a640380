import type { Outcome } from '../model/apply.ts';
import type { DeletedReport } from '../model/deleted-report.ts';
import type { DeletedVault } from '../model/arm-ports.ts';
import type { DeletedPorts } from './deleted/deleted-state.ts';
import {
  type DeletedPreconditions,
  type Obstacle,
  obstaclesTo,
  refuseObstacles,
  refusePurge,
} from './deleted/preconditions.ts';
import { purgeWrite } from './deleted/purge-write.ts';
import { recoverWrite } from './deleted/recover-write.ts';
import { exitCodes } from './exit-code.ts';
import type { WriteProcedure } from './write/procedure.ts';
import { type DeletedRunRequest, runAll } from './write/run-all.ts';

/** Inputs and ports of recovering or purging deleted vaults and managed HSMs. */
export interface RecycleBinRequest extends DeletedRunRequest, DeletedPorts, DeletedPreconditions {
  /** Leaves out what cannot be recovered, and says so in its result, rather than to refuse everything. */
  readonly leavesOut?: true;
  /** Asks a person once everything else is in order; without it, the user has agreed already. */
  readonly confirm?: (deleted: readonly DeletedVault[], obstacles: Obstacles) => Promise<boolean>;
}

/**
 * Recovers or purges deleted vaults and managed HSMs, each with its intent in the journal before it is sent. Throws
 * UsageError, with nothing sent, when one of those to purge has purge protection or something that depends on it, when the
 * group to recover into is gone or may not be written, when the journal is not in order, or when the person says no. The
 * outcomes are in the report; one that fails stops no other.
 */
export async function changeRecycleBin(request: RecycleBinRequest): Promise<DeletedReport> {
  const { deleted, confirm } = request;
  const obstacles = await obstaclesOf(request);
  return runAll(
    deleted.map((one) => leftOut(writeFor(one, request), obstacles.get(one.id))),
    request,
    confirm === undefined ? undefined : async () => confirm(deleted, obstacles),
  );
}

/** 0 all of them verified, 1 some not, 3 the run did not get to its end. */
export function deletedExitCode({ ending, results }: DeletedReport): number {
  if (ending !== 'finished') return exitCodes.incomplete;
  return results.every(({ outcome }) => fineOutcomes.has(outcome)) ? exitCodes.clean : exitCodes.findings;
}

const fineOutcomes: ReadonlySet<Outcome> = new Set(['verified', 'alreadyCompliant']);

type Obstacles = ReadonlyMap<string, Obstacle>;

async function obstaclesOf(request: RecycleBinRequest): Promise<Obstacles> {
  if (request.action === 'purge') {
    await refusePurge(request);
    return new Map();
  }
  const obstacles = await obstaclesTo(request);
  if (request.leavesOut !== true) refuseObstacles(request.deleted, obstacles);
  return obstacles;
}

/** A write that only says why nothing is sent, where there is an obstacle to it. */
function leftOut(write: WriteProcedure, obstacle: Obstacle | undefined): WriteProcedure {
  if (obstacle === undefined) return write;
  const stepOutcome = { ...obstacle, cause: `Nothing was sent: it ${obstacle.cause}` };
  return {
    ...write,
    decide: async (history, context) =>
      // What an earlier run has sent may have taken effect: that is looked at first.
      history.mayHaveChanged ? write.decide(history, context) : { kind: 'stop', stepOutcome },
  };
}

function writeFor(deleted: DeletedVault, request: RecycleBinRequest): WriteProcedure {
  return request.action === 'purge'
    ? purgeWrite(deleted, request)
    : recoverWrite({ deleted, tenantId: request.identity.tenantId }, request);
}
