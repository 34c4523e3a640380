import { compareText } from '../../model/compare-text.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { daysUntil } from '../../model/days-until.ts';
import type { DeletedObjectItem, DeletedObjectList } from '../../model/deleted-report.ts';
import { AzureError, sentenceOf, UsageError } from '../../model/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { JournalEntry } from '../../model/journal.ts';
import { isPurgeable } from '../../model/recovery-level.ts';
import type { Refusal } from '../../model/refusal.ts';
import type {
  DeletedObject,
  ObjectAddress,
  ObjectType,
  PlaneAddress,
  VaultPlane,
} from '../../model/vault-plane.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { exitCodes } from '../exit-code.ts';

/** The resource type that roles and logs give an object: `Microsoft.KeyVault/vaults/secrets`. */
export function typeInArm(type: ObjectType): string {
  return `Microsoft.KeyVault/vaults/${type}s`;
}

/** Reads the row or the entry of a deleted object; `undefined` for one without a name, or of two. */
export function toDeletedObject(
  row: JsonObject,
  { plane, type }: Pick<ObjectAddress, 'plane' | 'type'>,
): DeletedObject | undefined {
  const { attributes } = row;
  const names = ['recoveryId', 'id', 'kid'].flatMap((member) => nameIn(row[member]) ?? []);
  const [name] = names;
  if (name === undefined || names.some((one) => one.toLowerCase() !== name.toLowerCase())) return undefined;
  const level = isJsonObject(attributes) ? attributes['recoveryLevel'] : undefined;
  return {
    plane,
    type,
    name,
    id: `${plane.id}/${type}s/${name}`,
    recoveryLevel: typeof level === 'string' ? level : '',
    deletedDate: toDate(row['deletedDate']),
    scheduledPurgeDate: toDate(row['scheduledPurgeDate']),
    managed: row['managed'] === true,
  };
}

/** `https://HOST/deletedsecrets/NAME`, or `https://HOST/secrets/NAME/VERSION`. */
function nameIn(id: Json | undefined): string | undefined {
  const [, name] =
    typeof id === 'string' ? (/^https:\/\/[^/]+\/[a-z]+\/([0-9a-z-]{1,127})(?:\/|$)/i.exec(id) ?? []) : [];
  return name;
}

