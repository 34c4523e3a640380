import type { AccessGrant, Destruction, PermissionModel, PrincipalAccess } from '../../model/access.ts';
import type { VaultAccessEntry, WhoCanReport } from '../../model/who-can-report.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { count, number } from './counts.ts';
import { notLookedAtWords } from './not-looked-at.ts';
import { countKinds } from './scope.ts';

/** The display name of a subscription; its id where that is not known. */
type NameOf = (subscriptionId: string) => string;

/** Says that nobody can, as far as that is known; of several vaults with `them`. */
export function nobodyCan(
  { action }: WhoCanReport,
  { permissionModel }: VaultAccessEntry,
  what: 'it' | 'them' = 'it',
): string {
  if (action === 'delete') return `Nobody can delete ${what}.`;
  if (permissionModel !== 'localRbac') return `Nobody can purge ${what} or what is in ${what}.`;
  const whose = what === 'it' ? 'its' : 'their';
  return `Nobody can purge ${what} by Azure RBAC; who can purge ${whose} keys is not known.`;
}

const modelWords: Readonly<Record<PermissionModel, string>> = {
  rbac: 'Azure RBAC',
  accessPolicy: 'access policies',
  localRbac: 'local RBAC',
};

/** The facts that decide about the rights on a vault: `vault · prod-payments · Azure RBAC · no purge protection`. */
export function accessWords(vault: VaultAccessEntry, nameOf: NameOf): string {
  const { type, subscriptionId, permissionModel } = vault;
  return [
    knownType(type)?.words.one ?? type,
    nameOf(subscriptionId),
    modelWords[permissionModel],
    protectionWords(vault),
  ].join(' · ');
}

/** `no purge protection`. */
export function protectionWords({ purgeProtection }: VaultAccessEntry): string {
  return purgeProtection ? 'purge protection, which stops every purge' : 'no purge protection';
}

/** True for whoever can delete a vault and then purge it. */
export function isBoth({ canDelete, canPurgeVault }: PrincipalAccess): boolean {
  return canDelete && canPurgeVault;
}

/** The cells about a principal in the table of a vault. */
export function cellsIn(
  vault: VaultAccessEntry,
  nameOf: NameOf,
): (principal: PrincipalAccess) => readonly string[] {
  return (principal) => {
    return [
      ...principalWords(principal),
      rightWord(principal, 'delete'),
      rightWord(principal, 'purgeVault'),
      rightWord(principal, 'purgeObjects'),
      isBoth(principal) ? 'BOTH' : '',
      principal.via.map((grant) => grantWords(grant, (scope) => scopeWords(scope, vault, nameOf))).join('; '),
    ];
  };
}

function rightWord(principal: PrincipalAccess, right: Destruction): string {
  const { canDelete, canPurgeVault, canPurgeObjects, conditional = [], eligible = [] } = principal;
  const can = { delete: canDelete, purgeVault: canPurgeVault, purgeObjects: canPurgeObjects }[right];
  if (can === null) return 'not visible';
  if (can) return conditional.includes(right) ? 'conditional' : 'yes';
  return eligible.includes(right) ? 'eligible' : '-';
}

function grantWords(
  { kind, role = '', scope = '', grants, applicationId }: AccessGrant,
  inWords: (scope: string) => string,
): string {
  if (kind === 'role') return `${role} on ${inWords(scope)}`;
  const through = applicationId === undefined ? '' : ` through application ${applicationId}`;
  return `access policy (${grants.join(', ')})${through}`;
}

/** A scope at or above a vault, or of something in it. */
function scopeWords(scope: string, { id, type }: VaultAccessEntry, nameOf: NameOf): string {
  const known = knownType(type)?.words.one ?? 'resource';
  if (scope.toLowerCase() === id.toLowerCase()) return `the ${known}`;
  const [, kind, second = '', , last = '', ...rest] = scope.split('/');
  if (kind === 'subscriptions' && rest.length > 0) return scope.split('/').slice(-2).join(' ');
  if (kind === 'subscriptions')
    return last === '' ? `subscription ${nameOf(second)}` : `resource group ${last}`;
  return last === '' ? 'the whole directory' : `management group ${last}`;
}

/** The vaults to which a principal can do something, counted. */
interface Totals {
  readonly principal: PrincipalAccess;
  deletes: number;
  purges: number;
  both: number;
}

/** Those who can do most come first. */
export function totalsOf({ vaults }: WhoCanReport): readonly Totals[] {
  const totals = new Map<string, Totals>();
  for (const { principals } of vaults)
    for (const principal of principals) {
      const total = totals.get(principal.id) ?? { principal, deletes: 0, purges: 0, both: 0 };
      totals.set(principal.id, total);
      if (principal.canDelete) total.deletes += 1;
      if (principal.canPurgeVault || principal.canPurgeObjects === true) total.purges += 1;
      if (isBoth(principal)) total.both += 1;
    }
  return [...totals.values()].toSorted(
    (one, other) => other.both - one.both || other.purges - one.purges || other.deletes - one.deletes,
  );
}

/** The cells about a principal, over all vaults. */
export function totalCells({ principal, deletes, purges, both }: Totals): readonly string[] {
  return [...principalWords(principal), ...[deletes, purges, both].map(String)];
}

/** The first cells of both tables: who it is, and of what type. */
function principalWords({ id, name, type }: PrincipalAccess): readonly string[] {
  return [name === undefined ? id : `${id} (${name})`, type];
}

/** The limits of the answer, a sentence each. */
export function whoCanNotes({
  vaults,
  notLookedAt,
  principal,
  groups = [],
}: WhoCanReport): readonly string[] {
  const hasGroups = vaults.some(({ principals }) => principals.some(({ type }) => /group$/iu.test(type)));
  return [
    ...(principal === undefined && hasGroups
      ? ['A group stands for its members, who are not looked up.']
      : []),
    ...(groups.length === 0
      ? []
      : [
          `Membership is not looked up. If it is a member of one of these groups, it can as well: ${groups.join(', ')}.`,
        ]),
    ...notLookedAtWords(notLookedAt),
  ];
}

/** The answer in a sentence or two. With gaps it never says nobody. */
export function whoCanSummary(report: WhoCanReport, totals: readonly Totals[]): string {
  const { vaults, complete, principal, action } = report;
  const kinds =
    vaults.length === 0 ? '0 vaults and managed HSMs' : countKinds(vaults.map(({ type }) => type));
  const gap = complete ? '' : 'INCOMPLETE: somebody may be missing. ';
  if (principal !== undefined) {
    if (vaults.length === 0) return `${gap}${principal} can on nothing by itself.`;
    const both = number(totals[0]?.both ?? 0);
    return `${gap}${principal} can, on ${kinds}; ${both} of them it can delete and then purge.`;
  }
  const able = totals.filter((one) => (action === 'delete' ? one.deletes : one.purges) > 0).length;
  if (able === 0 && !complete) return gap.trim();
  const isOpen = action === 'purge' && vaults.some(({ permissionModel }) => permissionModel === 'localRbac');
  const nobodySeen = isOpen ? 'Nobody that is visible' : 'Nobody';
  const who = able === 0 ? nobodySeen : count(able, 'principal');
  const others = totals.length - able;
  const more = others === 0 ? '' : `, and ${number(others)} more by activating an eligible role`;
  const both = totals.filter((one) => one.both > 0).length;
  return `${gap}${who} can ${action} on ${kinds}${more}; ${number(both)} can delete one of them and then purge it.`;
}
