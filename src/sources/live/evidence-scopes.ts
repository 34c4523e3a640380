import type { ManagementGroup } from '../../model/source.ts';
import type { ReadScope } from './find-scope.ts';
import type { VisibleSubscription } from './snapshot.ts';

/** A management group at which a right may be held for many subscriptions; their ids are in lower case. */
export interface EvidenceScope {
  readonly groupId: string;
  /** True for a subscription that Azure places anywhere below the group. */
  readonly covers: (subscriptionId: string) => boolean;
}

/**
 * The management groups at which rights are worth asking for: those that were named; for everything that is visible, the
 * group above most of it, which is the root of the tenant as a rule, and the one below that above most of it. What another
 * tenant has delegated stands below neither.
 */
export function evidenceScopes({
  targets,
  visible,
}: Pick<ReadScope, 'targets' | 'visible'>): readonly EvidenceScope[] {
  const all = [...visible.values()];
  return targets.flatMap(({ target: { scopes, expected } }) => {
    const [scope] = scopes;
    if (scope?.kind === 'tenant')
      return outermostGroups(all).map((groupId) => scopeOf(groupId, visible, new Set()));
    if (scope?.kind !== 'managementGroup') return [];
    const members = new Set((expected ?? []).map(({ id }) => id.toLowerCase()));
    return [scopeOf(scope.id, visible, members)];
  });
}

function scopeOf(
  groupId: string,
  visible: ReadonlyMap<string, VisibleSubscription>,
  members: ReadonlySet<string>,
): EvidenceScope {
  const isGroup = ({ id }: ManagementGroup): boolean => id.toLowerCase() === groupId.toLowerCase();
  return {
    groupId,
    covers: (id) => members.has(id) || (visible.get(id)?.managementGroups.some(isGroup) ?? false),
  };
}

/** The most frequent first group from above, and the most frequent second one. Groups come nearest first. */
function outermostGroups(subscriptions: readonly VisibleSubscription[]): readonly string[] {
  return [-1, -2].flatMap((level) => {
    const counts = new Map<string, number>();
    for (const { managementGroups } of subscriptions) {
      const group = managementGroups.at(level)?.id;
      if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
    return most === undefined ? [] : [most[0]];
  });
}
