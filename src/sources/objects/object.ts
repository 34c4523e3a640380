import { daysUntil } from '../../model/days-until.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { recoveryLevels } from '../../model/recovery-level.ts';
import type { ObjectCollection } from '../../model/vault-plane.ts';
import type { Resource } from '../../model/resource.ts';
import { gapsOfBody } from '../../resource-types/gaps.ts';
import { readTags } from '../../resource-types/tags.ts';

/** An object by the name in its id, with the one row that is about it; two rows that differ are `conflicting`. */
export interface FoundObject {
  readonly name: string;
  readonly row: JsonObject;
  readonly conflicting: boolean;
}

/** A collection as far as it could be read, by name in lower case. */
export interface FoundObjects {
  readonly found: ReadonlyMap<string, FoundObject>;
  readonly complete: boolean;
}

/** The vault of some objects, as they show it, and the time of the scan. */
export interface ObjectContext {
  readonly vault: Resource;
  /** The part of its body that conditions on objects may read, and what of it could not be read. */
  readonly shown: JsonObject;
  readonly gaps: readonly string[];
  readonly now: Date;
}

/** Prepares the part of a vault that its objects share. */
export function objectContext(vault: Resource, now: Date): ObjectContext {
  const { id, name, gaps } = vault;
  const properties = pick(vault.body['properties'], [
    'enableSoftDelete',
    'softDeleteRetentionInDays',
    'enablePurgeProtection',
    'enableRbacAuthorization',
  ]);
  const below = gaps.filter((path) => path.startsWith('properties')).map((path) => `vault.${path}`);
  return { vault, shown: { id, name, properties }, gaps: below, now };
}

