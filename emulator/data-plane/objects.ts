import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import type { TenantDataPlane, TenantObject } from '../tenant.ts';

/** A vault as its data plane sees it. */
export interface Plane extends TenantDataPlane {
  /** `https://kv-payments.vault.azure.net`. */
  readonly origin: string;
  readonly vault: JsonObject;
}

/** The collections of a data plane. */
export type Collection = 'secrets' | 'keys' | 'certificates';

/** An object as one of the collections shows it: a certificate is in all three of them. */
export interface Shown {
  readonly object: TenantObject;
  readonly collection: Collection;
  /** A part of a certificate, which cannot be changed by itself. */
  readonly managed: boolean;
}

const ownCollection: Readonly<Record<TenantObject['type'], Collection>> = {
  secret: 'secrets',
  key: 'keys',
  certificate: 'certificates',
};

/** What a collection holds: live objects, or deleted ones. */
export function shownIn(plane: Plane, collection: Collection, deleted: boolean): readonly Shown[] {
  return plane.objects
    .filter(({ type, deletedDate }) => {
      const isHere = ownCollection[type] === collection || type === 'certificate';
      return isHere && (deletedDate !== undefined) === deleted;
    })
    .map((object) => ({ object, collection, managed: ownCollection[object.type] !== collection }));
}

/** The object of a name in a collection, in any letter case. */
export function findShown(shown: readonly Shown[], name: string): Shown | undefined {
  return shown.find(({ object }) => object.name.toLowerCase() === name.toLowerCase());
}

/** Time passes for what is being deleted or recovered whenever somebody looks. */
export function look(plane: Plane): void {
  for (const object of plane.objects) {
    if ((object.deleting ?? 0) > 0) object.deleting = (object.deleting ?? 0) - 1;
    if (object.recovering === undefined) continue;
    object.recovering -= 1;
    if (object.recovering > 0) continue;
    delete object.recovering;
    delete object.deletedDate;
    delete object.scheduledPurgeDate;
  }
}

/**
 * The row of an object in a list. Live certificates have no recovery level there; deleted ones do. Source: recorded traffic
 * of Azure/azure-sdk-for-js, sdk/keyvault.
 */
export function rowOf(shown: Shown, plane: Plane): JsonObject {
  const { object, collection, managed } = shown;
  const { name, deletedDate, tags } = object;
  const withLevel = collection !== 'certificates' || deletedDate !== undefined;
  const id = `${plane.origin}/${collection}/${name}`;
  return {
    ...deletion(shown, plane),
    [collection === 'keys' ? 'kid' : 'id']: id,
    ...(collection === 'certificates' ? { x5t: thumbprint(name), subject: '' } : {}),
    ...(collection === 'secrets' ? contentTypeOf(shown) : {}),
    attributes: { ...attributesOf(shown), ...(withLevel ? levelOf(object, plane) : {}) },
    ...(tags === undefined ? {} : { tags }),
    ...(managed ? { managed: true } : {}),
  };
}

/** What is known of one object, without what is secret in it; `value` of a secret is added by the one request for it. */
export function bundleOf(shown: Shown, plane: Plane): JsonObject {
  const { object, collection, managed } = shown;
  const { name, tags } = object;
  const id = `${plane.origin}/${collection}/${name}/${versionOf(name)}`;
  const attributes = { ...attributesOf(shown), ...levelOf(object, plane) };
  const common = {
    attributes,
    ...(tags === undefined ? {} : { tags }),
    ...(managed ? { managed: true } : {}),
  };
  const dates = deletion(shown, plane);
  if (collection === 'keys')
    return {
      ...dates,
      key: { kid: id, kty: 'RSA', key_ops: ['wrapKey', 'unwrapKey'], n: 'AQAB', e: 'AQAB' },
      ...common,
    };
  if (collection === 'secrets') return { ...dates, id, ...contentTypeOf(shown), ...common };
  const [kid, sid] = ['keys', 'secrets'].map((part) => `${plane.origin}/${part}/${name}/${versionOf(name)}`);
  return {
    ...dates,
    id,
    kid: kid ?? '',
    sid: sid ?? '',
    x5t: thumbprint(name),
    cer: Buffer.from(`certificate ${name}`).toString('base64'),
    ...common,
    policy: { id: `${plane.origin}/certificates/${name}/policy`, issuer: { name: 'Self' } },
  };
}

/** The one version of an object. */
export function versionOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** How many days something deleted is kept, by the configuration of the vault; 0 without soft delete. */
export function retentionOf({ vault }: Plane): number {
  const { enableSoftDelete, softDeleteRetentionInDays: days } = propertiesOf(vault);
  if (enableSoftDelete === false) return 0;
  return typeof days === 'number' ? days : 90;
}

/** True where nobody may purge before the time is up. */
export function isProtected({ vault }: Plane): boolean {
  return propertiesOf(vault)['enablePurgeProtection'] === true;
}

/** The properties of a vault. */
export function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

/** The recovery level that the configuration stands for, one of seven, unless the object has another. */
function levelOf({ recoveryLevel }: TenantObject, plane: Plane): JsonObject {
  const recoverableDays = retentionOf(plane);
  return { recoveryLevel: recoveryLevel ?? configuredLevel(plane, recoverableDays), recoverableDays };
}

function configuredLevel(plane: Plane, days: number): string {
  if (days === 0) return 'Purgeable';
  const recoverable = days < 90 ? 'CustomizedRecoverable' : 'Recoverable';
  if (!isProtected(plane)) return `${recoverable}+Purgeable`;
  return plane.protectedSubscription === true ? `${recoverable}+ProtectedSubscription` : recoverable;
}

function attributesOf({ object, collection }: Shown): JsonObject {
  const times = { created: createdAt, updated: createdAt };
  const validity = collection === 'certificates' ? { nbf: createdAt, exp: createdAt + 63_072_000 } : {};
  return { enabled: object.enabled ?? true, ...validity, ...times };
}

const createdAt = Date.parse('2026-03-02T09:30:00Z') / 1000;

function deletion({ object, collection }: Shown, { origin }: Plane): JsonObject {
  const { name, deletedDate, scheduledPurgeDate } = object;
  if (deletedDate === undefined) return {};
  return {
    recoveryId: `${origin}/deleted${collection}/${name}`,
    deletedDate: secondsOf(deletedDate),
    ...(scheduledPurgeDate === undefined ? {} : { scheduledPurgeDate: secondsOf(scheduledPurgeDate) }),
  };
}

function contentTypeOf({ object, managed }: Shown): JsonObject {
  if (managed) return { contentType: 'application/x-pkcs12' };
  return object.contentType === undefined ? {} : { contentType: object.contentType };
}

function secondsOf(date: string): number {
  return Math.floor(Date.parse(date) / 1000);
}

function thumbprint(name: string): string {
  return createHash('sha1').update(name).digest('base64url');
}
