import type { VaultReader } from '../model/arm-ports.ts';
import type { DeletedReport } from '../model/deleted-report.ts';
import { UsageError } from '../model/errors.ts';
import { isJsonObject } from '../model/json.ts';
import type { KitVaultAddress } from '../model/kit.ts';
import { isPurgeable } from '../model/recovery-level.ts';
import type { DeletedObject, PlaneAddress, VaultPlane } from '../model/vault-plane.ts';
import type { DependantSearch } from '../model/dependant.ts';
import { vault as vaultType } from '../resource-types/vault.ts';
import { objectWrite } from './deleted/object-write.ts';
import { couldNotRead } from './deleted/list-objects.ts';
import { refuseUsed } from './deleted/preconditions.ts';
import { purgedByAzure } from './deleted/wording.ts';
import { type DeletedRunRequest, runAll } from './write/run-all.ts';

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
  if (action === 'purge') await refusePurge(request);
  return runAll(
    objects.map((object) => objectWrite({ action, object, plane })),
    request,
    confirm,
  );
}

async function refusePurge({ objects, dependants, signal }: ObjectsRequest): Promise<void> {
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
      'If it was deleted, recover it first: purgeproof deleted list, then purgeproof deleted recover NAME.',
    );
  if (read.kind === 'failed') throw couldNotRead(`the vault ${vault.name}`, vault, read.refusal);
  const { properties } = read.resource.body;
  const uri = isJsonObject(properties) ? properties['vaultUri'] : undefined;
  const { id, name } = read.resource;
  return { id, name, uri: typeof uri === 'string' ? uri : '' };
}
