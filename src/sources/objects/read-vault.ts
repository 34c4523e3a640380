import { getJson, readArmList } from '../../azure/arm-list.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import { sendWithRetry } from '../../azure/send-with-retry.ts';
import type { Session } from '../../azure/session.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { AzureError } from '../../model/errors.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { promisedLevel } from '../../model/recovery-level.ts';
import { type Resource, propertiesOf } from '../../model/resource.ts';
import type { UnreadContents } from '../../model/source.ts';
import type { ObjectCollection, VaultPlane } from '../../model/vault-plane.ts';
import { knownType } from '../../resource-types/known-type.ts';
import type { SourceOptions } from '../../usecases/scan/ports.ts';
import { isRowProblem, toResource } from '../rows/resource.ts';
import {
  collect,
  type CollectionRead,
  type CollectionReads,
  type Failure,
  halfReadGap,
  objectCollections,
  unreadCollection,
  unreadGaps,
} from './collection.ts';
import { levelIn, objectContext, toObjects, typeOfCollection } from './object.ts';

/** The way to vaults and to what is in them, the clock that days are counted by, and the needs of the rules. */
export interface ObjectsOptions extends Pick<SourceOptions, 'isUndecided'> {
  readonly connection: AzureConnection;
  readonly planes: Pick<VaultPlane, 'list'>;
  readonly now: () => Date;
}

/** The objects of a vault, or the gap where vaults could not be listed. `denied`: nothing of it may be read. */
export interface VaultContents {
  readonly state: 'read' | 'empty' | 'denied' | 'partial';
  readonly resources: readonly Resource[];
  readonly unread?: UnreadContents;
  readonly gaps: readonly Unreadable[];
}

/** The type of what holds the objects. */
export const vaultType = 'Microsoft.KeyVault/vaults';

interface Reading extends ObjectsOptions {
  readonly session: Session;
}

/**
 * Reads what is in one vault. Keys are in ARM, which answers whatever the firewall of the vault says; everything else is in
 * the data plane.
 */
export async function readVault(listed: Resource, reading: Reading): Promise<VaultContents> {
  const { signal } = reading.session;
  const [keys, others] = await Promise.all([
    collect(() => armKeys(listed, reading), 'keys', signal),
    readDataPlane(listed, reading),
  ]);
  const reads: CollectionReads = { keys, ...others };
  const { vault, failure } = await confirm(listed, reads, reading);
  const context = objectContext(vault, reading.now());
  const { certificates, secrets, ...bin } = others;
  const deleted = {
    keys: bin.deletedkeys,
    secrets: bin.deletedsecrets,
    certificates: bin.deletedcertificates,
  };
  const objects = [
    ...toObjects({ keys, secrets, certificates }, '', context),
    ...toObjects(deleted, 'deleted', context),
  ];
  const unread = objectCollections.filter((collection) => !reads[collection].complete);
  const halfRead = objects.filter((one) => one.gaps.length > 0 && reading.isUndecided(one));
  const failures = objectCollections.flatMap((collection) => reads[collection].failure ?? []);
  return {
    state: stateOf(failures, { objects: objects.length, halfRead: halfRead.length }),
    resources: objects,
    ...(unread.length === 0 ? {} : { unread: { resource: vault, types: unread.map(typeOfCollection) } }),
    // An interruption is one gap, not one of each vault.
    gaps: signal.aborted
      ? []
      : [...unreadGaps(vault, reads), ...(failure ?? []), ...halfReadGap(vault, halfRead)],
  };
}

function stateOf(
  failures: readonly Failure[],
  { objects, halfRead }: { readonly objects: number; readonly halfRead: number },
): VaultContents['state'] {
  const isDenied =
    failures.length === objectCollections.length && failures.every(({ kind }) => kind === 'denied');
  if (isDenied) return 'denied';
  if (failures.length > 0 || halfRead > 0) return 'partial';
  return objects > 0 ? 'read' : 'empty';
}

