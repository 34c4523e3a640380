import { AzureError } from '../model/errors.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Refusal } from '../model/refusal.ts';
import type { ObjectAddress, ObjectRead, PlaneAddress, VaultPlane } from '../model/vault-plane.ts';
import { exchangeWithArm } from './arm-exchange.ts';
import { type ArmPage, otherList, pageOf, readArmList } from './arm-list.ts';
import type { CloudEndpoints } from './cloud-endpoints.ts';
import type { AzureConnection } from './connection.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { refusal } from './refusal.ts';
import type { Session } from './session.ts';

/** 7.4, which the data planes of every cloud have; and the most rows that Key Vault gives at once. */
const query = 'api-version=7.4&maxresults=25';

/**
 * The data planes of vaults. Objects are read by lists, by the lists of their versions, and by the entries of deleted ones:
 * none of these returns what is secret. The clients of `@azure/keyvault-*` are not used, since their pollers read the secret
 * itself after a recovery. `watched` counts the retries and waits of the lists.
 */
export function vaultPlane(
  connection: AzureConnection,
  watched?: Pick<Session, 'cost' | 'onWait'>,
): VaultPlane {
  return {
    async list(plane, collection, signal) {
      const operation = `list the ${collection} of ${plane.name}`;
      const at = atVault(connection, plane);
      if ('refusal' in at) throw foreign(operation, at.refusal);
      const session = watched === undefined ? {} : { session: { ...watched, signal } };
      const path = `/${collection}`;
      const list = {
        operation,
        path: `${path}?${query}`,
        isItsPath: isPath(path),
        isEntry: isOf(at),
        ...session,
      };
      return (await readArmList(at.connection, list, signal)).map(withoutValue);
    },
    async readDeleted(object, signal) {
      const { plane, type, name } = object;
      const at = atVault(connection, plane);
      if ('refusal' in at) return { kind: 'failed', refusal: at.refusal };
      const collection = `/deleted${type}s`;
      const entry = await read(at, `${collection}/${encodeURIComponent(name)}`, signal);
      // An access policy may permit lists, and not single entries.
      if (entry.kind === 'found' && !(isOf(at)(entry.row) && isNamed(entry.row, object)))
        return malformed('it is about something else');
      const isDenied = entry.kind === 'failed' && entry.refusal.status === 403;
      return isDenied
        ? find(at, { path: collection, isWanted: (row) => isNamed(row, object) }, signal)
        : entry;
    },
    async readLive({ plane, type, name }, signal) {
      const at = atVault(connection, plane);
      if ('refusal' in at) return { kind: 'failed', refusal: at.refusal };
      return find(
        at,
        { path: `/${type}s/${encodeURIComponent(name)}/versions`, isWanted: () => true },
        signal,
      );
    },
  };
}

/** A connection to the data plane of a vault. */
interface AtVault {
  readonly connection: AzureConnection;
  readonly endpoint: string;
}

/**
 * Connects to a data plane. A token for vaults is sent to nothing but a host of this cloud's vaults: where `vaultUri` names
 * another one, nothing is.
 */
export function atVault(
  connection: AzureConnection,
  { name, uri }: PlaneAddress,
): AtVault | { readonly refusal: Refusal } {
  const endpoint = endpointIn(uri, connection.cloud);
  if (endpoint !== undefined) return { connection: connection.vault(endpoint), endpoint };
  const { vaultSuffix, name: cloud } = connection.cloud;
  const message = `the address of ${name} is ${JSON.stringify(uri)}, which is not below ${vaultSuffix}, where the vaults of ${cloud} are`;
  return { refusal: refusal({ status: 0, code: foreignCode, message }) };
}

const foreignCode = 'ForeignVaultUri';

/** The origin of a vault's address, if it is one label below the suffix of the cloud, by https and on its own port. */
function endpointIn(uri: string, { vaultSuffix }: CloudEndpoints): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, hostname, host, username, origin } = new URL(uri);
  const [label, ...rest] = hostname.split('.');
  const isOwn = label !== '' && rest.join('.') === vaultSuffix && host === hostname;
  return isOwn && protocol === 'https:' && username === '' ? origin : undefined;
}

