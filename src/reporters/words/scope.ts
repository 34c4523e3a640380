import type { Finding, FindingResource } from '../../model/finding.ts';
import type { ReportScope } from '../../model/coverage.ts';
import type { ScanReport } from '../../model/report.ts';
import { compareText } from '../../model/compare-text.ts';
import { groupsBy } from '../../model/groups-by.ts';
import { joinWords } from '../../model/join-words.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { codeWords } from './code.ts';
import { count } from './counts.ts';

/** The kind of a resource that is not a vault: `Managed HSM`, else the last part of its type. */
export function kindOf({ type }: Pick<FindingResource, 'type'>): string {
  return knownType(type)?.words.label ?? type.slice(type.indexOf('/') + 1);
}

/** The head of a column of resources: `Vault` or `Managed HSM` where all are of that kind, else `Resource`. */
export function kindHead(resources: readonly Pick<FindingResource, 'type'>[]): string {
  const [word = 'resource', ...others] = new Set(
    resources.map(({ type }) => knownType(type)?.words.one ?? 'resource'),
  );
  return others.length > 0 ? 'Resource' : `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

/**
 * Resources by their kinds, from the type of each in any letter case: `3 vaults`, `3 vaults and 1 managed HSM`; plain
 * `resources` where a type is unknown.
 */
export function countKinds(types: readonly string[], adjective = ''): string {
  const amounts = new Map<string, number>();
  for (const type of types) amounts.set(type.toLowerCase(), (amounts.get(type.toLowerCase()) ?? 0) + 1);
  return amountsInWords(amounts, adjective);
}

/** The different resources among findings, counted by their kind; `adjective` ends in a space, as in `more `. */
export function kindsAmong(
  findings: readonly { readonly resource: FindingResource }[],
  adjective = '',
): string {
  const types = new Map(findings.map(({ resource: { id, type } }) => [id.toLowerCase(), type]));
  return countKinds([...types.values()], adjective);
}

/** The same from the number of each type. */
export function amountsInWords(amounts: ReadonlyMap<string, number>, adjective = ''): string {
  const sorted = [...amounts].toSorted(([a, one], [b, other]) => other - one || compareText(a, b));
  const words = sorted.map(([type, amount]) => ({ amount, words: knownType(type)?.words }));
  const total = words.reduce((sum, { amount }) => sum + amount, 0);
  if (words.length === 0 || words.some((each) => each.words === undefined))
    return count(total, `${adjective}resource`);
  return joinWords(
    words.map(({ amount, words: of }) =>
      count(amount, `${adjective}${of?.one ?? ''}`, `${adjective}${of?.many ?? ''}`),
    ),
  );
}

/** The name of a resource, where it has one; of a declaration whose name is not known its place in the code. */
export function resourceName({ name, id = '' }: { readonly name: string; readonly id?: string }): string {
  if (name === '*') return id.replace(/^undeployed:/, '');
  return name === '' ? '(no name)' : name;
}

/** A finding by its rule and its resource: `AKV002 purge-protection on kv-a`. */
export function findingName({ ruleId, ruleName, resource }: Finding): string {
  return `${ruleId} ${ruleName} on ${resourceName(resource)}`;
}

/**
 * Finds the display name of a subscription by its id in any letter case; the id where no name is known. Where several
 * have the same name in any letter case, the id follows it.
 */
export function subscriptionNames({ coverage, scope }: ScanReport): (id: string) => string {
  return namesOf([...coverage.subscriptions, ...scope.subscriptions]);
}

/** The same for subscriptions alone; of two names for one id the last one counts. */
export function namesOf(subscriptions: readonly NamedSubscription[]): (id: string) => string {
  const names = new Map(subscriptions.map(({ id, name }) => [id.toLowerCase(), name]));
  const holders = new Map<string, number>();
  for (const name of names.values()) holders.set(folded(name), (holders.get(folded(name)) ?? 0) + 1);
  return (id) => {
    const name = names.get(id.toLowerCase());
    if (name === undefined || name === '' || name === id) return id;
    return holders.get(folded(name)) === 1 ? name : `${name} (${id})`;
  };
}

interface NamedSubscription {
  readonly id: string;
  readonly name: string;
}

function folded(name: string): string {
  return name.trim().toLowerCase();
}

/** The requested scope: `management group contoso`, `2 subscriptions`, `the inventory vaults.json, only name kv-*`. */
export function scopeWords(scope: ReportScope): string {
  const only = filterWords(scope);
  const place =
    scope.archive === undefined ? placeWords(scope) : `${placeWords(scope)} in the archive ${scope.archive}`;
  return only === '' ? place : `${place}, only ${only}`;
}

/** The filter of a scan: `resource group rg-a or rg-b, name kv-*`; empty where there is none. */
export function filterWords({ filter }: Pick<ReportScope, 'filter'>): string {
  if (filter === undefined) return '';
  const tags = groupsBy(filter.tags ?? [], (tag) => tag.split('=', 1).join('').toLowerCase());
  const lists: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['resource group', filter.resourceGroups],
    ['name', filter.vaults],
    ...tags.map((values) => ['tag', values] as const),
  ];
  return lists
    .flatMap(([kind, values = []]) => (values.length === 0 ? [] : `${kind} ${values.join(' or ')}`))
    .join(', ');
}

/** Says of a filtered scan that it is one: what it leaves out has no verdict. */
export function filteredWords({ scope }: Pick<ScanReport, 'scope'>): string {
  const only = filterWords(scope);
  return only === '' ? '' : `Filtered to ${only}: nothing else was judged.`;
}

function placeWords({ inventory, code, managementGroups, subscriptions }: ReportScope): string {
  if (code !== undefined) return codeWords(code);
  if (inventory === '-') return 'an inventory from standard input';
  if (inventory !== undefined) return `the inventory ${inventory}`;
  if (managementGroups.length === 1) return `management group ${managementGroups[0]}`;
  if (managementGroups.length > 1) return `management groups ${managementGroups.join(', ')}`;
  return count(subscriptions.length, 'subscription');
}
