import type { GrantedList, Grants, GrantVault, PolicyGrant, RoleGrant } from '../model/grants.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { type ObjectType, objectTypeNames } from '../model/vault-plane.ts';
import { binRights, purgeRight, readRight, writeRight } from '../resource-types/known-type.ts';
import { vault as vaultType } from '../resource-types/vault.ts';
import { dataAction } from './operations/blocks.ts';
import { permissionModelOf } from './rights.ts';

/** The things that rights may be granted on: what is in a vault, and the vault itself once it is deleted. */
export const grantTypes = [...objectTypeNames, 'vault'] as const;

/** The rights that are asked for. `properties` are those of the vault; a sentence where it could not be read. */
export interface GrantRequest {
  readonly action: Grants['action'];
  readonly principalId: string;
  readonly types: readonly (typeof grantTypes)[number][];
  readonly vault: Omit<GrantVault, 'tenantId'>;
  readonly properties: JsonObject | { readonly reason: string; readonly hint: string };
  readonly isRead: boolean;
}

/**
 * Decides what has to be granted, and no more: `list` and the right itself on what is in a vault, in its access policies or
 * as a custom role, since every built-in one that holds them reads secrets too.
 */
export function decideGrants({
  action,
  principalId,
  types,
  vault,
  properties,
  isRead,
}: GrantRequest): Grants {
  const { id, name, subscriptionId, resourceGroup } = vault;
  const objects = types.filter((type) => type !== 'vault');
  const read: JsonObject = isRead && isJsonObject(properties) ? properties : {};
  const model = isRead ? modelOf(read) : 'unknown';
  const policy = policyIn(read, principalId);
  const gap = isRead ? oddPolicy : notRead(properties);
  const isOdd = model === 'accessPolicy' && policy === undefined;
  const isDecided = objects.length === 0 || (isRead && !isOdd);
  const inPolicy = policy === undefined ? [] : [policyGrant(action, objects, policy)];
  const onObjects = model === 'accessPolicy' ? inPolicy : [objectRole(action, objects, vault)];
  return {
    schemaVersion: '1.0',
    complete: isDecided,
    action,
    principalId,
    vault: { id, name, subscriptionId, resourceGroup, tenantId: policy?.tenantId ?? '' },
    permissionModel: model,
    grants: [
      ...(objects.length === 0 ? [] : onObjects),
      ...(types.includes('vault') ? vaultRoles(action, vault) : []),
    ],
    notes: notesOn(objects, action),
    unreadable: isDecided ? [] : [{ scope: vault.id, ...gap }],
  };
}

function modelOf(properties: JsonObject): 'rbac' | 'accessPolicy' {
  return permissionModelOf(vaultType.type, properties) === 'rbac' ? 'rbac' : 'accessPolicy';
}

function notRead({ reason, hint }: GrantRequest['properties']): {
  readonly reason: string;
  readonly hint: string;
} {
  return {
    reason: `Whether it uses RBAC or access policies is not known: ${typeof reason === 'string' ? reason : ''}`,
    hint: typeof hint === 'string' ? hint : '',
  };
}

const oddPolicy = {
  reason: 'An access policy of the principal is not understood, so that nothing can be added to it.',
  hint: 'Look at it: `az keyvault show --name <vault>`',
};

/** The lists of a principal in the access policies of a vault. */
interface HeldPolicy {
  readonly isKnown: boolean;
  readonly tenantId: string;
  readonly lists: ReadonlyMap<ObjectType, readonly string[]>;
}