function foreign(operation: string, { message, code, status }: Refusal): AzureError {
  const hint =
    'Nothing was sent there. Check --cloud, and the vault itself: `az keyvault show --name <vault>`';
  return new AzureError(`could not ${operation}: ${message}`, {
    operation,
    status,
    code,
    requestId: '',
    hint,
  });
}

/** Reads one entry. */
async function read(
  { connection, endpoint }: AtVault,
  path: string,
  signal: AbortSignal,
): Promise<ObjectRead> {
  const url = `${endpoint}${path}?api-version=7.4`;
  const got = await exchangeWithArm(connection, { method: 'GET', url, signal });
  if (got.kind === 'answered')
    return isJsonObject(got.body) ? found(got.body) : malformed('it is no JSON object');
  const { status, code } = got.refusal;
  const isAbsent = status === 404 && /^(secret|key|certificate)notfound$/i.test(code);
  return isAbsent ? { kind: 'notFound' } : { kind: 'failed', refusal: got.refusal };
}

interface Wanted {
  readonly path: string;
  readonly isWanted: (row: JsonObject) => boolean;
}

/** Reads a list up to the first row that is wanted. */
async function find(at: AtVault, { path, isWanted }: Wanted, signal: AbortSignal): Promise<ObjectRead> {
  const { connection, endpoint } = at;
  const requested = new Set<string>();
  let url: string | undefined = `${endpoint}${path}?${query}`;
  while (url !== undefined) {
    if (requested.has(url)) return malformed('the pages of the list have no end');
    requested.add(url);
    const got = await exchangeWithArm(connection, { method: 'GET', url, signal });
    if (got.kind === 'refused') return { kind: 'failed', refusal: got.refusal };
    const page = pageIn(got.body, endpoint);
    if (page instanceof MalformedAnswer) return malformed(page.message);
    if (!page.rows.every(isOf(at))) return malformed('an entry is about something in another vault');
    const row = page.rows.find(isWanted);
    if (row !== undefined) return found(row);
    url = page.next;
    if (url !== undefined && !isPath(path)(new URL(url).pathname)) return malformed(otherList);
  }
  return { kind: 'notFound' };
}

/** Nothing but a further page of the same list is read: below the same host, `/secrets/NAME` is what is secret itself. */
function isPath(path: string): (other: string) => boolean {
  return (other) => other.replace(/\/$/, '').toLowerCase() === path.toLowerCase();
}

function pageIn(body: unknown, endpoint: string): ArmPage | MalformedAnswer {
  try {
    return pageOf(isJsonObject(body) ? body : {}, endpoint);
  } catch (error) {
    if (error instanceof MalformedAnswer) return error;
    throw error;
  }
}

/** The addresses in a row: what is deleted has up to three, which must agree. */
function addressesIn({ id, kid, recoveryId }: JsonObject): readonly string[] {
  return [id, kid, recoveryId].filter((one) => typeof one === 'string');
}

function isNamed(row: JsonObject, { name }: ObjectAddress): boolean {
  const names = addressesIn(row).map((text) => text.split('/')[4]?.toLowerCase());
  return names.length > 0 && names.every((one) => one === name.toLowerCase());
}

/** A row tells of its vault: what another one holds is no answer about this one. */
function isOf({ endpoint }: AtVault): (row: JsonObject) => boolean {
  return (row) =>
    addressesIn(row).every(
      (text) => !URL.canParse(text) || new URL(text).origin === new URL(endpoint).origin,
    );
}

function found(row: JsonObject): ObjectRead {
  return { kind: 'found', row: withoutValue(row) };
}

/** No answer that is asked for has a value. If one had it all the same, it would end here. */
function withoutValue(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([key]) => key !== 'value'));
}

function malformed(why: string): ObjectRead {
  const message = `the answer is not one of a data plane: ${why}`;
  return { kind: 'failed', refusal: refusal({ status: 0, code: 'MalformedAnswer', message }) };
}
