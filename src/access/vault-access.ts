import {
  type AccessGrant,
  type DenyAssignment,
  type Destruction,
  destructions,
  type PermissionModel,
  type PrincipalAccess,
  type RoleAssignment,
  type RoleDefinition,
  type VaultAccess,
} from '../model/access.ts';
import { compareText } from '../model/compare-text.ts';
import type { JsonObject } from '../model/json.ts';
import { type DeniedRights, deniedTo, toDeniedRights } from './denials.ts';
import {
  actionsOf,
  dataRights,
  include,
  mayHold,
  permissionModelOf,
  purgePolicies,
  type PurgePolicy,
  purgeRights,
  type DestructiveRights,
  rightsUnder,
} from './rights.ts';

/** All that decides who holds rights in some subscriptions. */
export interface Directory {
  readonly definitions: Iterable<RoleDefinition>;
  readonly assignments: Iterable<RoleAssignment>;
  readonly denials: Iterable<DenyAssignment>;
  /** The scopes above a subscription: `/` and management groups, as ARM ids. The id is in lower case. */
  readonly scopesAbove: (subscriptionId: string) => readonly string[];
}

/** A vault or managed HSM as a source read it. */
export interface AccessedVault {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
}

/**
 * Prepares the answer to who can destroy a vault: by actions, never by the name of a role, at the scope of the vault and at
 * each scope above. DestructiveRights are those that are granted: one that a principal could grant itself is not among them, and purge
 * protection is not considered. Where patterns, groups or conditions leave a doubt, a right counts as held.
 */
export function vaultAccess(directory: Directory): (vault: AccessedVault) => VaultAccess {
  const scopes = indexByScope(directory);
  const standings = new Map<string, Standing>();
  const remember = (scope: string, make: () => Standing): Standing => {
    const known = standings.get(scope) ?? make();
    standings.set(scope, known);
    return known;
  };
  const inSubscription = (id: string): Standing =>
    [...directory.scopesAbove(id).map(placeOf), placeOf(`/subscriptions/${id}`)].reduce(
      (above, { scope }) => below(above, scopes.get(scope)),
      nobody(),
    );
  return ({ id, type, properties }) => {
    const segments = id.toLowerCase().split('/');
    const [subscription, group] = [segments.slice(0, 3).join('/'), segments.slice(0, 5).join('/')];
    const inGroup = remember(group, () =>
      below(
        remember(subscription, () => inSubscription(segments[2] ?? '')),
        scopes.get(group),
      ),
    );
    const standing = atVault(inGroup, scopes.get(segments.join('/')));
    const model = permissionModelOf(type, properties);
    const policies = model === 'accessPolicy' ? purgePolicies(properties) : [];
    const principals = withPolicies(principalsUnder(standing, model), policies);
    return { permissionModel: model, principals, unresolved: standing.unresolved };
  };
}

/** The grants and denials at one scope itself. */
interface Assigned {
  readonly grants: HeldGrant[];
  readonly denials: DeniedRights[];
  readonly unresolved: string[];
}

/** All that holds at a scope: its own grants and denials, and those above. */
interface Standing {
  readonly grants: readonly HeldGrant[];
  readonly denials: readonly DeniedRights[];
  readonly unresolved: readonly string[];
  /** The principals, once they were asked for: places without assignments of their own share them. */
  readonly principals: Map<PermissionModel, Principals>;
}

/** Principals in the order of their ids, for reports and for what access policies add. */
interface Principals {
  readonly holders: readonly Holder[];
  readonly access: readonly PrincipalAccess[];
}

interface HeldGrant extends Pick<RoleAssignment, 'principalId' | 'principalType' | 'principalName'> {
  readonly grant: AccessGrant;
  readonly rights: DestructiveRights;
}

function nobody(): Standing {
  return { grants: [], denials: [], unresolved: [], principals: new Map() };
}

function below(above: Standing, own: Assigned | undefined): Standing {
  if (own === undefined) return above;
  return {
    grants: [...above.grants, ...own.grants],
    denials: [...above.denials, ...own.denials.filter(({ isOnlyAtScope }) => !isOnlyAtScope)],
    unresolved: [...new Set([...above.unresolved, ...own.unresolved])],
    principals: new Map(),
  };
}