/** `undefined` where a policy of the principal cannot be understood: what is in it must not be taken away. */
function policyIn({ accessPolicies, tenantId }: JsonObject, principalId: string): HeldPolicy | undefined {
  const tenant = typeof tenantId === 'string' ? tenantId : '';
  const policies: readonly Json[] = Array.isArray(accessPolicies) ? accessPolicies : [];
  if (!policies.every(isJsonObject)) return undefined;
  const own = policies.filter(
    // A policy for an application on behalf of the principal is another one.
    ({ objectId, applicationId, tenantId: of }) =>
      isSame(objectId, principalId) && (applicationId ?? '') === '' && isSame(of, tenant),
  );
  const [first, ...others] = own;
  if (first === undefined) return { isKnown: false, tenantId: tenant, lists: new Map() };
  const permissions = isJsonObject(first['permissions']) ? first['permissions'] : {};
  const lists = new Map<ObjectType, readonly string[]>();
  for (const type of objectTypeNames) {
    const words = textsIn(permissions[`${type}s`]);
    if (words === undefined) return undefined;
    lists.set(type, words);
  }
  return others.length > 0 ? undefined : { isKnown: true, tenantId: tenant, lists };
}

function isSame(value: Json | undefined, text: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === text.toLowerCase();
}

/** The words of a list; `undefined` for anything but words, which would end up in a command. */
function textsIn(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  const words = Array.isArray(value) ? value.filter((one: Json) => typeof one === 'string') : [];
  const isPlain = Array.isArray(value) && words.length === value.length;
  return isPlain && words.every((word) => /^[a-z]+$/iu.test(word)) ? words : undefined;
}

function policyGrant(
  action: Grants['action'],
  objects: readonly ObjectType[],
  { isKnown, lists }: HeldPolicy,
): PolicyGrant {
  return {
    kind: 'policy',
    isKnown,
    lists: objects.flatMap((type): readonly GrantedList[] => {
      const before = lists.get(type) ?? [];
      const names = new Set(before.map((one) => one.toLowerCase()));
      // The service leaves `purge` out of `all`.
      const isHeld = (one: string): boolean => names.has(one) || (one !== 'purge' && names.has('all'));
      const missing = ['list', action].filter((one) => !isHeld(one));
      return missing.length === 0 ? [] : [{ type, before, after: [...before, ...missing] }];
    }),
  };
}

function objectRole(
  action: Grants['action'],
  objects: readonly ObjectType[],
  { name }: Pick<GrantVault, 'name'>,
): RoleGrant {
  const plurals = objects.map((type) => `${type}s`).join(', ');
  return {
    kind: 'role',
    roleName: `purgeproof ${action} ${plurals} in ${name}`,
    description: `List deleted ${plurals}, and ${action} them.`,
    rights: {
      actions: [],
      dataActions: objects.flatMap((type) => [
        dataAction(type, type === 'secret' ? 'readMetadata' : 'read'),
        dataAction(type, action),
      ]),
    },
    scope: 'vault',
  };
}

/** A deleted vault has left its resource group: rights on it are held at the subscription, and those to write where it returns to. */
function vaultRoles(action: Grants['action'], { name }: Pick<GrantVault, 'name'>): readonly RoleGrant[] {
  const { type } = vaultType;
  const { list, entry, result } = binRights(type);
  const bin = action === 'purge' ? [list, entry, purgeRight(type), result] : [list, entry];
  const inBin: RoleGrant = {
    kind: 'role',
    roleName: `purgeproof ${action} deleted vaults such as ${name}`,
    description: `See deleted vaults${action === 'purge' ? ', and purge them' : ''}.`,
    rights: { actions: bin, dataActions: [] },
    scope: 'subscription',
  };
  const back: RoleGrant = {
    kind: 'role',
    roleName: `purgeproof ${action} into the resource group of ${name}`,
    description: 'Recover vaults into their resource group.',
    rights: { actions: [readRight(type), writeRight(type)], dataActions: [] },
    scope: 'resourceGroup',
  };
  return action === 'purge' ? [inBin] : [inBin, back];
}

function notesOn(objects: readonly ObjectType[], action: Grants['action']): readonly string[] {
  return [
    ...(objects.includes('secret')
      ? [
          'No right to read a secret is granted. purgeproof needs none; az waits for a recovery by reading the secret, and may fail after it.',
        ]
      : []),
    ...(action === 'purge' ? ['Where purge protection is on, nobody can purge, whatever is granted.'] : []),
  ];
}
