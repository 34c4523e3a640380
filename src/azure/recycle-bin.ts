import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { DeletedRead, DeletedVault, RecycleBin } from '../model/arm-ports.ts';
import { knownType, toDeletedVault } from '../resource-types/known-type.ts';
import type { RecycleBinSpelling } from '../resource-types/resource-type.ts';
import { respell } from '../resource-types/spelling.ts';
import { exchangeWithArm } from './arm-exchange.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
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
        isEntry: (row: JsonObject) => isEntryOf(subscriptionId, toEntry(row, type)),
      };
      const rows = await readArmList(connection, list, signal);
      // An entry may slide to the next page while pages are read: it is one all the same.
      const entries = rows.flatMap((row) => toEntry(row, type) ?? []);
      return [...new Map(entries.map((entry) => [entry.id.toLowerCase(), entry])).values()];
    },
    async read({ id, vault }, signal) {
      const url = `${armEndpoint}${encodeURI(id)}?api-version=${versionOf(vault.type)}`;
      const got = await exchangeWithArm(connection, { method: 'GET', url, signal });
      if (got.kind === 'answered')
        return got.status === 204 ? notFound : readFrom(got.body, { id, type: vault.type });
      const { status, code } = got.refusal;
      const isAbsent = status === 404 && absentCodes.has(code.toLowerCase());
      return isAbsent ? notFound : { kind: 'failed', refusal: got.refusal };
    },
  };
}

const notFound: DeletedRead = { kind: 'notFound' };

/** ARM's own words for an entry that is not there. Whoever may not read it gets a 403. */
const absentCodes = new Set(['deletedvaultnotfound', 'deletedmanagedhsmnotfound', 'resourcenotfound']);

function binOf(type: string): RecycleBinSpelling {
  const bin = knownType(type)?.recycleBin;
  if (bin === undefined) throw new Error(`ARM shows no recycle bin for resources of type ${type}`);
  return bin;
}

/** The version of ARM's control plane for a type. */
export function versionOf(type: string): string {
  return knownType(type)?.apiVersion ?? '';
}

/** An entry in Azure's spelling, which not every gateway keeps; `undefined` where two spellings tell different things. */
function toEntry(row: JsonObject, type: string): DeletedVault | undefined {
  const { body, conflicts } = respell(row);
  return conflicts.length === 0 ? toDeletedVault(body, type) : undefined;
}

/** The recycle bin of a subscription holds what was deleted in it: an entry of another one was not asked for. */
function isEntryOf(subscriptionId: string, entry: DeletedVault | undefined): boolean {
  if (entry === undefined) return false;
  const asked = `/subscriptions/${subscriptionId}/`.toLowerCase();
  return [entry.id, entry.vault.id].every((id) => id.toLowerCase().startsWith(asked));
}

function readFrom(body: unknown, { id, type }: { readonly id: string; readonly type: string }): DeletedRead {
  const deleted = isJsonObject(body) ? toEntry(body, type) : undefined;
  if (deleted?.id.toLowerCase() === id.toLowerCase()) return { kind: 'found', deleted };
  const message =
    deleted === undefined
      ? 'the answer is not an entry of a recycle bin'
      : 'the answer is about another entry of the recycle bin';
  return { kind: 'failed', refusal: refusal({ status: 0, code: 'MalformedAnswer', message }) };
}
