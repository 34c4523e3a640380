import type { JsonObject } from '../../src/model/json.ts';
import { json } from '../responses.ts';
import type { TenantObject } from '../tenant.ts';
import type { World } from '../world.ts';
import type { rightTo } from './guards.ts';
import {
  bundleOf,
  type Collection,
  findShown,
  isProtected,
  look,
  type Plane,
  retentionOf,
  rowOf,
  type Shown,
  shownIn,
  versionOf,
} from './objects.ts';
import { planeError, vaultWords } from './refusals.ts';

/** A request to the data plane of a vault; `name` is empty where it is about a whole collection. */
interface PlaneRequest {
  readonly plane: Plane;
  readonly url: URL;
  readonly collection: Collection;
  readonly name: string;
}

/** One row of the table of operations. `{collection}` stands for secrets, keys and certificates. */
interface PlaneOperation {
  readonly method: string;
  readonly path: string;
  readonly right: Parameters<typeof rightTo>[0];
  readonly handle: (request: PlaneRequest, world: World) => Response;
}

/** Everything that the data plane of a vault answers to. */
export const planeOperations: readonly PlaneOperation[] = [
  { method: 'GET', path: '/{collection}', right: 'list', handle: list },
  { method: 'GET', path: '/{collection}/{name}/versions', right: 'list', handle: listVersions },
  { method: 'GET', path: '/{deletedCollection}/{name}', right: 'getDeleted', handle: getDeleted },
  { method: 'GET', path: '/{collection}/{name}', right: 'get', handle: get },
  { method: 'GET', path: '/{collection}/{name}/{version}', right: 'get', handle: get },
  { method: 'DELETE', path: '/{deletedCollection}/{name}', right: 'purge', handle: purge },
  { method: 'DELETE', path: '/{collection}/{name}', right: 'delete', handle: remove },
  { method: 'POST', path: '/{deletedCollection}/{name}/recover', right: 'recover', handle: recover },
];

/** `GET /secrets`, `GET /deletedsecrets` and their siblings: metadata alone, 25 at a time. */
function list({ plane, url, collection }: PlaneRequest, world: World): Response {
  const deleted = /^\/deleted/i.test(url.pathname);
  const refusal = deleted ? refuseWithoutBin(plane, world) : undefined;
  if (refusal !== undefined) return refusal;
  const rows = shownIn(plane, collection, deleted).map((shown) => rowOf(shown, plane));
  look(plane);
  return page(rows, url, world);
}

/** `GET /secrets/{name}/versions` and its siblings: metadata alone; of an object that is not there, no versions. */
function listVersions({ plane, url, collection, name }: PlaneRequest, world: World): Response {
  const shown = findShown(shownIn(plane, collection, false), name);
  look(plane);
  if (shown === undefined) return page([], url, world);
  const key = collection === 'keys' ? 'kid' : 'id';
  const { name: own } = shown.object;
  const id = `${plane.origin}/${collection}/${own}/${versionOf(own)}`;
  return page([{ ...rowOf(shown, plane), [key]: id }], url, world);
}

/** `GET /secrets/{name}`: with its value. Of a key the public half, of a certificate its public part. */
function get({ plane, collection, name }: PlaneRequest, world: World): Response {
  const shown = findShown(shownIn(plane, collection, false), name);
  look(plane);
  if (shown === undefined) return notFound(collection, name, world);
  const bundle = bundleOf(shown, plane);
  return json(
    collection === 'secrets' ? { value: shown.object.value ?? 'a secret value', ...bundle } : bundle,
  );
}

/** `GET /deletedsecrets/{name}`: without its value. */
function getDeleted({ plane, collection, name }: PlaneRequest, world: World): Response {
  const shown = findShown(shownIn(plane, collection, true), name);
  const isThere = shown !== undefined && (shown.object.deleting ?? 0) === 0;
  const answer = isThere ? json(bundleOf(shown, plane)) : notDeleted(collection, name, world);
  look(plane);
  return answer;
}

/** `POST /deletedsecrets/{name}/recover`: accepted at once, carried out in a while. */
function recover({ plane, collection, name }: PlaneRequest, world: World): Response {
  const shown = findShown(shownIn(plane, collection, true), name);
  if (shown === undefined) return notFound(collection, name, world);
  const refusal = refuseChange({ shown, operation: 'recover', plane }, world);
  if (refusal !== undefined) return refusal;
  const { deletedDate: _, scheduledPurgeDate: __, ...live } = shown.object;
  const answer = bundleOf({ ...shown, object: live }, plane);
  shown.object.recovering = world.options.recoverLooks ?? 1;
  if (shown.object.recovering === 0) look(plane);
  return json(answer);
}

