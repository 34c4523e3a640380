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
  readonly access: readonly PrincipalAccess[];
  readonly byId: ReadonlyMap<string, Holder>;
}

/** A right to destroy that somebody holds by a role. */
export interface HeldGrant extends Pick<RoleAssignment, 'principalId' | 'principalType' | 'principalName'> {
  readonly grant: AccessGrant;
  readonly rights: DestructiveRights;
  /** The holder of this grant alone, by the rights that are left of it: most have no other, in most places. */
  readonly alone: Map<DestructiveRights, Holder>;
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
    const others = byPrincipal.get(held.principalId);
    if (others === undefined) byPrincipal.set(held.principalId, [held]);
    else others.push(held);
  }
  const byId = new Map<string, Holder>();
  for (const [id, held] of byPrincipal) {
    const holder = holderOf(id, held, { model, denials: standing.denials });
    if (holder !== undefined) byId.set(id, holder);
  }
  return { access: Array.from(byId.values(), ({ access }) => access).toSorted(inOrder), byId };
}

interface Circumstances {
  readonly model: PermissionModel;
  readonly denials: readonly DeniedRights[];
}

function holderOf(
  id: string,
  held: readonly HeldGrant[],
  { model, denials }: Circumstances,
): Holder | undefined {
  const type = held.find(({ principalType }) => principalType !== '')?.principalType ?? unknownType;
  const rightsLeft = rightsUnder[model] & ~(denials.length === 0 ? 0 : deniedTo({ id, type }, denials));
  const [first, second] = held;
  if (first !== undefined && second === undefined)
    return holderAlone(first, first.rights & rightsLeft, model);
  const name = held.find(({ principalName }) => principalName !== undefined)?.principalName;
  const grants = held.flatMap((one) => countedGrant(one, one.rights & rightsLeft));
  return grants.length === 0 ? undefined : withAccess({ id, type, name, grants }, model);
}

function holderAlone(held: HeldGrant, left: DestructiveRights, model: PermissionModel): Holder | undefined {
  if (left === 0) return undefined;
  const { principalId: id, principalType, principalName: name, alone } = held;
  const known = alone.get(left);
  if (known !== undefined) return known;
  const type = principalType === '' ? unknownType : principalType;
  const holder = withAccess({ id, type, name, grants: countedGrant(held, left) }, model);
  alone.set(left, holder);
  return holder;
}

function countedGrant({ grant }: HeldGrant, left: DestructiveRights): readonly CountedGrant[] {
  return left === 0 ? [] : [{ grant: { ...grant, grants: actionsOf(left) }, rights: left }];
}

const unknownType = 'Unknown';

function inOrder(one: PrincipalAccess, other: PrincipalAccess): number {
  return compareText(one.id, other.id);
}

/** Adds what access policies grant, each to its principal. */
export function withPolicies(
  { access, byId }: Principals,
  policies: readonly PurgePolicy[],
): readonly PrincipalAccess[] {
  if (policies.length === 0) return access;
  const added = new Map<string, Holder>();
  for (const { objectId, applicationId, grants } of policies) {
    const id = objectId.toLowerCase();
    const known = added.get(id) ?? byId.get(id);
    const grant: AccessGrant = {
      kind: 'accessPolicy',
      ...(applicationId === undefined ? {} : { applicationId }),
      grants,
    };
    const { type = unknownType, name } = known ?? {};
    const all = [...(known?.grants ?? []), { grant, rights: dataRights }];
    added.set(id, withAccess({ id, type, name, grants: all }, 'accessPolicy'));
  }
  const all = access.map((one) => added.get(one.id)?.access ?? one);
  const others = [...added.values()].filter(({ id }) => !byId.has(id));
  return others.length === 0 ? all : all.concat(others.map((one) => one.access)).toSorted(inOrder);
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
