import type { DeniedPrincipal, DenyAssignment } from '../model/access.ts';
import { certainlyHold, type DestructiveRights } from './rights.ts';

/** A deny assignment that takes destructive rights away. */
export interface DeniedRights {
  readonly rights: DestructiveRights;
  readonly isForEverybody: boolean;
  readonly principals: ReadonlySet<string>;
  readonly excluded: ReadonlySet<string>;
  readonly excludesGroups: boolean;
  readonly isOnlyAtScope: boolean;
}

/** A principal whose rights are in question; the id in lower case. */
interface Denied {
  readonly id: string;
  readonly type: string;
}

/** Reads a deny assignment; `undefined` for one that denies no right to destroy for certain. */
export function toDeniedRights(deny: DenyAssignment): DeniedRights | undefined {
  const rights = certainlyHold(deny.permissions);
  if (rights === 0) return undefined;
  return {
    rights,
    isForEverybody: deny.principals.some(isEverybody),
    principals: idsOf(deny.principals),
    excluded: idsOf(deny.excludedPrincipals),
    excludesGroups: deny.excludedPrincipals.some(({ type }) => type.toLowerCase() === 'group'),
    isOnlyAtScope: deny.doesNotApplyToChildScopes,
  };
}

/**
 * The rights that are denied to a principal for certain. The members of groups are not known: a denial of a group takes
 * nothing from a user, a group that is excluded may hold any user, and a group may hold whoever is excluded.
 */
export function deniedTo({ id, type }: Denied, denials: readonly DeniedRights[]): DestructiveRights {
  return denials.reduce((sum, denial) => (isDenied({ id, type }, denial) ? sum | denial.rights : sum), 0);
}

function isDenied({ id, type }: Denied, denial: DeniedRights): boolean {
  if (!denial.isForEverybody && !denial.principals.has(id)) return false;
  if (denial.excluded.size === 0) return true;
  const isSingle = /^(user|serviceprincipal)$/iu.test(type);
  return isSingle && !denial.excludesGroups && !denial.excluded.has(id);
}

/** Source: https://learn.microsoft.com/azure/role-based-access-control/deny-assignments#the-all-principals-principal */
function isEverybody({ id, type }: DeniedPrincipal): boolean {
  return type.toLowerCase() === 'systemdefined' || /^0{8}(-0{4}){3}-0{12}$/u.test(id);
}

function idsOf(principals: readonly DeniedPrincipal[]): ReadonlySet<string> {
  return new Set(principals.map(({ id }) => id.toLowerCase()));
}
