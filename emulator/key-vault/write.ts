import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { param, type OperationRequest } from '../operation.ts';
import { armError, json } from '../responses.ts';
import { reaches } from '../rights/rights.ts';
import { findSubscription } from '../tenant.ts';
import type { World } from '../world.ts';
import type { WriteOutcome, Writing } from './writing.ts';
import { guardPermissionModel, guardWrite } from './guards.ts';
import { patchProperties, putProperties } from './properties.ts';
import { heldByDeleted, isRecovery, recover } from './recover.ts';
import { deletedIn } from './recycle-bin.ts';
import { findResource, keepResource, textOf } from './store.ts';

/** Carries out a write as ARM and Key Vault do: rights, locks and policies first, then the service's own rules. */
export async function write(writing: Writing): Promise<WriteOutcome> {
  const { world } = writing;
  const id = idOf(writing);
  const writers = underWay(world);
  if (writers.has(id.toLowerCase())) return { refused: conflict() };
  writers.add(id.toLowerCase());
  try {
    await delay(world.options.writeMs ?? 0);
    return writeNow(writing, id);
  } finally {
    writers.delete(id.toLowerCase());
  }
}

/** 404 as ARM says it for a resource that is not there. */
export function resourceNotFound(type: string, request: OperationRequest): Response {
  return armError({
    status: 404,
    code: 'ResourceNotFound',
    message:
      `The Resource 'Microsoft.KeyVault/${type}/${param(request, 'name')}' under resource group ` +
      `'${param(request, 'group')}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  });
}

const writersOf = new WeakMap<World, Set<string>>();

function underWay(world: World): Set<string> {
  const writers = writersOf.get(world) ?? new Set();
  writersOf.set(world, writers);
  return writers;
}

function writeNow(writing: Writing, path: string): WriteOutcome {
  const { request, world, type, method } = writing;
  const { body } = request;
  if (!isJsonObject(body)) return { refused: badRequest('The request content was invalid.') };
  const subscription = findSubscription(world.tenant, param(request, 'subscriptionId'));
  const isVisible = subscription !== undefined && reaches(world.tenant, subscription);
  const before = isVisible ? findResource(world, path) : undefined;
  const id = before === undefined ? path : textOf(before, 'id');
  if (isRecovery(writing)) return recover(writing, path, before !== undefined);
  if (method === 'PUT' && isNameInBin(world, request, type)) return { refused: heldByDeleted() };
  if (method === 'PATCH' && before === undefined && isVisible)
    return { refused: resourceNotFound(type, request) };
  const written = propertiesAfter(before, body, method);
  const after = { ...before, ...bodyAfter(before, body, { request, type }) };
  const properties = 'properties' in written ? written.properties : undefined;
  const action = `Microsoft.KeyVault/${type}/write`;
  const refused = guardWrite(
    { id, action, after: { ...after, properties: properties ?? before?.['properties'] ?? {} } },
    world,
  );
  if (refused !== undefined) return { refused };
  if (properties === undefined)
    return { refused: badRequest('refusal' in written ? written.refusal : 'bad request') };
  const kept = guardPermissionModel({ id, before: before?.['properties'], after: properties }, world);
  if (kept !== undefined) return { refused: kept };
  const resource: JsonObject = { ...after, properties };
  keepResource(world, resource);
  return { resource };
}

function isNameInBin(world: World, request: OperationRequest, type: Writing['type']): boolean {
  const name = param(request, 'name').toLowerCase();
  return deletedIn(world, param(request, 'subscriptionId'), type).some(
    ({ resource }) => textOf(resource, 'name').toLowerCase() === name,
  );
}

function propertiesAfter(
  before: JsonObject | undefined,
  body: JsonObject,
  method: Writing['method'],
): ReturnType<typeof patchProperties> {
  const own = before?.['properties'];
  const known = isJsonObject(own) ? own : undefined;
  const asked = isJsonObject(body['properties']) ? body['properties'] : {};
  if (method === 'PATCH') return patchProperties(known ?? {}, asked);
  if (asked['accessPolicies'] === undefined && asked['enableRbacAuthorization'] !== true)
    return { refusal: 'The parameter accessPolicies is not specified.' };
  return putProperties(known, asked);
}

/** Everything beside the properties. Tags are replaced whole. */
function bodyAfter(
  before: JsonObject | undefined,
  body: JsonObject,
  { request, type }: Pick<Writing, 'request' | 'type'>,
): JsonObject {
  return {
    id: before?.['id'] ?? request.url.pathname,
    name: before?.['name'] ?? param(request, 'name'),
    type: before?.['type'] ?? `Microsoft.KeyVault/${type}`,
    location: before?.['location'] ?? body['location'] ?? '',
    tags: body['tags'] ?? before?.['tags'] ?? {},
  };
}

function idOf({ request }: Writing): string {
  return decodeURIComponent(request.url.pathname);
}

function badRequest(message: string): Response {
  return json({ error: { code: 'BadRequest', message } }, { status: 400 });
}

function conflict(): Response {
  return json(
    {
      error: {
        code: 'ConflictError',
        message:
          'A conflict occurred that prevented the operation from completing. The operation failed because the Key ' +
          "Vault '' changed from the point the operation began. This can happen if parallel operations are being " +
          'performed on the Key Vault. To prevent this error, serialize the operations so that only one operation is ' +
          'performed on the Key Vault at a time.',
      },
    },
    { status: 409 },
  );
}
