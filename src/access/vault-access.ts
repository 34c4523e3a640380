import type {
  DenyAssignment,
  PermissionModel,
  RoleAssignment,
  RoleDefinition,
  VaultAccess,
} from '../model/access.ts';
import type { JsonObject } from '../model/json.ts';
import { guidOfRole } from './authorization-rows.ts';
import { type DeniedRights, toDeniedRights } from './denials.ts';
import { type HeldGrant, type Principals, principalsUnder, withPolicies } from './principals.ts';
import {
  dataRights,
  type DestructiveRights,
  mayHold,
  permissionModelOf,
  purgePolicies,
  purgeRights,
  rightsUnder,
} from './rights.ts';

/** All that decides who holds rights in some subscriptions. */
export interface Directory {
  readonly definitions: Iterable<RoleDefinition>;
  /** Role assignments at any scope; one that is among those of a subscription as well is not repeated here. */
  readonly assignments: Iterable<RoleAssignment>;
  /** The rest of it, by the id of a subscription in lower case. Asked for when a vault in it is. */
  readonly inSubscription: (subscriptionId: string) => SubscriptionDirectory;
}

/** The scopes above a subscription, `/` and management groups, and what is known of it alone. */
export interface SubscriptionDirectory {
  readonly scopesAbove: readonly string[];
  readonly assignments?: Iterable<RoleAssignment>;
  readonly denials?: Iterable<DenyAssignment>;
}

/** A vault or managed HSM as a source read it. */
export interface AccessedVault {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
}

/**
 * Prepares the answer to who can destroy a vault: by actions, never by the name of a role, at the scope of the vault and at
 * each scope above. Rights are those that are granted: one that a principal could grant itself is not among them, and purge
 * protection is not considered. Where patterns, groups or conditions leave a doubt, a right counts as held.
 */
export function vaultAccess({
  definitions,
  assignments,
  inSubscription,
}: Directory): (vault: AccessedVault) => VaultAccess {
  const roles = rolesById(definitions);
  const everywhere = indexByScope(roles, assignments);
  const subscriptions = new Map<string, Subscription>();
  const open = (id: string): Subscription => {
    const { scopesAbove, assignments: own = [], denials = [] } = inSubscription(id);
    const alone = indexByScope(roles, own, denials);
    const at = (above: Standing, scope: string): Standing =>
      below(below(above, everywhere.get(scope)), alone.get(scope));
    const above = [...new Set(scopesAbove.map((scope) => placeOf(scope).scope)), `/subscriptions/${id}`];
    return { at, alone, standing: above.reduce(at, nobody()), groups: new Map() };
  };
  return ({ id, type, properties }) => {
    const scope = id.toLowerCase();
    const segments = scope.split('/');
    const subscription = remember(subscriptions, segments[2] ?? '', open);
    const group = segments.slice(0, groupSegments).join('/');
    const inGroup = remember(subscription.groups, group, () => subscription.at(subscription.standing, group));
    const standing = atVault(subscription.at(inGroup, scope), subscription.alone.get(scope));
    const model = permissionModelOf(type, properties);
    const policies = model === 'accessPolicy' ? purgePolicies(properties) : [];
    const { principals } = standing;
    const held = remember(principals, model, () => principalsUnder(model, standing));
    return {
      permissionModel: model,
      principals: withPolicies(held, policies),
      unresolved: standing.unresolved,
    };
  };
}

/** One subscription: its standing, that of its resource groups as they are asked for, and how a scope adds to one. */
interface Subscription {
  readonly at: (above: Standing, scope: string) => Standing;
  readonly alone: ReadonlyMap<string, Assigned>;
  readonly standing: Standing;
  readonly groups: Map<string, Standing>;
}

function remember<K, T>(known: Map<K, T>, key: K, make: (key: K) => T): T {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
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

/** A denial at the scope of the vault alone counts as well. */
function atVault(standing: Standing, own: Assigned | undefined): Standing {
  const alone = own?.denials.filter(({ isOnlyAtScope }) => isOnlyAtScope) ?? [];
  if (alone.length === 0) return standing;
  return { ...standing, denials: [...standing.denials, ...alone], principals: new Map() };
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
  const scope = `/${given.toLowerCase().replaceAll(/^\/+|\/+$/gu, '')}`;
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

function indexByScope(
  roles: ReadonlyMap<string, Role>,
  assignments: Iterable<RoleAssignment>,
  denials: Iterable<DenyAssignment> = [],
): ReadonlyMap<string, Assigned> {
  const scopes = new Map<string, Assigned>();
  const at = (scope: string): Assigned =>
    remember(scopes, scope, () => ({ grants: [], denials: [], unresolved: [] }));
  for (const assignment of assignments) {
    const place = placeOf(assignment.scope);
    const role = roles.get(guidOfRole(assignment.roleDefinitionId));
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
    const known = roles.get(id);
    const plain = (known?.plain ?? 0) | mayHold(permissions.filter((one) => !one.isConditional));
    const conditional = (known?.conditional ?? 0) | mayHold(permissions.filter((one) => one.isConditional));
    roles.set(id, { name, plain, conditional: conditional & ~plain });
  }
  return roles;
}

function grantsOf(assignment: RoleAssignment, role: Role, most: DestructiveRights): readonly HeldGrant[] {
  const { isConditional, isEligible, roleDefinitionId, scope } = assignment;
  const grantWith = (rights: DestructiveRights, conditional: boolean): readonly HeldGrant[] =>
    rights === 0
      ? []
      : [
          {
            principalId: assignment.principalId.toLowerCase(),
            principalType: assignment.principalType,
            ...(assignment.principalName === undefined ? {} : { principalName: assignment.principalName }),
            rights,
            alone: new Map(),
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
