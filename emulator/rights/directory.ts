import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';
import {
  defaultPrincipal,
  type Tenant,
  type TenantDenyAssignment,
  type TenantDirectory,
  type TenantRoleAssignment,
} from '../tenant.ts';
import { builtInRoleBodies } from './built-in-roles.ts';
import type { Role } from './role.ts';

/** The roles that the principal holds; `undefined` for one that no role is given, which is Owner of everything. */
export function rolesOf(tenant: Tenant): readonly TenantRoleAssignment[] | undefined {
  const { directory, roleAssignments: given } = tenant;
  const own =
    directory === undefined ? [] : remembered(directory.roleAssignments ?? [], () => rolesIn(tenant));
  return own.length === 0 ? given : [...(given ?? []), ...own];
}

/** What is denied to the principal. */
export function denialsOf(tenant: Tenant): readonly TenantDenyAssignment[] {
  const { directory: { denyAssignments = [] } = {}, denyAssignments: given = [] } = tenant;
  return denyAssignments.length === 0
    ? given
    : [...given, ...denyAssignments.flatMap((one) => denialIn(one, tenant))];
}

const known = new WeakMap<readonly JsonObject[], { size: number; roles: readonly TenantRoleAssignment[] }>();

/** Fifty thousand assignments are not looked through for every request. Tests add to the list, and take from it. */
function remembered(
  assignments: readonly JsonObject[],
  make: () => readonly TenantRoleAssignment[],
): readonly TenantRoleAssignment[] {
  const found = known.get(assignments);
  if (found?.size === assignments.length) return found.roles;
  const roles = make();
  known.set(assignments, { size: assignments.length, roles });
  return roles;
}

function rolesIn({ directory = {}, principal = defaultPrincipal }: Tenant): readonly TenantRoleAssignment[] {
  const definitions = roleDefinitionsIn(directory);
  return (directory.roleAssignments ?? []).flatMap((assignment) => {
    const { principalId, roleDefinitionId, scope } = propertiesOf(assignment);
    if (text(principalId).toLowerCase() !== principal.objectId.toLowerCase()) return [];
    const guid = lastSegment(text(roleDefinitionId));
    const definition = definitions.find(({ name }) => text(name).toLowerCase() === guid);
    return listIn(propertiesOf(definition ?? {}), 'permissions').map((permission) => {
      return { scope: text(scope), role: roleIn(permission) };
    });
  });
}

/** The role definitions of a directory, the built-in ones first. */
export function roleDefinitionsIn({ roleDefinitions = [] }: TenantDirectory): readonly JsonObject[] {
  return [...builtInRoleBodies(), ...roleDefinitions];
}

/** A deny assignment that is in force for the principal; it may be about everybody, and have exceptions. */
function denialIn(
  body: JsonObject,
  { principal = defaultPrincipal }: Tenant,
): readonly TenantDenyAssignment[] {
  const properties = propertiesOf(body);
  const isMeant = (list: string): boolean =>
    listIn(properties, list).some(
      ({ id, type }) =>
        text(id).toLowerCase() === principal.objectId.toLowerCase() || type === 'SystemDefined',
    );
  const isAudit = properties['denyAssignmentEffect'] === 'audit';
  if (!isMeant('principals') || isMeant('excludePrincipals') || isAudit) return [];
  const isOnlyAtScope = properties['doNotApplyToChildScopes'] === true;
  return listIn(properties, 'permissions').map((permission) => {
    return Object.assign(roleIn(permission), { scope: text(properties['scope']), isOnlyAtScope });
  });
}

function roleIn(permission: JsonObject): Role {
  const patterns = (name: string): readonly string[] => {
    const list = permission[name];
    return Array.isArray(list) ? list.filter((one: Json) => typeof one === 'string') : [];
  };
  return {
    actions: patterns('actions'),
    notActions: patterns('notActions'),
    dataActions: patterns('dataActions'),
    notDataActions: patterns('notDataActions'),
  };
}

/** The scope that a body of Microsoft.Authorization is about. */
export function scopeIn(body: JsonObject): string {
  return text(propertiesOf(body)['scope']);
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

function listIn(object: JsonObject, name: string): readonly JsonObject[] {
  const list = object[name];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