/** The keys of a vault in the shape of the data plane. */
async function armKeys(vault: Resource, { connection, session }: Reading): Promise<readonly JsonObject[]> {
  const operation = `read the keys of ${vault.name}`;
  const path = `${encodeURI(vault.id)}/keys?api-version=${apiVersion}`;
  const below = `${vault.id}/keys/`.toLowerCase();
  const isEntry = ({ id }: JsonObject): boolean =>
    typeof id === 'string' && id.toLowerCase().startsWith(below);
  const rows = await readArmList(connection, { operation, path, session, isEntry }, session.signal);
  return rows.map(({ id, tags, properties }) =>
    Object.assign({}, isJsonObject(properties) ? properties : {}, { id, tags }),
  );
}

const apiVersion = knownType(vaultType)?.apiVersion ?? '';

/** The lists of the data plane. The first one shows whether it answers at all; the others are asked at once then. */
async function readDataPlane(vault: Resource, reading: Reading): Promise<Omit<CollectionReads, 'keys'>> {
  const uri = propertiesOf(vault)['vaultUri'];
  const {
    planes,
    session: { signal },
  } = reading;
  const { id, name } = vault;
  const read = async (collection: ObjectCollection): Promise<CollectionRead> =>
    typeof uri === 'string'
      ? collect(() => planes.list({ id, name, uri }, collection, signal), collection, signal)
      : unreadCollection(noAddress);
  const certificates = await read('certificates');
  const { failure } = certificates;
  const next = async (collection: ObjectCollection): Promise<CollectionRead> =>
    failure?.kind === 'unreachable' ? unreadCollection(failure) : read(collection);
  const [secrets, deletedkeys, deletedsecrets, deletedcertificates] = await Promise.all([
    next('secrets'),
    next('deletedkeys'),
    next('deletedsecrets'),
    next('deletedcertificates'),
  ]);
  return { certificates, secrets, deletedkeys, deletedsecrets, deletedcertificates };
}

const noAddress: Failure = {
  kind: 'failed',
  reason: 'Azure does not tell the address of the vault',
  hint: 'Run the scan again; if it stays, look at vaultUri: `az keyvault show --name <vault>`',
};

/** The vault that its objects are compared with, and why it is not known. */
interface Confirmed {
  readonly vault: Resource;
  readonly failure?: readonly Unreadable[];
}

/**
 * Resource Graph lags behind what was changed. Where a level is not the one that a vault promises there, ARM is asked what
 * it promises now: only what contradicts that is a contradiction.
 */
async function confirm(listed: Resource, reads: CollectionReads, reading: Reading): Promise<Confirmed> {
  const promised = promisedLevel(propertiesOf(listed));
  const live = [...reads.keys.found.values(), ...reads.secrets.found.values()];
  const isPromised = live.every((one) => levelIn(one)?.replace(/\+ProtectedSubscription$/, '') === promised);
  if (isPromised) return { vault: listed };
  try {
    const vault = await readFromArm(listed, reading);
    if (!isRowProblem(vault) && vault.id.toLowerCase() === listed.id.toLowerCase()) return { vault };
    return unconfirmed(listed, {
      message: 'the answer is about something else',
      hint: 'Run the scan again.',
    });
  } catch (error) {
    if (reading.session.signal.aborted) return { vault: listed };
    if (error instanceof AzureError) return unconfirmed(listed, error);
    throw error;
  }
}

async function readFromArm(
  { id, name }: Resource,
  { connection, session }: Reading,
): Promise<ReturnType<typeof toResource>> {
  const url = `${connection.cloud.armEndpoint}${encodeURI(id)}?api-version=${apiVersion}`;
  const body = await sendWithRetry(connection, session, {
    operation: `read ${name}`,
    governed: false,
    run: async (signal) => ({ value: await getJson(connection, url, signal) }),
  });
  return toResource(body);
}

function unconfirmed(
  listed: Resource,
  { message, hint }: { readonly message: string; readonly hint: string },
): Confirmed {
  const reason = `Objects in it contradict what Resource Graph says of it, and ARM could not be asked: ${message}.`;
  const vault = { ...listed, gaps: [...listed.gaps, 'properties'] };
  return { vault, failure: [{ scope: listed.id, kind: 'resource', reason, hint }] };
}
