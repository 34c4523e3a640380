import type { JsonObject } from '../../src/model/json.ts';
import { lacksRight } from '../key-vault/guards.ts';
import { findResource, textOf } from '../key-vault/store.ts';
import { write } from '../key-vault/write.ts';
import type { Writing } from '../key-vault/writing.ts';
import { param, type Operation } from '../operation.ts';
import { armError, json } from '../responses.ts';
import type { World } from '../world.ts';
import { keyVaultApiVersions, type KeyVaultType } from '../key-vault/paths.ts';
import { answerPurge } from './recycle-bin.ts';

/** `PATCH` and `PUT` of one vault: answered at once with the whole vault. */
export function writeVault(method: Writing['method']): Operation {
  return {
    method,
    path: pathOf('vaults'),
    apiVersions: keyVaultApiVersions,
    handle: async (request, world) => {
      const outcome = await write({ request, world, type: 'vaults', method });
      return 'refused' in outcome ? outcome.refused : json(outcome.resource, { headers: requestId(world) });
    },
  };
}

/** `PATCH` and `PUT` of one managed HSM: accepted with a `Location` that tells when it is done. */
export function writeManagedHsm(method: Writing['method']): Operation {
  return {
    method,
    path: pathOf('managedHSMs'),
    apiVersions: keyVaultApiVersions,
    handle: async (request, world) => {
      const outcome = await write({ request, world, type: 'managedHSMs', method });
      if ('refused' in outcome) return outcome.refused;
      const token = Buffer.from(`${world.newId()}|${textOf(outcome.resource, 'id')}`).toString('base64url');
      const location = new URL(
        `/subscriptions/${param(request, 'subscriptionId')}/providers/Microsoft.KeyVault/locations/` +
          `${textOf(outcome.resource, 'location')}/managedHSMOperationResults/${token}`,
        request.url,
      );
      location.searchParams.set('api-version', '2026-02-01');
      operationsOf(world).set(token, world.options.hsmPolls ?? 1);
      const headers = { location: location.href, 'retry-after': '0', ...requestId(world) };
      return json(withState(outcome.resource, 'Updating'), { status: 202, headers });
    },
  };
}

/** `GET …/managedHSMOperationResults/{token}`: 202 while the operation is under way, then the resource. */
export const getManagedHsmOperation: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/locations/{location}/managedHSMOperationResults/{token}',
  apiVersions: keyVaultApiVersions,
  handle: (request, world) => {
    const token = param(request, 'token');
    const refusal = lacksRight(
      {
        id: `/subscriptions/${param(request, 'subscriptionId')}`,
        action: 'Microsoft.KeyVault/locations/managedHsmOperationResults/read',
      },
      world,
    );
    if (refusal !== undefined) return refusal;
    const purge = answerPurge(request, world);
    if (purge !== undefined) return purge;
    const left = operationsOf(world).get(token);
    const id = Buffer.from(token, 'base64url').toString().split('|')[1] ?? '';
    const resource = findResource(world, id);
    if (left === undefined || resource === undefined)
      return armError({ status: 404, code: 'OperationNotFound', message: 'There is no such operation.' });
    if (left === 0) return json(resource);
    operationsOf(world).set(token, left - 1);
    return new Response(null, { status: 202, headers: { location: request.url.href, 'retry-after': '0' } });
  },
};

function pathOf(type: KeyVaultType): string {
  return `/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.KeyVault/${type}/{name}`;
}

const pending = new WeakMap<World, Map<string, number>>();

/** How often each operation is still under way when it is asked. */
function operationsOf(world: World): Map<string, number> {
  const operations = pending.get(world) ?? new Map();
  pending.set(world, operations);
  return operations;
}

function withState(resource: JsonObject, provisioningState: string): JsonObject {
  return { ...resource, properties: { ...Object(resource['properties']), provisioningState } };
}

function requestId(world: World): Record<string, string> {
  return { 'x-ms-request-id': world.newId() };
}
