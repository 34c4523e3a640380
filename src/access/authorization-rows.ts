import type {
  DeniedPrincipal,
  DenyAssignment,
  RoleAssignment,
  RoleDefinition,
  RolePatterns,
} from '../model/access.ts';
import { isJsonObject, objectAt, type Json, type JsonObject } from '../model/json.ts';

/** Reads a role assignment, or an eligible one; `undefined` for one that does not say who holds what and where. */
export function toRoleAssignment(row: JsonObject, isEligible = false): RoleAssignment | undefined {
  const { scope, roleDefinitionId, principalId, principalType, condition, expandedProperties } = objectAt(
    row,
    'properties',
  );
  const [at, role, principal] = [scopeIn(scope), text(roleDefinitionId), text(principalId)];
  if (at === undefined || role === undefined || principal === undefined) return undefined;
  const expanded = isJsonObject(expandedProperties) ? expandedProperties['principal'] : undefined;
  const name = isJsonObject(expanded) ? text(expanded['displayName']) : undefined;
  return {
    scope: at,
    roleDefinitionId: role,
    principalId: principal,
    principalType: text(principalType) ?? '',
    ...(name === undefined ? {} : { principalName: name }),
    isConditional: text(condition) !== undefined,
    isEligible,
  };
}

/** Reads a role definition. One in an unknown shape is none: the rights of a role that is assigned are then unknown. */
export function toRoleDefinition(row: JsonObject): RoleDefinition | undefined {
  const { roleName, permissions } = objectAt(row, 'properties');
  if (!Array.isArray(permissions)) return undefined;
  const read = permissions.map((one: Json) => {
    const patterns = toPatterns(one);
    const isConditional = isJsonObject(one) && text(one['condition']) !== undefined;
    return patterns === undefined ? undefined : Object.assign(patterns, { isConditional });
  });
  const known = read.filter((one) => one !== undefined);
  if (known.length < read.length) return undefined;
  return {
    id: guidOfRole(authorizationId(row)),
    name: text(roleName) ?? authorizationId(row),
    permissions: known,
  };
}

/** Reads a deny assignment: none where it only audits, has a condition or is in an unknown shape, and denies nothing for certain. */
export function toDenyAssignment(row: JsonObject): readonly DenyAssignment[] {
  const properties = objectAt(row, 'properties');
  const { scope, permissions, condition, denyAssignmentEffect: effect, doNotApplyToChildScopes } = properties;
  const isEnforced = text(effect) === undefined || text(effect)?.toLowerCase() === 'enforced';
  const at = scopeIn(scope);
  if (!isEnforced || at === undefined || text(condition) !== undefined || !Array.isArray(permissions))
    return [];
  const [principals, excludedPrincipals] = [
    properties['principals'],
    properties['excludePrincipals'] ?? [],
  ].map(toPrincipals);
  if (principals === undefined || excludedPrincipals === undefined) return [];
  return [
    {
      scope: at,
      permissions: permissions.flatMap((one: Json) => toPatterns(one) ?? []),
      principals,
      excludedPrincipals,
      doesNotApplyToChildScopes: doNotApplyToChildScopes === true,
    },
  ];
}

function toPrincipals(list: Json | undefined): readonly DeniedPrincipal[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const read = list.flatMap((one: Json) => {
    const id = isJsonObject(one) ? text(one['id']) : undefined;
    return id === undefined || !isJsonObject(one) ? [] : [{ id, type: text(one['type']) ?? '' }];
  });
  return read.length === list.length ? read : undefined;
}

function toPatterns(permission: Json): RolePatterns | undefined {
  if (!isJsonObject(permission)) return undefined;
  const [actions, notActions, dataActions, notDataActions] = [
    permission['actions'],
    permission['notActions'],
    permission['dataActions'],
    permission['notDataActions'],
  ].map(texts);
  if (
    actions === undefined ||
    notActions === undefined ||
    dataActions === undefined ||
    notDataActions === undefined
  )
    return undefined;
  return { actions, notActions, dataActions, notDataActions };
}

function texts(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

/** A scope as most of Azure spells it: Privileged Identity Management writes a provider before some subscriptions. */
function scopeIn(value: Json | undefined): string | undefined {
  return text(value)?.replace(/^\/providers\/Microsoft\.Subscription(?=\/subscriptions\/)/iu, '');
}

/** The GUID of a role definition, in lower case: Azure writes its id with a subscription before it, or without. */
export function guidOfRole(roleDefinitionId: string): string {
  return roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
}

/** The id of a body in lower case. */
export function authorizationId(row: Json): string {
  return isJsonObject(row) ? (text(row['id'])?.toLowerCase() ?? '') : '';
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