/** `DELETE /deletedsecrets/{name}`: 204, and nobody can undo it. */
function purge({ plane, collection, name }: PlaneRequest, world: World): Response {
  const shown = findShown(shownIn(plane, collection, true), name);
  if (shown === undefined) return notDeleted(collection, name, world);
  const refusal = refuseChange({ shown, operation: 'purge', plane }, world);
  if (refusal !== undefined) return refusal;
  takeOut(plane, shown.object);
  return new Response(null, { status: 204, headers: { 'x-ms-request-id': world.newId() } });
}

/** `DELETE /secrets/{name}`: into the recycle bin, or for good where soft delete is off. */
function remove({ plane, collection, name }: PlaneRequest, world: World): Response {
  const shown = findShown(shownIn(plane, collection, false), name);
  if (shown === undefined) return notFound(collection, name, world);
  const refusal = refuseChange({ shown, operation: 'delete', plane }, world);
  if (refusal !== undefined) return refusal;
  const days = retentionOf(plane);
  if (days === 0) {
    takeOut(plane, shown.object);
    return json(bundleOf(shown, plane));
  }
  shown.object.deletedDate = new Date(world.now()).toISOString();
  shown.object.scheduledPurgeDate = new Date(world.now() + days * dayMs).toISOString();
  return json(bundleOf(shown, plane));
}

const dayMs = 24 * 60 * 60 * 1000;

interface Change {
  readonly shown: Shown;
  readonly operation: 'delete' | 'recover' | 'purge';
  readonly plane: Plane;
}

/** What refuses a change whoever asks for it. Sources: recorded traffic, and Azure/sap-automation#200 for purge protection. */
function refuseChange({ shown, operation, plane }: Change, world: World): Response | undefined {
  const { object, collection, managed } = shown;
  const word = words[collection];
  if (managed)
    return planeError(world, {
      status: 403,
      code: 'Forbidden',
      message: `Operation "${operation}" is not allowed as this object's lifetime is managed by Key Vault.`,
      inner: `${word}ManagedByKeyVault`,
    });
  if (operation === 'purge' && isProtected(plane))
    return planeError(world, {
      status: 403,
      code: 'Forbidden',
      message:
        'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will ' +
        `automatically purge it after the retention period has passed.\r\nVault: ${vaultWords(plane.vault)}`,
    });
  if ((object.deleting ?? 0) > 0) {
    look(plane);
    return conflict(`${word} is currently being deleted.`, 'ObjectIsBeingDeleted', world);
  }
  if (object.recovering === undefined) return undefined;
  return conflict(`${word} is currently being recovered.`, 'ObjectIsBeingRecovered', world);
}

function conflict(message: string, inner: string, world: World): Response {
  return planeError(world, { status: 409, code: 'Conflict', message, inner });
}

/** Without soft delete there is no recycle bin. */
function refuseWithoutBin(plane: Plane, world: World): Response | undefined {
  if (retentionOf(plane) > 0) return undefined;
  const message = 'Operation "getDeleted" is not enabled for this vault.';
  return planeError(world, { status: 403, code: 'NotSupported', message });
}

function takeOut({ objects }: Plane, object: TenantObject): void {
  objects.splice(objects.indexOf(object), 1);
}

const words = { secrets: 'Secret', keys: 'Key', certificates: 'Certificate' } as const;

function notFound(collection: Collection, name: string, world: World): Response {
  const word = words[collection].toLowerCase();
  return planeError(world, {
    status: 404,
    code: `${words[collection]}NotFound`,
    message:
      `A ${word} with (name/id) ${name} was not found in this key vault. If you recently deleted this ${word} you may ` +
      'be able to recover it using the correct recovery command. For help resolving this issue, please see ' +
      'https://go.microsoft.com/fwlink/?linkid=2125182',
  });
}

function notDeleted(collection: Collection, name: string, world: World): Response {
  const message = `Deleted ${words[collection]} not found: ${name}`;
  return planeError(world, { status: 404, code: `${words[collection]}NotFound`, message });
}

/** A page: 25 rows unless fewer are asked for. Its link names the port, as Azure's does. */
function page(rows: readonly JsonObject[], url: URL, world: World): Response {
  const size = Number(url.searchParams.get('maxresults') ?? 25);
  if (!Number.isInteger(size) || size < 1 || size > 25)
    return planeError(world, {
      status: 400,
      code: 'BadParameter',
      message: 'The value of maxresults must be between 1 and 25.',
    });
  const offset = Number(url.searchParams.get('$skiptoken') ?? 0);
  const next = offset + size;
  const more = new URL(url);
  more.searchParams.set('$skiptoken', String(next));
  const link = more.href.replace(more.host, `${more.hostname}:443`);
  return json({ value: rows.slice(offset, next), nextLink: next >= rows.length ? null : link });
}
