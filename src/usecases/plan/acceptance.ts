import type { Exemption } from '../../model/exemption.ts';
import type { Resource } from '../../model/resource.ts';
import type { ManagementGroup } from '../../model/source.ts';
import { findExemptions } from '../../rules/exemptions/find.ts';
import { isGuid } from '../../model/guid.ts';

/** The known facts about a subscription; facts that could not be read are absent. */
export interface KnownSubscription {
  readonly id: string;
  readonly name?: string;
  /** Nearest first; never empty. */
  readonly managementGroups?: readonly ManagementGroup[];
}

/** The acceptance of a rule's failure on a vault; with `doubt`, it is unclear. */
export type Acceptance =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'open' }
  | { readonly kind: 'doubt'; readonly exemption: Exemption };

/** Tells for one vault which of its failures are accepted at `now`. */
export function acceptances(
  exemptions: readonly Exemption[],
  { resource, subscription, now }: { resource: Resource; subscription: KnownSubscription; now: Date },
): (ruleId: string) => Acceptance {
  const { id, name = id, managementGroups = [] } = subscription;
  const certain = findExemptions(exemptions, now);
  const possible = findExemptions(exemptions.map(widened), now);
  return (ruleId) => {
    if (certain(ruleId, resource, { id, name, managementGroups }) !== undefined) return { kind: 'accepted' };
    const exemption = possible(ruleId, resource, { id, name, managementGroups });
    return exemption === undefined ? { kind: 'open' } : { kind: 'doubt', exemption };
  };

  /** As far as it may reach: what is asked of an unknown is left out, and the rest must hold. */
  function widened(exemption: Exemption): Exemption {
    const { managementGroup, subscription: named, ...rest } = exemption.scope;
    const keepsGroup = managementGroup !== undefined && subscription.managementGroups !== undefined;
    const keepsName = named !== undefined && (subscription.name !== undefined || isGuid(named));
    const scope = {
      resource: resource.id,
      ...rest,
      ...(keepsGroup ? { managementGroup } : {}),
      ...(keepsName ? { subscription: named } : {}),
    };
    return { ...exemption, scope };
  }
}

/** True when an exemption cannot be judged by what a vault and a report say. */
export function asksOfSubscriptions({ scope }: Exemption): boolean {
  return (
    scope.managementGroup !== undefined || (scope.subscription !== undefined && !isGuid(scope.subscription))
  );
}