function pick(from: Json | undefined, names: readonly string[]): JsonObject {
  if (!isJsonObject(from)) return {};
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

/** The type of what is in a collection: `Microsoft.KeyVault/vaults/deletedKeys`. */
export function typeOfCollection(collection: ObjectCollection): string {
  const deleted = /^deleted(.)(.*)$/.exec(collection);
  const [, first = '', rest = ''] = deleted ?? [];
  return `Microsoft.KeyVault/vaults/${deleted === null ? collection : `deleted${first.toUpperCase()}${rest}`}`;
}

/**
 * The name of the object that a row of a collection is about; `undefined` where it is about nothing in it. In rows of the data
 * plane the id is `https://HOST/secrets/NAME`, with `kid` in place of `id` for keys; in rows of ARM it ends in `/keys/NAME`.
 */
export function objectName(row: JsonObject, collection: ObjectCollection): string | undefined {
  const id = row['kid'] ?? row['id'];
  const [, plural, name] =
    typeof id === 'string'
      ? (/\/(keys|secrets|certificates)\/([0-9a-z-]{1,127})(?:\/[0-9a-z]+)?$/i.exec(id) ?? [])
      : [];
  return plural?.toLowerCase() === collection.replace('deleted', '') ? name : undefined;
}

/**
 * Objects as rules read them. What a certificate manages, the key and the secret of its name, counts as part of it: rows of
 * certificates have no recovery level of their own, and theirs is the same.
 * Source: recorded traffic of Azure/azure-sdk-for-js, sdk/keyvault/keyvault-certificates, and of Azure/azure-cli.
 */
export function toObjects(
  collections: Readonly<Record<'keys' | 'secrets' | 'certificates', FoundObjects>>,
  deleted: '' | 'deleted',
  context: ObjectContext,
): readonly Resource[] {
  const { keys, secrets } = collections;
  const certificates = new Map(collections.certificates.found);
  // The secret that a certificate manages tells of it where certificates may not be read.
  if (!collections.certificates.complete)
    for (const [name, secret] of secrets.found)
      if (isManaged(secret)) certificates.set(name, certificates.get(name) ?? bare(secret));
  const isPart = (name: string): boolean => certificates.has(name);
  const resources: Resource[] = [];
  for (const [name, certificate] of certificates) {
    const parts = [secrets.found.get(name), keys.found.get(name)].filter((part) => part !== undefined);
    resources.push(toObject(withLevelOf(certificate, parts), `${deleted}certificates`, context));
  }
  for (const [name, secret] of secrets.found)
    if (!isManaged(secret) || !isPart(name)) resources.push(toObject(secret, `${deleted}secrets`, context));
  for (const [name, key] of keys.found)
    if (!isPart(name)) resources.push(toObject(key, `${deleted}keys`, context));
  return resources;
}

function isManaged({ row }: FoundObject): boolean {
  return row['managed'] === true;
}

/** A certificate of which nothing is known but that it is there. */
function bare({ name, row }: FoundObject): FoundObject {
  const dates = pick(row, ['deletedDate', 'scheduledPurgeDate']);
  return { name, row: { attributes: {}, ...dates }, conflicting: false };
}

/** A certificate with the recovery level that its parts agree on. */
function withLevelOf(certificate: FoundObject, parts: readonly FoundObject[]): FoundObject {
  const { attributes } = certificate.row;
  const [first, ...others] = parts.map(levelIn);
  const isKnown = !isJsonObject(attributes) || attributes['recoveryLevel'] !== undefined;
  if (isKnown || first === undefined || others.some((level) => level !== first)) return certificate;
  const days = parts.flatMap(
    ({ row }) => pick(row['attributes'], ['recoverableDays'])['recoverableDays'] ?? [],
  );
  const [recoverableDays] = days;
  const known = { recoveryLevel: first, ...(recoverableDays === undefined ? {} : { recoverableDays }) };
  return { ...certificate, row: { ...certificate.row, attributes: { ...attributes, ...known } } };
}

/** The recovery level of a row; `undefined` where it is none of Azure's, or two rows tell different ones. */
export function levelIn({ row, conflicting }: FoundObject): string | undefined {
  const { recoveryLevel } = pick(row['attributes'], ['recoveryLevel']);
  if (typeof recoveryLevel !== 'string' || conflicting) return undefined;
  return recoveryLevels.find((level) => level.toLowerCase() === recoveryLevel.toLowerCase());
}

const attributeNames = ['enabled', 'nbf', 'exp', 'created', 'updated', 'recoverableDays', 'exportable'];

/** An object by its metadata: nothing else of an answer is kept. */
function toObject(found: FoundObject, collection: ObjectCollection, context: ObjectContext): Resource {
  const { name, row, conflicting } = found;
  const level = levelIn(found);
  const attributes = {
    ...pick(row['attributes'], attributeNames),
    ...(level === undefined ? {} : { recoveryLevel: level }),
  };
  const properties = { attributes, ...pick(row, ['contentType', 'deletedDate', 'scheduledPurgeDate']) };
  const tags = readTags(row['tags']);
  const isDeleted = collection.startsWith('deleted');
  const days = isDeleted ? daysLeft(row['scheduledPurgeDate'], context.now) : undefined;
  const gaps = [
    ...(conflicting ? ['properties'] : []),
    ...(isJsonObject(row['attributes']) ? [] : ['properties.attributes']),
    ...(tags === undefined ? ['tags'] : []),
    ...(isDeleted && conflicting ? ['daysToPurge'] : []),
  ];
  const body = { tags: tags ?? {}, properties, ...(days === undefined ? {} : { daysToPurge: days }) };
  return inVault({ name, collection, body, gaps }, context);
}

interface Content {
  readonly name: string;
  readonly collection: ObjectCollection;
  readonly body: JsonObject;
  readonly gaps: readonly string[];
}

function inVault({ name, collection, body: own, gaps }: Content, context: ObjectContext): Resource {
  const { vault, shown } = context;
  const { subscriptionId, resourceGroup, location } = vault;
  const type = typeOfCollection(collection);
  const plural = type.slice(type.lastIndexOf('/') + 1);
  const common = {
    id: `${vault.id}/${plural}/${name}`,
    name: `${vault.name}/${name}`,
    type,
    subscriptionId,
    resourceGroup,
    location,
  };
  const body = { ...common, ...own, vault: shown };
  return {
    ...common,
    tags: readTags(own['tags']) ?? {},
    body,
    gaps: [...new Set([...gaps, ...context.gaps, ...gapsOfBody(type, body)])],
  };
}

/** Whole days to a time in seconds since 1970; `undefined` for what is none. */
function daysLeft(seconds: Json | undefined, now: Date): number | undefined {
  const date = typeof seconds === 'number' ? new Date(seconds * 1000) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) return undefined;
  return daysUntil(date.toISOString(), now) ?? undefined;
}
