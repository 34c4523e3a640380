import { signInFiles } from '../azure/sign-in/files.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { writeDocuments } from '../files/destinations/write.ts';
import {
  type DeletedObject,
  type ObjectType,
  objectTypeNames,
  type PlaneAddress,
} from '../model/vault-plane.ts';
import { type DeletedObjectsFormat, deletedObjectsFormats } from '../reporters/deleted-objects.ts';
import { parseArmId } from '../sources/rows/arm-id.ts';
import { wallClock } from '../sources/wall-clock.ts';
import {
  chooseObjects,
  listDeletedObjects,
  objectListExitCode,
  toObjectList,
} from '../usecases/deleted/list-objects.ts';
import type { GuardedWrite } from '../usecases/write/guards.ts';
import { changeObjects, planeOf, deletedExitCode } from '../usecases/deleted.ts';
import { vault as vaultType } from '../resource-types/vault.ts';
import { chooseVaults, isVaultId } from '../usecases/choose-vaults.ts';
import { type CommandContext, connectOptions } from './context.ts';
import type { ChangeOptions, DeletedOptions } from './deleted-options.ts';
import { beginRun, refuseUnconfirmed } from './deleted-run.ts';
import { readDestinations } from './destinations.ts';
import { exitCodeWith } from './lost-documents.ts';
import { askToSend, showResults } from './run-results.ts';
import { terminalOf } from './terminal.ts';

/** The flags of every command about what is in a vault. */
type VaultOptions = Omit<DeletedOptions, 'managementGroup'>;

/** The flags of a list of deleted objects. */
export interface ListObjectsOptions extends VaultOptions {
  /** Every type where it is left out. */
  readonly type?: ObjectType;
}

/** The flags of a recovery or a purge of objects. */
export interface ChangeObjectsOptions extends Omit<
  ChangeOptions,
  'managementGroup' | 'all' | 'deletedSince'
> {
  readonly type: ObjectType;
}

/** Finds the vault and its data plane. */
async function open(word: string, options: VaultOptions, context: CommandContext) {
  const connection = connectOptions(options, context);
  const { openVaults } = await import('../sources/open-vaults.ts');
  const opened = openVaults(connection);
  const { signal } = context.world;
  const visible = isVaultId(word) ? [] : await opened.visible(options.subscription, signal);
  const [vault] = chooseVaults([word], { visible, types: [vaultType.type] });
  if (vault === undefined) throw new TypeError('a vault was chosen, and there is none');
  const address = await planeOf(vault, { vaults: opened.vaults, signal });
  return { ...opened, address, requestTimeoutMs: connection.requestTimeoutMs };
}

/** Lists the deleted objects of a vault, and returns the exit code. */
export async function listObjectsCommand(
  word: string,
  options: ListObjectsOptions,
  context: CommandContext,
): Promise<number> {
  const { world } = context;
  const destinations = readDestinations<DeletedObjectsFormat>(options.output, deletedObjectsFormats);
  await checkDestinations(destinations, { cwd: world.cwd, files: signInFiles(world.env) });
  const { plane, address } = await open(word, options, context);
  const types = options.type === undefined ? objectTypeNames : [options.type];
  const list = toObjectList(await listDeletedObjects(plane, { address, types }, world.signal), world.now());
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(list, { terminal: terminalOf(to, world, options.color), vault: address.name }),
    world,
  );
  return exitCodeWith(lost, objectListExitCode(list), world);
}

/** The change of an object of a vault, for the limits of a configuration. */
function guardedWrite(
  { id, name }: Pick<PlaneAddress, 'id' | 'name'>,
  object: Pick<DeletedObject, 'id' | 'name'>,
): GuardedWrite {
  const { subscriptionId = '', resourceGroup = '' } = parseArmId(id) ?? {};
  return {
    vault: { id, name, subscriptionId, resourceGroup },
    object: { id: object.id, name: `${name}/${object.name}` },
    risks: [],
  };
}

/** The change of objects that a command asks for. */
export interface ObjectsChange {
  readonly action: 'recover' | 'purge';
  readonly vault: string;
  readonly names: readonly string[];
}

/** Recovers or purges what is named in a vault, and returns the exit code. */
export async function changeObjectsCommand(
  { action, vault, names }: ObjectsChange,
  options: ChangeObjectsOptions,
  context: CommandContext,
): Promise<number> {
  const { world, tool } = context;
  const { destinations, journal, entries, guard, ...inForce } = await beginRun(action, options, world);
  const { address, requestTimeoutMs, ...opened } = await open(vault, { ...options, ...inForce }, context);
  const { type } = options;
  const from = { action, plane: opened.plane, address, type, entries };
  const objects = await chooseObjects(names, from, world.signal);
  if (action === 'purge') refuseUnconfirmed({ name: objects[0]?.name, lost: 'every version of it' }, options);
  const { subscriptions } = opened;
  const writes = objects.map((object) => guardedWrite(address, object));
  await guard({ subscriptions, signal: world.signal })(writes);
  const failures: unknown[] = [];
  const question = `Recover the deleted ${type}${objects.length === 1 ? '' : 's'} ${objects.map(({ name }) => name).join(', ')} of ${address.name}?`;
  const report = await changeObjects({
    tool,
    action,
    objects,
    plane: opened.plane,
    sender: opened.openSender(),
    journal,
    identity: await opened.identity(),
    clock: { ...wallClock, now: world.now },
    signal: world.signal,
    requestTimeoutMs,
    ...(options.allowDependants === true ? {} : { dependants: opened.dependants }),
    ...(action === 'purge' || options.yes === true
      ? {}
      : { confirm: async () => askToSend(question, world) }),
    onFailure: (error) => failures.push(error),
  });
  const { color } = options;
  return showResults(report, { destinations, failures, code: deletedExitCode(report), color }, world);
}
