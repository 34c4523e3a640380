import type { Destruction, PermissionModel, RolePatterns } from '../model/access.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Permission } from '../model/permission.ts';
import { purgeRight } from '../resource-types/known-type.ts';
import { managedHsm } from '../resource-types/managed-hsm.ts';
import { vault } from '../resource-types/vault.ts';
import { grantOf, mayGrant } from './grant.ts';

/** Rights to destroy as a set: the sum of their bits. */
export type DestructiveRights = number;

/** One right to destroy. Those of the data plane are held in a vault, those to purge a vault at its subscription. */
interface Right {
  readonly bit: DestructiveRights;
  readonly action: string;
  /** The resource type that it is about. */
  readonly type: string;
  readonly destruction: Destruction;
}

/** The kinds of objects in a vault, as access policies call them. */
const objectKinds = ['keys', 'secrets', 'certificates', 'storage'] as const;

/**
 * Every right that destroys. Sources: the operations of Microsoft.KeyVault,
 * https://learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault
 */
const table: readonly Right[] = [
  ...controlRights(vault.type),
  ...['keys', 'secrets', 'certificates', 'storageaccounts'].map((kind) => {
    return {
      action: `${vault.type}/${kind}/purge/action`,
      type: vault.type,
      destruction: 'purgeObjects',
    } as const;
  }),
  ...controlRights(managedHsm.type),
].map(({ action, type, destruction }, index) => ({ bit: 2 ** index, action, type, destruction }));

function controlRights(type: string): readonly Omit<Right, 'bit'>[] {
  return [
    { action: `${type}/delete`, type, destruction: 'delete' },
    { action: purgeRight(type), type, destruction: 'purgeVault' },
  ];
}

function bitsOf(isAmong: (right: Right) => boolean): DestructiveRights {
  return table.filter(isAmong).reduce((sum, { bit }) => sum + bit, 0);
}

function isData({ destruction }: Pick<Right, 'destruction'>): boolean {
  return destruction === 'purgeObjects';
}

/** The rights that decide about a resource under a permission model. */
export const rightsUnder: Readonly<Record<PermissionModel, DestructiveRights>> = {
  rbac: bitsOf(({ type }) => type === vault.type),
  accessPolicy: bitsOf((right) => right.type === vault.type && !isData(right)),
  localRbac: bitsOf(({ type }) => type === managedHsm.type),
};

/** Rights to purge what is deleted: it has left its resource group, so that only a role on the subscription or above holds. */
export const purgeRights = bitsOf(({ destruction }) => destruction === 'purgeVault');

/** Rights in the data plane, which a role on a single object grants as well. */
export const dataRights = bitsOf(isData);

const bitsBy: Readonly<Record<Destruction, DestructiveRights>> = {
  delete: bitsOf(({ destruction }) => destruction === 'delete'),
  purgeVault: purgeRights,
  purgeObjects: dataRights,
};

/** True where rights include one way to destroy, at least of some kind of object. */
export function include(rights: DestructiveRights, destruction: Destruction): boolean {
  return (rights & bitsBy[destruction]) !== 0;
}

/** The actions of rights, in Azure's words. */
export function actionsOf(rights: DestructiveRights): readonly string[] {
  return table.flatMap(({ bit, action }) => ((rights & bit) === 0 ? [] : [action]));
}

/** The rights that permissions may grant, in any reading of their patterns: to miss one would be the worse mistake. */
export function mayHold(permissions: readonly RolePatterns[]): DestructiveRights {
  return bitsOf((right) => permissions.some((one) => mayGrant(planeOf(one, right), right.action)));
}

/** The rights that permissions include in every reading of their patterns: what they deny is denied for certain. */
export function certainlyHold(permissions: readonly RolePatterns[]): DestructiveRights {
  return bitsOf((right) =>
    permissions.some((one) => grantOf([planeOf(one, right)], right.action) === 'granted'),
  );
}

function planeOf(
  { actions, notActions, dataActions, notDataActions }: RolePatterns,
  right: Right,
): Permission {
  return isData(right) ? { actions: dataActions, notActions: notDataActions } : { actions, notActions };
}

/**
 * The permission model of a vault or managed HSM. Without a value, access policies are in force, whatever newer versions of
 * the API write into a new vault. Source: https://learn.microsoft.com/azure/key-vault/general/access-control-default
 */
export function permissionModelOf(type: string, properties: JsonObject): PermissionModel {
  if (type.toLowerCase() === managedHsm.type.toLowerCase()) return 'localRbac';
  const { enableRbacAuthorization } = properties;
  const isOn = typeof enableRbacAuthorization === 'string' && /^true$/iu.test(enableRbacAuthorization);
  return enableRbacAuthorization === true || isOn ? 'rbac' : 'accessPolicy';
}

/** An access policy that lets a principal purge: `grants` are the kinds of objects, as `keys/purge`. */
export interface PurgePolicy {
  readonly objectId: string;
  readonly applicationId: string | undefined;
  readonly grants: readonly string[];
}

/** The access policies that name `purge`, in any letter case: the service leaves it out of `all`. */
export function purgePolicies({ accessPolicies }: JsonObject): readonly PurgePolicy[] {
  if (!Array.isArray(accessPolicies)) return [];
  return accessPolicies.flatMap((policy: Json) => {
    const { objectId, applicationId, permissions } = isJsonObject(policy) ? policy : {};
    if (typeof objectId !== 'string' || !isJsonObject(permissions)) return [];
    const grants = objectKinds.flatMap((kind) => (namesPurge(permissions[kind]) ? [`${kind}/purge`] : []));
    if (grants.length === 0) return [];
    const application = typeof applicationId === 'string' && applicationId !== '' ? applicationId : undefined;
    return [{ objectId, applicationId: application, grants }];
  });
}

function namesPurge(permissions: Json | undefined): boolean {
  return (
    Array.isArray(permissions) &&
    permissions.some((one: Json) => typeof one === 'string' && one.trim().toLowerCase() === 'purge')
  );
}