function atVault(above: Standing, own: Assigned | undefined): Standing {
  return own === undefined ? above : { ...below(above, own), denials: [...above.denials, ...own.denials] };
}

/** A scope in one spelling, and the rights that what stands there can give or take. */
interface Place {
  readonly scope: string;
  readonly rights: DestructiveRights;
}

const everyRight = Object.values(rightsUnder).reduce((all, rights) => all | rights, 0);
/** The segments of the id of a resource group, and of a resource in it, with the empty one before the first slash. */
const [groupSegments, resourceSegments] = [5, 9];

/** A role on an object in a vault stands at the vault, for its data alone. */
function placeOf(given: string): Place {
  const scope = `/${given.toLowerCase().replaceAll(/^\/+|\/+$/gu, '')}`.replace(
    /^\/providers\/microsoft\.subscription\/(?=subscriptions\/)/u,
    '/',
  );
  const segments = scope.split('/');
  if (segments[1] !== 'subscriptions' || segments.length < groupSegments)
    return { scope, rights: everyRight };
  if (segments.length <= resourceSegments) return { scope, rights: everyRight & ~purgeRights };
  return { scope: segments.slice(0, resourceSegments).join('/'), rights: dataRights };
}

/** The rights of a role, and those that it holds under conditions only. */
interface Role {
  readonly name: string;
  readonly plain: DestructiveRights;
  readonly conditional: DestructiveRights;
}

function indexByScope({ definitions, assignments, denials }: Directory): ReadonlyMap<string, Assigned> {
  const roles = rolesById(definitions);
  const scopes = new Map<string, Assigned>();
  const at = (scope: string): Assigned => {
    const known = scopes.get(scope) ?? { grants: [], denials: [], unresolved: [] };
    scopes.set(scope, known);
    return known;
  };
  for (const assignment of assignments) {
    const place = placeOf(assignment.scope);
    const role = roles.get(guidIn(assignment.roleDefinitionId));
    const grants = role === undefined ? [] : grantsOf(assignment, role, place.rights);
    if (grants.length > 0) at(place.scope).grants.push(...grants);
    else if (role === undefined && !assignment.isEligible)
      at(place.scope).unresolved.push(assignment.roleDefinitionId);
  }
  for (const deny of denials) {
    const { scope, rights } = placeOf(deny.scope);
    const denial = rights === dataRights ? undefined : toDeniedRights(deny);
    if (denial !== undefined) at(scope).denials.push({ ...denial, rights: denial.rights & rights });
  }
  return scopes;
}

/** One definition may be read in many subscriptions; where readings differ, rights of each count. */
function rolesById(definitions: Iterable<RoleDefinition>): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const { id, name, permissions } of definitions) {
    const known = roles.get(guidIn(id));
    const plain = (known?.plain ?? 0) | mayHold(permissions.filter((one) => !one.isConditional));
    const conditional = (known?.conditional ?? 0) | mayHold(permissions.filter((one) => one.isConditional));
    roles.set(guidIn(id), { name, plain, conditional: conditional & ~plain });
  }
  return roles;
}

/** Azure writes the id of a role definition with a subscription before it, or without. */
function guidIn(roleDefinitionId: string): string {
  return roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
}

function grantsOf(assignment: RoleAssignment, role: Role, most: DestructiveRights): readonly HeldGrant[] {
  const { isConditional, isEligible, roleDefinitionId, scope } = assignment;
  const grantWith = (rights: DestructiveRights, conditional: boolean): readonly HeldGrant[] =>
    rights === 0
      ? []
      : [
          {
            ...assignment,
            rights,
            grant: {
              kind: 'role',
              role: role.name,
              roleDefinitionId,
              scope,
              grants: [],
              ...(conditional ? { conditional: true } : {}),
              ...(isEligible ? { eligible: true } : {}),
            },
          },
        ];
  return [...grantWith(role.plain & most, isConditional), ...grantWith(role.conditional & most, true)];
}

