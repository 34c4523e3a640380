import type {
  AccessGrant,
  Destruction,
  NotLookedAt,
  PermissionModel,
  PrincipalAccess,
} from '../model/access.ts';
import type { Unreadable } from '../model/coverage.ts';
import type { VaultAccessEntry, WhoCanReport } from '../model/who-can-report.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { Format, Terminal } from './format.ts';
import { streamJson } from './json-stream.ts';
import { columns } from './terminal/columns.ts';
import { paragraph, styleFor } from './terminal/style.ts';
import { markdownCode, markdownText } from './text/markdown.ts';
import { terminalText } from './text/terminal.ts';
import { count, number } from './words/counts.ts';

/** The surroundings of the answer that its formats may use. */
interface WhoCanContext {
  readonly terminal: Terminal;
  /** The display name of a subscription; its id where that is not known. */
  readonly nameOf: (subscriptionId: string) => string;
}

/** A format of the answer to who can destroy which vaults. */
export type WhoCanFormat = Format<WhoCanReport, WhoCanContext>;

/** The formats of the answer, in the order in which help lists them; the first is the default. */
export const whoCanFormats = {
  table: { extension: 'txt', render: renderTable },
  json: { extension: 'json', render: renderJson },
  markdown: { extension: 'md', render: renderMarkdown },
} as const satisfies Readonly<Record<string, WhoCanFormat>>;

/** Vaults come one by one: together they may be too long for one text. */
function* renderJson(report: WhoCanReport): Iterable<string> {
  yield* streamJson({ ...report, vaults: report.vaults.values() });
  yield '\n';
}

const heading = ['principal', 'type', 'delete', 'purge vault', 'purge objects', 'both', 'by'];
const totalsHeading = ['principal', 'type', 'can delete', 'can purge', 'both'];

function* renderTable(report: WhoCanReport, { terminal, nameOf }: WhoCanContext): Iterable<string> {
  const style = styleFor(terminal);
  const { bold, dim, magenta, red } = style.colors;
  const row = ([first = '', ...rest]: readonly string[], isWorst: boolean): readonly string[] => {
    const name = terminalText(first);
    return [`  ${isWorst ? red(name) : name}`, ...rest.map(terminalText)];
  };
  const head = (titles: readonly string[]): readonly string[] => row(titles, false).map((text) => dim(text));
  for (const vault of report.vaults) {
    yield `${bold(terminalText(vault.name))}  ${dim(terminalText(vaultWords(vault, nameOf)))}\n`;
    const cells = cellsIn(vault, nameOf);
    const rows = vault.principals.map((one) => row(cells(one), isBoth(one)));
    if (rows.length > 0) yield columns([head(heading), ...rows]);
    if (!vault.complete) yield paragraph({ label: `  ${magenta('?')} `, width: 4, text: mayBeMore }, style);
    else if (rows.length === 0) yield `  ${nobody(report)}\n`;
    yield '\n';
  }
  const totals = totalsOf(report);
  if (report.vaults.length > 1 && totals.length > 0)
    yield `${columns([head(totalsHeading), ...totals.map((one) => row(totalCells(one), one.both > 0))])}\n`;
  for (const entry of report.unreadable)
    yield paragraph({ label: `${magenta('?')} `, width: 2, text: gapWords(entry, nameOf) }, style);
  for (const note of notes(report)) yield paragraph({ label: '', width: 0, text: note }, style);
  yield paragraph({ label: '', width: 0, text: summaryWords(report, totals), paint: bold }, style);
}

function* renderMarkdown(report: WhoCanReport, { nameOf }: WhoCanContext): Iterable<string> {
  const totals = totalsOf(report);
  yield `## Who can ${titleWords[report.action]}\n\n${markdownText(summaryWords(report, totals))}\n`;
  if (report.vaults.length > 1) yield* markdownTable('By principal', totalsHeading, totals.map(totalCells));
  for (const vault of report.vaults) {
    yield `\n### ${markdownCode(vault.name)}\n\n${markdownText(vaultWords(vault, nameOf))}\n`;
    if (!vault.complete) yield `\n${markdownText(mayBeMore)}\n`;
    else if (vault.principals.length === 0) yield `\n${nobody(report)}\n`;
    yield* markdownTable(undefined, heading, vault.principals.map(cellsIn(vault, nameOf)));
  }
  const others = [...report.unreadable.map((entry) => gapWords(entry, nameOf)), ...notes(report)];
  if (others.length > 0) yield `\n### What is not known\n\n`;
  for (const words of others) yield `- ${markdownText(words)}\n`;
}

