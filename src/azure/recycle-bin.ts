import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { DeletedRead, RecycleBin, WriteAction, WriteAnswer } from '../model/arm-ports.ts';
import { knownType, toDeletedVault } from '../resource-types/known-type.ts';
import type { RecycleBinSpelling } from '../resource-types/resource-type.ts';
import { exchangeWithArm } from './arm-exchange.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import { type FollowOptions, followOperation } from './follow-operation.ts';
import { refusal } from './refusal.ts';
import type { Session } from './session.ts';

/** The recycle bins of subscriptions, which ARM alone shows. `watched` counts the retries and waits of the lists. */
export function armRecycleBin(
  connection: AzureConnection,
  watched?: Pick<Session, 'cost' | 'onWait'>,
): RecycleBin {
  const { armEndpoint } = connection.cloud;
  return {
    async list(subscriptionId, type, signal) {
      const { collection } = binOf(type);
      const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/Microsoft.KeyVault/${collection}`;
      const list = {
        operation: `read the deleted ${knownType(type)?.words.many ?? 'resources'} of subscription ${subscriptionId}`,
        path: `${path}?api-version=${versionOf(type)}`,
        ...(watched === undefined ? {} : { session: { ...watched, signal } }),
        isEntry: (row: JsonObject) => toDeletedVault(row, type) !== undefined,
      };
      const rows = await readArmList(connection, list, signal);
      return rows.flatMap((row) => toDeletedVault(row, type) ?? []);
    },
    async read({ id, vault }, signal) {
      const url = `${armEndpoint}${encodeURI(id)}?api-version=${versionOf(vault.type)}`;
      const got = await exchangeWithArm(connection, { method: 'GET', url, signal });
      if (got.kind === 'answered') return got.status === 204 ? notFound : readFrom(got.body, vault.type);
      const { status, code } = got.refusal;
      const isAbsent = status === 404 && absentCodes.has(code.toLowerCase());
      return isAbsent ? notFound : { kind: 'failed', refusal: got.refusal };
    },
  };
}

const notFound: DeletedRead = { kind: 'notFound' };

/** ARM's own words for an entry that is not there. Whoever may not read it gets a 403. */
const absentCodes = new Set(['deletedvaultnotfound', 'deletedmanagedhsmnotfound', 'resourcenotfound']);

/** Sends a recovery or a purge, and follows what Azure accepts to its end. */
export async function sendToRecycleBin(
  connection: AzureConnection,
  action: Extract<WriteAction, { readonly kind: 'recover' | 'purge' }>,
  options: FollowOptions,
): Promise<WriteAnswer> {
  const { id, vault } = action.deleted;
  const { armEndpoint } = connection.cloud;
  const version = `?api-version=${versionOf(vault.type)}`;
  const sent = await exchangeWithArm(
    connection,
    action.kind === 'purge'
      ? { method: 'POST', url: `${armEndpoint}${encodeURI(id)}/purge${version}` }
      : { method: 'PUT', url: `${armEndpoint}${encodeURI(vault.id)}${version}`, body: action.body },
  );
  if (sent.kind === 'refused') return sent;
  const { requestId, location, status } = sent;
  if (status !== 202) return { kind: 'accepted', requestId, followed: true };
  return location === undefined
    ? { kind: 'accepted', requestId, followed: false }
    : followOperation(connection, { requestId, location }, options);
}

function binOf(type: string): RecycleBinSpelling {
  const bin = knownType(type)?.recycleBin;
  if (bin === undefined) throw new Error(`ARM shows no recycle bin for resources of type ${type}`);
  return bin;
}

function versionOf(type: string): string {
  return knownType(type)?.apiVersion ?? '';
}

function readFrom(body: unknown, type: string): DeletedRead {
  const deleted = isJsonObject(body) ? toDeletedVault(body, type) : undefined;
  if (deleted !== undefined) return { kind: 'found', deleted };
  const message = 'the answer is not an entry of a recycle bin';
  return { kind: 'failed', refusal: refusal({ status: 0, code: 'MalformedAnswer', message }) };
}
