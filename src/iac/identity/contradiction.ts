import type { FindingResource } from '../../model/finding.ts';
import { literalOf, type NamePattern } from '../evaluation/name-pattern.ts';
import type { DeclaredVault } from '../programs/declared-vault.ts';
import { matchesName } from './match-name.ts';

/**
 * The fit of the text with the resource: `literal` where one of the values is it, `open` where one may be, `none` where no
 * value is, `unwritten` where none is written.
 */
type Fit = 'literal' | 'open' | 'none' | 'unwritten';

/** True where the declaration puts the vault elsewhere: into another subscription, resource group, or region. */
export function contradicts(declared: DeclaredVault, resource: FindingResource): boolean {
  const elsewhere = fitOf(declared.subscriptions, resource.subscriptionId.toLowerCase()) === 'none';
  return elsewhere || groupFit(declared, resource) === 'none' || locationFit(declared, resource) === 'none';
}

/** The fit of the resource groups that are written. */
export function groupFit({ resourceGroups }: DeclaredVault, { resourceGroup }: FindingResource): Fit {
  return fitOf(resourceGroups, resourceGroup.toLowerCase());
}

/** The fit of the locations that are written. A resource whose location was not read contradicts none. */
export function locationFit({ locations }: DeclaredVault, { location }: FindingResource): Fit {
  return location === '' ? 'unwritten' : fitOf(locations, location.toLowerCase().replaceAll(' ', ''));
}

/** True where a tag that is written is not the resource's, or has another value there. */
export function tagsDiffer({ tags }: DeclaredVault, resource: FindingResource): boolean {
  if (resource.tags === undefined || tags.size === 0) return false;
  const own = new Map(
    Object.entries(resource.tags).map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]),
  );
  return [...tags].some(([name, value]) => own.get(name) !== value.toLowerCase());
}

function fitOf(patterns: readonly NamePattern[], actual: string): Fit {
  if (patterns.length === 0) return 'unwritten';
  const fitting = patterns.filter((pattern) => matchesName(pattern, actual));
  if (fitting.length === 0) return 'none';
  return fitting.some((pattern) => literalOf(pattern) !== undefined) ? 'literal' : 'open';
}