function* markdownTable(
  title: string | undefined,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Iterable<string> {
  if (rows.length === 0) return;
  if (title !== undefined) yield `\n### ${title}\n`;
  yield `\n| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}\n`;
  for (const [id = '', ...cells] of rows)
    yield `| ${[markdownCode(id), ...cells.map(markdownText)].join(' | ')} |\n`;
}

const titleWords = { delete: 'delete vaults', purge: 'purge vaults, or what is in them' };
const actionWords = { delete: 'delete it', purge: 'purge it or what is in it' };

const mayBeMore = 'Somebody may be missing: not every right on it could be read.';

function nobody({ action }: WhoCanReport): string {
  return `Nobody can ${actionWords[action]}.`;
}

const modelWords: Readonly<Record<PermissionModel, string>> = {
  rbac: 'Azure RBAC',
  accessPolicy: 'access policies',
  localRbac: 'local RBAC',
};

function vaultWords(vault: VaultAccessEntry, nameOf: WhoCanContext['nameOf']): string {
  const { type, subscriptionId, permissionModel, purgeProtection } = vault;
  return [
    knownType(type)?.words.one ?? type,
    nameOf(subscriptionId),
    modelWords[permissionModel],
    purgeProtection ? 'purge protection, which stops every purge' : 'no purge protection',
  ].join(' · ');
}

/** True for whoever can delete a vault and then purge it. */
function isBoth({ canDelete, canPurgeVault }: PrincipalAccess): boolean {
  return canDelete && canPurgeVault;
}

/** The cells about a principal in the table of a vault. */
function cellsIn(
  vault: VaultAccessEntry,
  nameOf: WhoCanContext['nameOf'],
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
function scopeWords(scope: string, { id, type }: VaultAccessEntry, nameOf: WhoCanContext['nameOf']): string {
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
function totalsOf({ vaults }: WhoCanReport): readonly Totals[] {
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

function totalCells({ principal, deletes, purges, both }: Totals): readonly string[] {
  return [...principalWords(principal), ...[deletes, purges, both].map(String)];
}

/** The first cells of both tables: who it is, and of what type. */
function principalWords({ id, name, type }: PrincipalAccess): readonly string[] {
  return [name === undefined ? id : `${id} (${name})`, type];
}

function gapWords({ scope, reason, hint }: Unreadable, nameOf: WhoCanContext['nameOf']): string {
  const id = /^\/subscriptions\/([^/]+)$/u.exec(scope)?.[1];
  return `${id === undefined ? scope : nameOf(id)}: ${reason} ${hint}`;
}

/** The limits of the answer, a sentence each. */
function notes({ vaults, notLookedAt, principal, groups = [] }: WhoCanReport): readonly string[] {
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
    ...Object.entries(notLookedAtWords).flatMap(([kind, words]) => {
      const some = notLookedAt.filter((one) => one.kind === kind);
      const [first] = some;
      return first === undefined ? [] : [words(some.length, first.reason)];
    }),
  ];
}

const notLookedAtWords: Readonly<Record<NotLookedAt['kind'], (amount: number, reason: string) => string>> = {
  denyAssignments: (amount, reason) =>
    `Deny assignments were not looked at in ${count(amount, 'subscription')}, so that nothing is taken away there: ${reason}`,
  eligibleAssignments: (amount, reason) =>
    `Eligible assignments of Privileged Identity Management were not looked at in ${count(amount, 'subscription')}: ${reason}`,
  localRbac: (amount) =>
    `Who can purge keys of ${count(amount, 'managed HSM')} is not known: local RBAC is not visible through ARM.`,
};

function summaryWords(report: WhoCanReport, totals: readonly Totals[]): string {
  const { vaults, complete, principal, action } = report;
  const gap = complete ? '' : 'INCOMPLETE: somebody may be missing. ';
  if (principal !== undefined) {
    const both = number(totals[0]?.both ?? 0);
    return `${gap}${principal} can, on ${count(vaults.length, 'vault')}; ${both} of them it can delete and then purge.`;
  }
  const able = totals.filter((one) => (action === 'delete' ? one.deletes : one.purges) > 0).length;
  if (able === 0 && !complete) return gap.trim();
  const who = able === 0 ? 'Nobody' : count(able, 'principal');
  const others = totals.length - able;
  const more = others === 0 ? '' : `, and ${number(others)} more by activating an eligible role`;
  const both = totals.filter((one) => one.both > 0).length;
  return `${gap}${who} can ${action} on ${count(vaults.length, 'vault')}${more}; ${number(both)} can delete a vault and then purge it.`;
}
