import type { Problem } from '../../model/errors.ts';
import { type Json, sameJson } from '../../model/json.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import type { ScopedValues } from '../../model/scoped-values.ts';
import type { ManagementGroup, Subscription } from '../../model/source.ts';
import { mayOverlap } from './match.ts';

/** The keys of a scope, the most specific one first. */
const keysBySpecificity = [
  'resource',
  'name',
  'resourceGroup',
  'subscription',
  'managementGroup',
  'tag',
] as const satisfies readonly (keyof ResourceScope)[];

/**
 * Orders entries for the resources of a subscription, those that decide first: by the most specific key that one scope has and
 * the other has not; then the nearer management group; then more tags; then the higher layer.
 */
export function inPrecedence<T extends Pick<ScopedValues, 'scope' | 'layer'>>(
  entries: readonly T[],
  subscription?: Subscription,
): readonly T[] {
  const groups = subscription?.managementGroups ?? [];
  return entries.toSorted(
    (a, b) =>
      specificity(b.scope) - specificity(a.scope) ||
      distance(a.scope, groups) - distance(b.scope, groups) ||
      tagsIn(b.scope) - tagsIn(a.scope) ||
      b.layer - a.layer,
  );
}

/**
 * A problem for each value that contradicts an earlier one: both may apply to a resource, and neither scope is more specific than
 * the other.
 */
export function contradictions(ruleId: string, entries: readonly ScopedValues[]): readonly Problem[] {
  return entries.flatMap((entry, index) =>
    Object.entries(entry.values).flatMap(([name, { value, origin }]): readonly Problem[] => {
      const other = entries
        .slice(0, index)
        .find(
          ({ values, ...rest }) => isRival({ values, ...rest }, entry) && differs(values[name]?.value, value),
        );
      const found = other?.values[name];
      if (found === undefined) return [];
      const { file, line } = found.origin;
      const message =
        `${name} of ${ruleId} is ${JSON.stringify(value)} here and ${JSON.stringify(found.value)} at ${file}:${line}, ` +
        'a resource may match both scopes, and neither is more specific. Give one of them another key, or both the same value.';
      return [{ ...origin, message }];
    }),
  );
}

function differs(found: Json | undefined, value: Json): boolean {
  return found !== undefined && !sameJson(found, value);
}

/** True where nothing decides between two entries that may cover one resource. */
function isRival(a: ScopedValues, b: ScopedValues): boolean {
  return (
    a.layer === b.layer &&
    specificity(a.scope) === specificity(b.scope) &&
    tagsIn(a.scope) === tagsIn(b.scope) &&
    mayOverlap(a.scope, b.scope)
  );
}

function specificity(scope: ResourceScope): number {
  return keysBySpecificity.reduce((sum, key) => sum * 2 + (scope[key] === undefined ? 0 : 1), 0);
}

function tagsIn({ tag = {} }: ResourceScope): number {
  return Object.keys(tag).length;
}

function distance({ managementGroup }: ResourceScope, groups: readonly ManagementGroup[]): number {
  const wanted = managementGroup?.toLowerCase();
  const index = groups.findIndex(({ id }) => id.toLowerCase() === wanted);
  return index === -1 ? groups.length : index;
}
