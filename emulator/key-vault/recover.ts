import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { param, type OperationRequest } from '../operation.ts';
import { armError } from '../responses.ts';
import { guardWrite } from './guards.ts';
import { deletedIn, takeOut } from './recycle-bin.ts';
import { keepResource, textOf } from './store.ts';
import type { WriteOutcome, Writing } from './writing.ts';

/** Whether a PUT is to recover a deleted resource. */
export function isRecovery({ method, request }: Writing): boolean {
  const { body } = request;
  const properties = isJsonObject(body) ? body['properties'] : undefined;
  const mode = isJsonObject(properties) ? properties['createMode'] : undefined;
  return method === 'PUT' && typeof mode === 'string' && /^recover$/i.test(mode);
}

/**
 * Carries out a PUT with `createMode: recover`: the resource comes back as it was, network rules and access policies
 * included, whatever else the request says (Azure/azure-rest-api-specs#21306); only tags are taken from it.
 */
export function recover({ request, world, type }: Writing, id: string, isLive: boolean): WriteOutcome {
  const group = id.split('/').slice(0, 5).join('/').toLowerCase();
  if ((world.tenant.missingResourceGroups ?? []).some((one) => one.toLowerCase() === group))
    return { refused: groupNotFound(request) };
  const entry = deletedIn(world, param(request, 'subscriptionId'), type).find(
    ({ resource }) => textOf(resource, 'id').toLowerCase() === id.toLowerCase(),
  );
  const action = `Microsoft.KeyVault/${type}/write`;
  const refused = guardWrite({ id, action, after: entry?.resource ?? { id } }, world);
  if (refused !== undefined) return { refused };
  if (entry === undefined) return { refused: isLive ? alreadyExists(request) : notDeleted(request) };
  takeOut(world, entry);
  const { body } = request;
  const tags = isJsonObject(body) ? body['tags'] : undefined;
  const resource: JsonObject = { ...entry.resource, tags: tags ?? {} };
  keepResource(world, resource);
  return { resource };
}

/** 409 as Key Vault says it for a name that a deleted vault holds. */
export function heldByDeleted(): Response {
  return armError({
    status: 409,
    code: 'ConflictError',
    message:
      'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.',
  });
}

function groupNotFound(request: OperationRequest): Response {
  return armError({
    status: 404,
    code: 'ResourceGroupNotFound',
    message: `Resource group '${param(request, 'group')}' could not be found.`,
  });
}

function alreadyExists(request: OperationRequest): Response {
  return armError({
    status: 409,
    code: 'VaultAlreadyExists',
    message: `The vault name '${param(request, 'name')}' is already in use.`,
  });
}

function notDeleted(request: OperationRequest): Response {
  return armError({
    status: 404,
    code: 'DeletedVaultNotFound',
    message: `The specified deleted vault '${param(request, 'name')}' does not exist.`,
  });
}
