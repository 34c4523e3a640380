import { propertiesOf } from '../model/resource.ts';
import type { Outcome } from '../model/apply.ts';
import type { DeletedReport } from '../model/deleted-report.ts';
import type { DeletedVault, VaultReader } from '../model/arm-ports.ts';
import type { DeletedPorts } from './deleted/deleted-state.ts';
import {
  type DeletedPreconditions,
  type Obstacle,
  obstaclesTo,
  refuseObstacles,
  refusePurge,
  refuseUsed,
} from './deleted/preconditions.ts';
import { purgeWrite, recoverWrite } from './deleted/vault-write.ts';
import { exitCodes } from './exit-code.ts';
import type { WriteProcedure } from './write/procedure.ts';
import { type DeletedRunRequest, runAll } from './write/run.ts';
import { UsageError } from '../model/errors.ts';
import type { KitVaultAddress } from '../model/kit.ts';
import { isPurgeable } from '../model/recovery-level.ts';
import type { DeletedObject, PlaneAddress, VaultPlane } from '../model/vault-plane.ts';
import type { DependantSearch } from '../model/dependant.ts';
import { vault as vaultType } from '../resource-types/vault.ts';
import { objectWrite } from './deleted/object-write.ts';
import { couldNotRead } from './deleted/list-objects.ts';
import { purgedByAzure } from './deleted/wording.ts';

/** Inputs and ports of recovering or purging deleted vaults and managed HSMs. */
export interface RecycleBinRequest extends DeletedRunRequest, DeletedPorts, DeletedPreconditions {
  /** Leaves out what cannot be recovered, and says so in its result, rather than to refuse everything. */
  readonly leavesOut?: true;
  /** Takes sentences about what could not be looked at before anything is sent. */
  readonly onNotChecked?: (sentences: readonly string[]) => Promise<void>;
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
  const { obstacles, notChecked } = await obstaclesTo(request);
  if (notChecked.length > 0) await request.onNotChecked?.(notChecked);
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

/** Inputs and ports of recovering or purging what is in a vault. */
export interface ObjectsRequest extends DeletedRunRequest {
  readonly plane: VaultPlane;
  /** As the vault, or the journal of an earlier run, shows them. */
  readonly objects: readonly DeletedObject[];
  /** Left out where the user accepts that something may depend on a key that is purged. */
  readonly dependants?: DependantSearch;
  /** Asks a person once everything else is in order; without it, the user has agreed already. */
  readonly confirm?: () => Promise<boolean>;
}

/**
 * Recovers or purges keys, secrets or certificates, each with its intent in the journal before it is sent. Throws UsageError,
 * with nothing sent, when one of those to purge is protected, when something depends on the vault of a key to purge, when the
 * journal is not in order, or when the person says no.
 */
export async function changeObjects(request: ObjectsRequest): Promise<DeletedReport> {
  const { action, objects, plane, confirm } = request;
  if (action === 'purge') await refuseObjectPurge(request);
  return runAll(
    objects.map((object) => objectWrite({ action, object, plane })),
    request,
    confirm,
  );
}

async function refuseObjectPurge({ objects, dependants, signal }: ObjectsRequest): Promise<void> {
  refuseProtected(objects);
  const first = objects.find(({ type }) => type === 'key');
  if (first === undefined || dependants === undefined) return;
  // Not everything that is encrypted names its key, so that all that names the vault counts.
  const { id, name } = first.plane;
  const [, , subscriptionId = '', , resourceGroup = ''] = id.split('/');
  const vault = { id, name, type: vaultType.type, subscriptionId, resourceGroup };
  const found = await dependants.find(vault, signal);
  const others = found.dependants.filter((one) => one.id.toLowerCase() !== id.toLowerCase());
  refuseUsed(vault, { ...found, dependants: others });
}

function refuseProtected(objects: readonly DeletedObject[]): void {
  const kept = objects.find((object) => !isPurgeable(object));
  if (kept === undefined) return;
  throw new UsageError(
    `${kept.name} is ${kept.recoveryLevel}: ${purgedByAzure(kept.scheduledPurgeDate)}`,
    'The vault has purge protection. Nothing shortens that: no role, and no change to its settings.',
  );
}

/**
 * Reads the address of a vault's data plane from ARM: no name of a vault is taken for its host. Throws UsageError for a vault
 * that ARM does not have, and AzureError where it does not tell.
 */
export async function planeOf(
  vault: KitVaultAddress,
  { vaults, signal }: { readonly vaults: VaultReader; readonly signal: AbortSignal },
): Promise<PlaneAddress> {
  const read = await vaults.readVault(vault, signal);
  if (read.kind === 'notFound')
    throw new UsageError(
      `There is no vault ${vault.id}.`,
      'If it was deleted, recover it first: `purgeproof deleted list` `purgeproof deleted recover <name>`',
    );
  if (read.kind === 'failed') throw couldNotRead(`the vault ${vault.name}`, vault, read.refusal);
  const uri = propertiesOf(read.resource)['vaultUri'];
  const { id, name } = read.resource;
  return { id, name, uri: typeof uri === 'string' ? uri : '' };
}
