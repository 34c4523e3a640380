import type { FindingResource } from '../../model/finding.ts';
import type { ReportScope, ScanReport } from '../../model/report.ts';
import { resourceTypes } from '../../model/resource.ts';
import { count } from './counts.ts';

const kinds = new Map([
  [resourceTypes.vault.toLowerCase(), ''],
  [resourceTypes.managedHsm.toLowerCase(), 'Managed HSM'],
]);

/** What kind of thing a resource is, where it is not a vault: `Managed HSM`, else the last part of its type. */
export function kindOf({ type }: Pick<FindingResource, 'type'>): string {
  return kinds.get(type.toLowerCase()) ?? type.slice(type.indexOf('/') + 1);
}

/** The name of a resource, where it has one. */
export function resourceName({ name }: Pick<FindingResource, 'name'>): string {
  return name === '' ? '(no name)' : name;
}

/** Finds the display name of a subscription by its id in any letter case; the id where nobody knows a name. */
export function subscriptionNames(report: ScanReport): (id: string) => string {
  const known = [...report.coverage.subscriptions, ...report.scope.subscriptions];
  const names = new Map(known.map(({ id, name }) => [id.toLowerCase(), name]));
  return (id) => names.get(id.toLowerCase()) || id;
}

/** What was asked for: `management group contoso`, `2 subscriptions`, `the inventory vaults.json`. */
export function scopeWords({ inventory, managementGroups, subscriptions }: ReportScope): string {
  if (inventory === '-') return 'an inventory from standard input';
  if (inventory !== undefined) return `the inventory ${inventory}`;
  if (managementGroups.length === 1) return `management group ${managementGroups[0]}`;
  if (managementGroups.length > 1) return `management groups ${managementGroups.join(', ')}`;
  return count(subscriptions.length, 'subscription');
}
