import {
  type AccessGrant,
  type Destruction,
  destructions,
  type PermissionModel,
  type PrincipalAccess,
  type RoleAssignment,
} from '../model/access.ts';
import { compareText } from '../model/compare-text.ts';
import { type DeniedRights, deniedTo } from './denials.ts';
import {
  actionsOf,
  dataRights,
  type DestructiveRights,
  include,
  type PurgePolicy,
  rightsUnder,
} from './rights.ts';

/** Principals in the order of their ids, for reports and for what access policies add. */
export interface Principals {
  readonly holders: readonly Holder[];
  readonly access: readonly PrincipalAccess[];
}

/** A right to destroy that somebody holds by a role. */
export interface HeldGrant extends Pick<RoleAssignment, 'principalId' | 'principalType' | 'principalName'> {
  readonly grant: AccessGrant;
  readonly rights: DestructiveRights;
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

/** Everything that is granted and denied at a scope. */
interface GrantsAndDenials {
  readonly grants: readonly HeldGrant[];
  readonly denials: readonly DeniedRights[];
}

/** The principals that hold any right to destroy under a permission model. */
export function principalsUnder(model: PermissionModel, standing: GrantsAndDenials): Principals {
  const byPrincipal = new Map<string, HeldGrant[]>();
  for (const held of standing.grants) {
    if ((held.rights & rightsUnder[model]) === 0) continue;
    const id = held.principalId.toLowerCase();
    const others = byPrincipal.get(id);
    if (others === undefined) byPrincipal.set(id, [held]);
    else others.push(held);
  }
  const holders = Array.from(byPrincipal, ([id, held]) =>
    holderOf(id, held, { model, denials: standing.denials }),
  )
    .filter(({ grants }) => grants.length > 0)
    .toSorted(byId);
  return { holders, access: holders.map(({ access }) => access) };
}

function holderOf(
  id: string,
  held: readonly HeldGrant[],
  { model, denials }: { readonly model: PermissionModel; readonly denials: readonly DeniedRights[] },
): Holder {
  const type = held.find(({ principalType }) => principalType !== '')?.principalType ?? unknownType;
  const name = held.find(({ principalName }) => principalName !== undefined)?.principalName;
  const rightsLeft = rightsUnder[model] & ~deniedTo({ id, type }, denials);
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
export function withPolicies(
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
