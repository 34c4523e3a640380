import { sameJson } from '../../model/json.ts';
import type { VaultState } from '../../model/vault-state.ts';
import type {
  DeletedRead,
  DeletedVault,
  RecycleBin,
  VaultRead,
  VaultReader,
  WriteAction,
} from '../../model/arm-ports.ts';
import { digest, sha256 } from '../../remediation/canonical-json.ts';
import { pause, readWhenStable, retryRead, unread } from '../write/read-vault.ts';
import type { RetryOptions } from '../../model/retry.ts';
import type { WriteContext } from '../write/procedure.ts';
import type { StepOutcome } from '../write/outcomes.ts';
import type { Refusal } from '../../model/refusal.ts';
import { AzureError } from '../../model/errors.ts';
import { type Resource, propertiesOf } from '../../model/resource.ts';
import { deletedTypeOf } from '../../resource-types/known-type.ts';

/** The places of a deleted vault: the recycle bin, or its old id where it is live again. */
export interface DeletedPorts {
  readonly recycleBin: RecycleBin;
  readonly vaults: VaultReader;
}

/** The state of an entry, for the journal: all of it, so that a later run knows what it was about. */
export function deletedState({ properties }: DeletedVault): VaultState {
  return { hash: digest(properties), properties };
}

/** Names a write to an entry: the same thing may be deleted again, and is then another entry. */
export function deletedStep(
  kind: WriteAction['kind'],
  { id, deletionDate }: Pick<DeletedVault, 'id' | 'deletionDate'>,
): string {
  return sha256(`${kind} ${id.toLowerCase()} ${deletionDate}`).slice(0, 12);
}

/** Reads an entry, and again when Azure throttles, fails or does not answer. */
export async function readEntry(
  { recycleBin }: DeletedPorts,
  deleted: DeletedVault,
  options: RetryOptions,
): Promise<DeletedRead> {
  return retryRead((signal) => recycleBin.read(deleted, signal), deleted.vault, options);
}

/** Options of reads that outlast an interruption; `stopPolling` ends the waiting between them. */
export interface LastingReads extends RetryOptions {
  readonly stopPolling: AbortSignal;
}

/** Reads that an interruption does not end, for what Azure has accepted. */
export function lastingReads(context: WriteContext): LastingReads {
  return { ...context, signal: new AbortController().signal, stopPolling: context.signal };
}

/** The vault under the id that it had, once Azure is not changing it. */
export async function readLive(
  { vaults }: DeletedPorts,
  { vault }: DeletedVault,
  reads: LastingReads,
): Promise<VaultRead> {
  return readWhenStable(vaults, vault, reads);
}

/** Reads a few times, until `isSettled`: Azure may take a moment to show what it has done. */
export async function readUntil<Read>(
  read: () => Promise<Read>,
  isSettled: (answer: Read) => boolean,
  reads: LastingReads,
): Promise<Read> {
  let answer = await read();
  for (let attempt = 1; attempt < 4 && !isSettled(answer) && !reads.stopPolling.aborted; attempt += 1) {
    await pause(undefined, attempt + 1, reads);
    answer = await read();
  }
  return answer;
}

/** The outcome where an entry of the recycle bin could not be read, which takes a right of its own. */
export function unreadEntry(refusal: Refusal, { id, vault }: DeletedVault): StepOutcome {
  return unread(refusal, { id, type: deletedTypeOf(vault.type).replace('/', '/locations/') });
}

/** Lists the recycle bin anew, rather than asking for the entry: a list tells denial from absence. */
export async function findInBin(
  { recycleBin }: DeletedPorts,
  { id, vault, deletionDate }: DeletedVault,
  signal: AbortSignal,
): Promise<'there' | 'absent' | AzureError> {
  try {
    const listed = await recycleBin.list(vault.subscriptionId, vault.type, signal);
    const isThere = listed.some(
      (one) => one.id.toLowerCase() === id.toLowerCase() && one.deletionDate === deletionDate,
    );
    return isThere ? 'there' : 'absent';
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
}

/** The names of what is not as it was: of what the recycle bin told about the vault. */
export function differencesFrom(
  { purgeProtection, tags, location }: DeletedVault,
  resource: Resource,
): readonly string[] {
  const isProtected = propertiesOf(resource)['enablePurgeProtection'] === true;
  return [
    ...(isProtected === purgeProtection ? [] : ['purge protection']),
    ...(sameJson(resource.tags, tags) ? [] : ['tags']),
    ...(isSamePlace(resource.location, location) ? [] : ['location']),
  ];
}

/** ARM writes a region as `westeurope` or as `West Europe`. */
function isSamePlace(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.replaceAll(' ', '').toLowerCase());
  return a === b;
}