/** A principal, the rights that each of its grants gives it, and what becomes of both in a report. */
interface Holder {
  readonly id: string;
  readonly type: string;
  readonly name: string | undefined;
  readonly grants: readonly CountedGrant[];
  readonly access: PrincipalAccess;
}

interface CountedGrant {
  readonly grant: AccessGrant;
  readonly rights: DestructiveRights;
}

/** The principals that hold any right to destroy under a permission model, by id. */
function principalsUnder(standing: Standing, model: PermissionModel): Principals {
  const known = standing.principals.get(model);
  if (known !== undefined) return known;
  const byPrincipal = new Map<string, HeldGrant[]>();
  for (const held of standing.grants) {
    if ((held.rights & rightsUnder[model]) === 0) continue;
    const id = held.principalId.toLowerCase();
    const others = byPrincipal.get(id);
    if (others === undefined) byPrincipal.set(id, [held]);
    else others.push(held);
  }
  const holders = Array.from(byPrincipal, ([id, held]) => holderOf(id, held, { standing, model }))
    .filter(({ grants }) => grants.length > 0)
    .toSorted(byId);
  const principals = { holders, access: holders.map(({ access }) => access) };
  standing.principals.set(model, principals);
  return principals;
}

function holderOf(
  id: string,
  held: readonly HeldGrant[],
  { standing, model }: { readonly standing: Standing; readonly model: PermissionModel },
): Holder {
  const type = held.find(({ principalType }) => principalType !== '')?.principalType ?? unknownType;
  const name = held.find(({ principalName }) => principalName !== undefined)?.principalName;
  const rightsLeft = rightsUnder[model] & ~deniedTo({ id, type }, standing.denials);
  const grants = held.flatMap(({ grant, rights }) => {
    const left = rights & rightsLeft;
    return left === 0 ? [] : [{ grant: { ...grant, grants: actionsOf(left) }, rights: left }];
  });
  return withAccess({ id, type, name, grants }, model);
}

const unknownType = 'Unknown';

function byId(one: Holder, other: Holder): number {
  return compareText(one.id, other.id);
}

/** Adds what access policies grant, each to its principal. */
function withPolicies(
  { holders, access }: Principals,
  policies: readonly PurgePolicy[],
): readonly PrincipalAccess[] {
  if (policies.length === 0) return access;
  const added = new Map<string, Holder>();
  for (const { objectId, applicationId, grants } of policies) {
    const id = objectId.toLowerCase();
    const known = added.get(id) ?? holders.find((one) => one.id === id);
    const grant: AccessGrant = {
      kind: 'accessPolicy',
      ...(applicationId === undefined ? {} : { applicationId }),
      grants,
    };
    const { type = unknownType, name } = known ?? {};
    const all = [...(known?.grants ?? []), { grant, rights: dataRights }];
    added.set(id, withAccess({ id, type, name, grants: all }, 'accessPolicy'));
  }
  const others = holders.filter(({ id }) => !added.has(id));
  return [...others, ...added.values()].toSorted(byId).map(({ access }) => access);
}

function withAccess({ id, type, name, grants }: Omit<Holder, 'access'>, model: PermissionModel): Holder {
  const active = grants.filter(({ grant }) => grant.eligible !== true);
  const plain = active.filter(({ grant }) => grant.conditional !== true);
  const conditional = destructions.filter((one) => allow(active, one) && !allow(plain, one));
  const eligible = destructions.filter((one) => allow(grants, one) && !allow(active, one));
  return {
    id,
    type,
    name,
    grants,
    access: {
      id,
      type,
      ...(name === undefined ? {} : { name }),
      canDelete: allow(active, 'delete'),
      canPurgeVault: allow(active, 'purgeVault'),
      canPurgeObjects: model === 'localRbac' ? null : allow(active, 'purgeObjects'),
      ...(conditional.length === 0 ? {} : { conditional }),
      ...(eligible.length === 0 ? {} : { eligible }),
      via: grants.map(({ grant }) => grant),
    },
  };
}

function allow(grants: readonly CountedGrant[], destruction: Destruction): boolean {
  return grants.some(({ rights }) => include(rights, destruction));
}
