import { createHash } from 'node:crypto';
import { UsageError } from '../../model/errors.ts';
import type { ScanFilter } from '../../model/scan-filter.ts';
import type { Target } from '../../model/target.ts';
import type { ScanSettings } from '../settings/scan-settings.ts';

/** Code scanning keeps the alerts of each category apart: a new upload replaces the last one of its category only. */
const longest = 120;

/** Reads a category as a user names it. A final slash is left out, since SARIF adds its own. Throws `UsageError`. */
export function readCategory(text: string): string {
  const category = text.trim().replace(/\/+$/, '');
  if (category === '' || category.length > longest || /[\p{C}]/u.test(category)) {
    throw new UsageError(
      `The category must be 1 to ${longest} visible characters.`,
      'It names the scope of the scan for code scanning, such as production.',
    );
  }
  return category;
}

/** A category derived from the requested scope: the same for the same scope, in any order or letter case. */
export function categoryOf({ target, filter, cloud }: ScanScope): string {
  const elsewhere = cloud === 'AzureCloud' ? [] : [cloud.toLowerCase()];
  return ['purgeproof', ...elsewhere, ...nameTarget(target), ...nameFilter(filter)].join('/');
}

type ScanScope = Pick<ScanSettings, 'target' | 'filter' | 'cloud'>;

/** The category that a filtered scan has unless it is given one: its alerts must not close those of the whole. */
export function categoryOfFilter(settings: ScanScope): string | undefined {
  return settings.filter === undefined ? undefined : categoryOf(settings);
}

function nameFilter({ resourceGroups = [], vaults = [], tags = [] }: ScanFilter = {}): readonly string[] {
  return [
    ...(resourceGroups.length === 0 ? [] : [nameScope('resource-group', resourceGroups)]),
    ...(vaults.length === 0 ? [] : [nameScope('vault', vaults)]),
    ...(tags.length === 0 ? [] : [nameScope('tag', tags)]),
  ];
}

function nameTarget(target: Target): readonly string[] {
  if (target.kind === 'inventory') return [nameScope('inventory', [target.file])];
  if (target.kind === 'archive') return [nameScope('archive', [target.folder])];
  if (target.kind !== 'live') return [nameScope(target.form, [target.path])];
  const { subscriptions, managementGroups, include } = target;
  return [
    ...(managementGroups.length === 0 ? [] : [nameScope('management-group', managementGroups)]),
    ...(subscriptions.length === 0 ? [] : [nameScope('subscription', subscriptions)]),
    ...include.toSorted().map((part) => `include-${part}`),
  ];
}

/** One name as it is, where it is plain and short; else what makes the list, hashed. */
function nameScope(kind: string, names: readonly string[]): string {
  const sorted = [...new Set(names.map((name) => name.toLowerCase()))].toSorted();
  const [only = ''] = sorted;
  if (sorted.length === 1 && /^[\w.-]{1,60}$/.test(only)) return `${kind}-${only}`;
  const hash = createHash('sha256').update(sorted.join('\n')).digest('hex');
  return `${kind}${sorted.length === 1 ? '' : 's'}-${hash.slice(0, 12)}`;
}
