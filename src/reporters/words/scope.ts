import type { FindingResource } from '../../model/finding.ts';
import type { ReportScope } from '../../model/coverage.ts';
import type { ScanReport } from '../../model/report.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { count } from './counts.ts';

/** The kind of a resource that is not a vault: `Managed HSM`, else the last part of its type. */
export function kindOf({ type }: Pick<FindingResource, 'type'>): string {
  return knownType(type)?.words.label ?? type.slice(type.indexOf('/') + 1);
}

/** The name of a resource, where it has one. */
export function resourceName({ name }: Pick<FindingResource, 'name'>): string {
  return name === '' ? '(no name)' : name;
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

/** The requested scope: `management group contoso`, `2 subscriptions`, `the inventory vaults.json`. */
export function scopeWords({ inventory, managementGroups, subscriptions }: ReportScope): string {
  if (inventory === '-') return 'an inventory from standard input';
  if (inventory !== undefined) return `the inventory ${inventory}`;
  if (managementGroups.length === 1) return `management group ${managementGroups[0]}`;
  if (managementGroups.length > 1) return `management groups ${managementGroups.join(', ')}`;
  return count(subscriptions.length, 'subscription');
}