/** Seconds since 1970 as ISO 8601; empty for what is no time. */
function toDate(seconds: Json | undefined): string {
  const date = typeof seconds === 'number' ? new Date(seconds * 1000) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, 19)}Z`;
}

/** The deleted objects of a vault, and what could not be listed. */
export interface ObjectListing {
  readonly deleted: readonly DeletedObject[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Lists the deleted objects of a vault. A type that is denied costs the others nothing; a data plane that is not reached is
 * not asked for the others. Throws `AzureError` without a sign-in.
 */
export async function listDeletedObjects(
  plane: VaultPlane,
  { address, types }: { readonly address: PlaneAddress; readonly types: readonly ObjectType[] },
  signal: AbortSignal,
): Promise<ObjectListing> {
  const deleted: DeletedObject[] = [];
  const unreadable: Unreadable[] = [];
  for (const type of types) {
    try {
      const rows = await plane.list(address, `deleted${type}s`, signal);
      const objects = rows.map((row) => toDeletedObject(row, { plane: address, type }));
      deleted.push(...objects.filter((one) => one !== undefined));
      if (objects.includes(undefined)) unreadable.push(incomplete(address, type));
    } catch (error) {
      if (signal.aborted) return { deleted, unreadable: [...unreadable, interrupted(address)] };
      if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
      const isReached = error.status !== 0;
      unreadable.push(gapOf(isReached ? `${address.id}/${type}s` : address.id, error));
      if (!isReached) break;
    }
  }
  return { deleted, unreadable };
}

function gapOf(scope: string, error: AzureError): Unreadable {
  return { scope, kind: 'resource', reason: sentenceOf(error), hint: error.hint };
}

function incomplete({ id }: PlaneAddress, type: ObjectType): Unreadable {
  const reason = 'An entry of the list names no object.';
  const hint = 'Something between here and Azure may cut or rewrite answers: check the proxy, and try again.';
  return { scope: `${id}/${type}s`, kind: 'resource', reason, hint };
}

function interrupted({ id }: PlaneAddress): Unreadable {
  return {
    scope: id,
    kind: 'interrupted',
    reason: 'It was interrupted before everything was listed.',
    hint: 'List again.',
  };
}

/** The list as a document, at a moment. What a certificate manages counts as part of it. */
export function toObjectList({ deleted, unreadable }: ObjectListing, now: Date): DeletedObjectList {
  return {
    schemaVersion: '1.0',
    complete: unreadable.length === 0,
    objects: deleted
      .filter(({ managed }) => !managed)
      .map((one) => toItem(one, now))
      .toSorted(byUrgency),
    unreadable,
  };
}

/** 0 nothing is deleted, 1 something is, 3 something could not be listed. */
export function objectListExitCode({ complete, objects }: DeletedObjectList): number {
  if (!complete) return exitCodes.incomplete;
  return objects.length > 0 ? exitCodes.findings : exitCodes.clean;
}

function toItem(
  { name, type, recoveryLevel, deletedDate, scheduledPurgeDate }: DeletedObject,
  now: Date,
): DeletedObjectItem {
  const daysToPurge = daysUntil(scheduledPurgeDate, now);
  return { name, type, recoveryLevel, deletedDate, scheduledPurgeDate, daysToPurge };
}

function byUrgency(a: DeletedObjectItem, b: DeletedObjectItem): number {
  return (
    Number(isPurgeable(b)) - Number(isPurgeable(a)) ||
    (a.daysToPurge ?? -1) - (b.daysToPurge ?? -1) ||
    compareText(`${a.name.toLowerCase()} ${a.type}`, `${b.name.toLowerCase()} ${b.type}`)
  );
}

/** The places where the name of an object is looked up: its vault, and the journal of earlier runs. */
export interface ObjectNames {
  readonly action: 'recover' | 'purge';
  readonly plane: VaultPlane;
  readonly address: PlaneAddress;
  readonly type: ObjectType;
  readonly entries: readonly JournalEntry[];
}

/**
 * Finds the deleted objects that names stand for. What an earlier run has taken out of the recycle bin is found in the
 * journal, so that this run can say what happened. Throws UsageError for a name that stands for nothing, or for a part of a
 * certificate, and AzureError where the vault does not tell.
 */
export async function chooseObjects(
  names: readonly string[],
  from: ObjectNames,
  signal: AbortSignal,
): Promise<readonly DeletedObject[]> {
  const chosen: DeletedObject[] = [];
  for (const name of names) chosen.push(await chooseObject(name, from, signal));
  return [...new Map(chosen.map((one) => [one.id.toLowerCase(), one])).values()];
}

async function chooseObject(name: string, from: ObjectNames, signal: AbortSignal): Promise<DeletedObject> {
  const { plane, address, type } = from;
  if (!/^[0-9a-z-]{1,127}$/i.test(name)) throw unknownObject(name, from);
  const read = await plane.readDeleted({ plane: address, type, name }, signal);
  if (read.kind === 'failed') {
    const target = { id: `${address.id}/${type}s/${name}`, type: typeInArm(type) };
    throw couldNotRead(`the deleted ${type} ${name} of ${address.name}`, target, read.refusal);
  }
  const found =
    read.kind === 'found' ? toDeletedObject(read.row, { plane: address, type }) : fromJournal(name, from);
  if (found === undefined) throw unknownObject(name, from);
  if (!found.managed) return found;
  throw new UsageError(
    `Nothing was sent: the ${type} ${found.name} is a part of the certificate of that name, and goes with it.`,
    'Give the certificate: --type certificate.',
  );
}

/** The error of a read without which nothing can be begun. */
export function couldNotRead(
  what: string,
  target: { readonly id: string; readonly type: string },
  refusal: Refusal,
): AzureError {
  const { status, code, requestId } = refusal;
  const { cause, hint } = explainRefusal(refusal, target, 'read');
  const operation = `read ${what}`;
  return new AzureError(`could not ${operation}: ${cause}`, { operation, status, code, requestId, hint });
}

/** The latest entry that a request was written down for. */
function fromJournal(
  name: string,
  { action, address, type, entries }: ObjectNames,
): DeletedObject | undefined {
  const kind = action === 'purge' ? 'purgeObject' : 'recoverObject';
  const id = `${address.id}/${type}s/${name}`;
  const intent = entries.findLast(
    (entry) =>
      entry.kind === 'intent' && entry.action === kind && entry.vault.toLowerCase() === id.toLowerCase(),
  );
  if (intent?.kind !== 'intent') return undefined;
  const { recoveryLevel, deletedDate, scheduledPurgeDate } = intent.before.properties;
  return {
    plane: address,
    type,
    name: intent.vault.slice(intent.vault.lastIndexOf('/') + 1),
    id: intent.vault,
    recoveryLevel: textOrNone(recoveryLevel),
    deletedDate: textOrNone(deletedDate),
    scheduledPurgeDate: textOrNone(scheduledPurgeDate),
    managed: false,
  };
}

function textOrNone(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function unknownObject(name: string, { address, type }: ObjectNames): UsageError {
  return new UsageError(
    `No deleted ${type} of ${address.name} is called ${JSON.stringify(name)}.`,
    `What is not there was purged, or was never deleted. See what is there: \`purgeproof deleted objects list ${address.name}\``,
  );
}
